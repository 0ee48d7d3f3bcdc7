using Nexus.Cli.Running;
using Nexus.Merkle;

namespace Nexus.Cli.Audit.Verify;

/// <summary>What whoever verifies brings along. Files of these that cannot be read are wrong usage, not a log that is broken.</summary>
internal sealed record Trusted
{
    /// <summary>The keys that may sign; null where none were given.</summary>
    public required IReadOnlyList<LogKey>? Keys { get; init; }

    /// <summary>Whose log it has to be; null where that was not said.</summary>
    public string? Tenant { get; init; }

    /// <summary>Of which env it has to be; null where that was not said.</summary>
    public string? Env { get; init; }

    /// <summary>A checkpoint from before.</summary>
    public required SignedNote? Saved { get; init; }

    /// <summary>An env as logs are named: the service takes any case, and <c>stage</c> too.</summary>
    public static string? EnvOf(string? asked) => asked?.ToLowerInvariant() is "stage" ? "staging" : asked?.ToLowerInvariant();

    public static Task<IReadOnlyList<LogKey>> ReadKeysAsync(string path, CancellationToken cancellation) => ReadAsync(path, LogKey.FromPem, cancellation);

    public static Task<SignedNote> ReadCheckpointAsync(string path, CancellationToken cancellation) => ReadAsync(
        path,
        text =>
        {
            var note = SignedNote.Parse(text);
            Checkpoint.Parse(note.Text);
            return note;
        },
        cancellation);

    private static async Task<T> ReadAsync<T>(string path, Func<string, T> read, CancellationToken cancellation)
    {
        try
        {
            return read(await File.ReadAllTextAsync(path, cancellation));
        }
        catch (FormatException e)
        {
            throw Failure.Usage($"client.file: '{Terminal.Harmless(path)}': {e.Message}");
        }
    }
}
