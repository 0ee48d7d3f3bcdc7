using Nexus.Cli.Running;
using Nexus.Merkle;

namespace Nexus.Cli.Audit.Verify;

/// <summary>What whoever verifies brings along. Files of these that cannot be read are wrong usage, not a log that is broken.</summary>
internal sealed record VerificationPolicy
{
    /// <summary>The keys that may sign; null where none were given.</summary>
    public required IReadOnlyList<LogKey>? Keys { get; init; }

    /// <summary>Whose log it has to be; null where that was not said.</summary>
    public string? Tenant { get; init; }

    /// <summary>Of which env it has to be; null where that was not said.</summary>
    public string? Env { get; init; }

    /// <summary>A checkpoint from before.</summary>
    public required SignedNote? SavedCheckpoint { get; init; }

    /// <summary>An env as logs are named: the service takes any case, and <c>stage</c> too.</summary>
    public static string? NormalizeEnv(string? asked) => asked?.ToLowerInvariant() is "stage" ? "staging" : asked?.ToLowerInvariant();

    public static Task<IReadOnlyList<LogKey>> ReadKeysAsync(string path, CancellationToken cancellationToken) => ReadAsync(path, LogKey.FromPem, cancellationToken);

    public static Task<SignedNote> ReadCheckpointAsync(string path, CancellationToken cancellationToken) => ReadAsync(
        path,
        text =>
        {
            var note = SignedNote.Parse(text);
            Checkpoint.Parse(note.Text);
            return note;
        },
        cancellationToken);

    private static async Task<T> ReadAsync<T>(string path, Func<string, T> read, CancellationToken cancellationToken)
    {
        try
        {
            return read(await File.ReadAllTextAsync(path, cancellationToken));
        }
        catch (FormatException e)
        {
            throw CommandException.Usage($"client.file: '{Terminal.Sanitize(path)}': {e.Message}");
        }
    }
}
