using System.Collections.Concurrent;
using System.Text;
using Nexus.Merkle;
using Nexus.Server.Platform.Storage;
using Nexus.Server.Platform.Storage.Blobs;
using Nexus.Server.Platform.Tenancy;

namespace Nexus.Server.Audit.Transparency;

/// <summary>
/// The last signed checkpoint of each log, kept outside the database, so that the service does not sign another history after the
/// database was restored. File names contain epoch and size, and a file is only ever replaced by a newer one, so nodes may share
/// the folder.
/// </summary>
/// <param name="root">The folder. Created when needed.</param>
internal sealed class SignedCheckpointFolder(string root)
{
    private readonly ConcurrentDictionary<Scope, bool> _createdFolders = new();

    /// <summary>Returns the newest checkpoint of a log, or null.</summary>
    /// <exception cref="IOException">The folder cannot be read, or one of its files was changed.</exception>
    public SignedCheckpoint? FindLast(Scope scope)
    {
        if (ListFileNames(scope).Max(StringComparer.Ordinal) is not { } name)
        {
            return null;
        }

        try
        {
            return Read(File.ReadAllText(Path.Combine(GetFolder(scope), name)), name);
        }
        catch (FileNotFoundException)
        {
            // Another node has just replaced it with a newer one.
            return FindLast(scope);
        }
    }

    /// <summary>Returns the logs that have a checkpoint.</summary>
    public IReadOnlyList<Scope> ListLogs() => !Directory.Exists(root)
        ? []
        : [.. from tenant in Directory.EnumerateDirectories(root).Select(Path.GetFileName)
              where TenantId.IsValid(tenant!)
              from env in Envs.All
              let scope = new Scope(tenant!, env)
              where ListFileNames(scope).Any()
              select scope];

    /// <summary>Saves a checkpoint that is newer than the existing one, and returns once it is durable.</summary>
    /// <exception cref="IOException">The checkpoint could not be written to disk.</exception>
    public void Save(Scope scope, SignedCheckpoint signed)
    {
        var folder = GetFolder(scope);
        if (!_createdFolders.ContainsKey(scope) || !Directory.Exists(folder))
        {
            DurableFolder.Create(folder, Path.GetDirectoryName(root)!);
            _createdFolders[scope] = true;
        }

        var name = GetFileName(signed);
        var unfinished = Path.Combine(folder, $".{Id.New()}");
        using (var file = new FileStream(unfinished, FileMode.CreateNew, FileAccess.Write))
        {
            file.Write(Encoding.UTF8.GetBytes(signed.Note));
            file.Flush(flushToDisk: true);
        }

        File.Move(unfinished, Path.Combine(folder, name), overwrite: true);
        DurableFolder.Flush(folder);
        foreach (var older in ListFileNames(scope).Where(other => string.CompareOrdinal(other, name) < 0))
        {
            File.Delete(Path.Combine(folder, older));
        }
    }

    private static string GetFileName(SignedCheckpoint signed) =>
        string.Create(CultureInfo.InvariantCulture, $"{signed.Epoch:D19}-{signed.Size:D19}-{signed.KeyNumber:D10}");

    private static SignedCheckpoint Read(string note, string name)
    {
        try
        {
            var parts = name.Split('-').Select(part => long.Parse(part, NumberStyles.None, CultureInfo.InvariantCulture)).ToArray();
            var signed = new SignedCheckpoint(parts[0], parts[1], parts[2], note);
            var checkpoint = Checkpoint.Parse(SignedNote.Parse(note).Text);
            if (checkpoint.Size == signed.Size
                && checkpoint.Origin.EndsWith(string.Create(CultureInfo.InvariantCulture, $"/{signed.Epoch}"), StringComparison.Ordinal))
            {
                return signed;
            }
        }
        catch (Exception exception) when (exception is FormatException or OverflowException or IndexOutOfRangeException)
        {
            // Reported below.
        }

        throw new IOException("A file of the signed folder is not what was written there.");
    }

    private string GetFolder(Scope scope) => Path.Combine(root, scope.TenantId, scope.Env);

    private IEnumerable<string> ListFileNames(Scope scope) => Directory.Exists(GetFolder(scope))
        ? Directory.EnumerateFiles(GetFolder(scope)).Select(Path.GetFileName).OfType<string>().Where(name => name[0] != '.')
        : [];
}
