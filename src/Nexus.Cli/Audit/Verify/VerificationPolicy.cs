using Nexus.Cli.CommandLine;
using Nexus.Merkle;

namespace Nexus.Cli.Audit.Verify;

/// <summary>What the verifier trusts and expects. An unreadable file is wrong usage, not a fault of the log.</summary>
internal sealed record VerificationPolicy
{
    /// <summary>The trusted signing keys; null if none were given.</summary>
    public required IReadOnlyList<LogKey>? Keys { get; init; }

    /// <summary>The expected tenant; null for any.</summary>
    public string? Tenant { get; init; }

    /// <summary>The expected env; null for any.</summary>
    public string? Env { get; init; }

    /// <summary>The saved checkpoint; null if none was given.</summary>
    public required SignedNote? SavedCheckpoint { get; init; }

    /// <summary>The env's name in the log: the server accepts any case, and <c>stage</c> for <c>staging</c>.</summary>
    public static string? NormalizeEnv(string? asked) => asked?.ToLowerInvariant() is "stage" ? "staging" : asked?.ToLowerInvariant();

    public static Task<IReadOnlyList<LogKey>> ReadKeysAsync(string path, CancellationToken cancellationToken) =>
        ReadAsync(path, LogKey.FromPem, cancellationToken);

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
            return read(await FilePath.ReadTextAsync(path, cancellationToken));
        }
        catch (FormatException e)
        {
            throw CommandException.Usage($"client.file: '{Terminal.Sanitize(path)}': {e.Message}");
        }
    }
}
