using System.Text;

namespace Nexus.Server.Audit.Transparency;

/// <summary>Appends each note and an empty line to a file, and flushes it to disk before the note counts as delivered.</summary>
internal sealed class FileSink(string path) : ICheckpointSink
{
    /// <inheritdoc />
    public async Task SendAsync(string note, CancellationToken cancellationToken)
    {
        try
        {
            await using var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read);
            // A note truncated by a crash must not run into this one.
            var begin = await EndsInEmptyLineAsync(file, cancellationToken) ? "" : "\n\n";
            file.Seek(0, SeekOrigin.End);
            await file.WriteAsync(Encoding.UTF8.GetBytes(begin + note + "\n"), CancellationToken.None);
            file.Flush(flushToDisk: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new SinkException("the file cannot be written");
        }
    }

    private static async ValueTask<bool> EndsInEmptyLineAsync(FileStream file, CancellationToken cancellationToken)
    {
        if (file.Length < 2)
        {
            return file.Length == 0;
        }

        var end = new byte[2];
        file.Seek(-end.Length, SeekOrigin.End);
        await file.ReadExactlyAsync(end, cancellationToken);
        return end is [(byte)'\n', (byte)'\n'];
    }
}
