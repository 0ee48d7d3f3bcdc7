using Nexus.Cli.Running;
using Nexus.Client.Merkle;

namespace Nexus.Cli.Audit.Verify;

/// <summary>What whoever verifies brings along. Files of these that cannot be read are wrong usage, not a log that is broken.</summary>
internal sealed record Trusted
{
    /// <summary>The keys that may sign; null where none were given.</summary>
    public required IReadOnlyList<LogKey>? Keys { get; init; }

    /// <summary>A checkpoint from before.</summary>
    public required SignedNote? Saved { get; init; }

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
