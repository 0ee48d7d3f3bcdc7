using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Nexus.Server.Platform.Http;
using Nexus.Server.Platform.Storage;
using Nexus.Server.Platform.Storage.Blobs;
using Nexus.Server.Platform.Tenancy;

namespace Nexus.Server.Privacy.Erasure;

/// <summary>An erasure that was begun, as the journal knows it.</summary>
/// <param name="Scope">Where it was asked.</param>
/// <param name="ErasureId">Which.</param>
/// <param name="UserId">Whose.</param>
internal sealed record ErasureJournalEntry(Scope Scope, string ErasureId, string UserId);

/// <summary>
/// Which erasures were begun, kept outside the database: a database that is restored from before one knows neither of it nor whom it was
/// about. The id must be known to erase again, and a hash of it would find nobody whom the restored database lists nowhere; so it is
/// sealed by the master key, which is no part of a database's backup.
/// </summary>
/// <param name="path">The file, one JSON object a line; made at need.</param>
/// <param name="secrets">Seal the ids.</param>
internal sealed class ErasureJournal(string path, SecretStore secrets)
{
    private const string Purpose = "erasure-journal";

    /// <summary>All that was noted. A line that a crash cut off was never acted on.</summary>
    /// <exception cref="StartupException">Another master key sealed it.</exception>
    public IReadOnlyList<ErasureJournalEntry> Read()
    {
        var entries = new List<ErasureJournalEntry>();
        foreach (var line in File.Exists(path) ? File.ReadAllLines(path) : [])
        {
            try
            {
                using var json = JsonDocument.Parse(line);
                string Text(string name) => json.RootElement.GetProperty(name).GetString()!;
                var tenant = Text("tenant_id");
                if (TenantId.IsValid(tenant) && Envs.TryParse(Text("env"), out var env))
                {
                    entries.Add(new ErasureJournalEntry(new Scope(tenant, env), Text("erasure_id"), secrets.UnprotectText(Purpose, Text("sealed_user_id"))));
                }
            }
            catch (Exception exception) when (exception is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
            {
                // Cut off, and followed by others that are whole.
            }
        }

        return entries;
    }

    /// <summary>Notes an erasure, once, and returns when that would survive a power cut. Before anything is erased.</summary>
    /// <exception cref="IOException">It is not on disk.</exception>
    public void Append(ErasureJournalEntry entry)
    {
        if (Read().Any(noted => noted.ErasureId == entry.ErasureId))
        {
            return;
        }

        var line = JsonSerializer.Serialize(
            new JsonObject
            {
                ["tenant_id"] = entry.Scope.TenantId,
                ["env"] = entry.Scope.Env,
                ["erasure_id"] = entry.ErasureId,
                ["sealed_user_id"] = secrets.ProtectText(Purpose, entry.UserId),
            },
            StrictJson.TypeInfo<JsonObject>());
        var options = new FileStreamOptions { Mode = FileMode.Append, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using (var file = new FileStream(path, options))
        {
            // Begins a line of its own, whatever a crash has left.
            file.Write(Encoding.UTF8.GetBytes($"\n{line}\n"));
            file.Flush(flushToDisk: true);
        }

        DurableFolder.Flush(Path.GetDirectoryName(path)!);
    }
}
