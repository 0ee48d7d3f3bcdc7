using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Nexus.Server.Platform.Http;
using Nexus.Server.Platform.Storage;
using Nexus.Server.Platform.Storage.Blobs;
using Nexus.Server.Platform.Tenancy;

namespace Nexus.Server.Privacy.Erasure;

/// <summary>A started erasure, as recorded in the journal.</summary>
/// <param name="Scope">The tenant and env of the request.</param>
internal sealed record ErasureJournalEntry(Scope Scope, string ErasureId, string UserId);

/// <summary>
/// Records started erasures outside the database, because a database restored from an earlier backup knows neither the erasure
/// nor the person. The person's id is needed to erase again; a hash would not find someone the restored database does not list.
/// The id is therefore encrypted with the master key, which is not part of a database backup.
/// </summary>
/// <param name="path">The file, with one JSON object per line. Created on first use.</param>
/// <param name="secrets">Encrypts the ids.</param>
internal sealed class ErasureJournal(string path, SecretStore secrets)
{
    private const string Purpose = "erasure-journal";

    /// <summary>Reads all entries. A line truncated by a crash is skipped: its erasure had not started.</summary>
    /// <exception cref="StartupException">The file was encrypted with another master key.</exception>
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
                    entries.Add(
                        new ErasureJournalEntry(
                            new Scope(tenant, env),
                            Text("erasure_id"),
                            secrets.UnprotectText(Purpose, Text("sealed_user_id"))));
                }
            }
            catch (Exception exception)
                when (exception is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
            {
                // A truncated line, followed by complete ones.
            }
        }

        return entries;
    }

    /// <summary>Appends an entry unless it exists, and returns once it is durable. Must be called before anything is erased.</summary>
    /// <exception cref="IOException">The entry could not be written to disk.</exception>
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
            // Starts a new line, whatever a crash left before it.
            file.Write(Encoding.UTF8.GetBytes($"\n{line}\n"));
            file.Flush(flushToDisk: true);
        }

        DurableFolder.Flush(Path.GetDirectoryName(path)!);
    }
}
