using System.Text;

namespace Nexus.Cli.CommandLine;

/// <summary>Replaces a file atomically: a partially written checkpoint must not replace a good one.</summary>
internal static class AtomicFile
{
    private static readonly UTF8Encoding _utf8 = new(encoderShouldEmitUTF8Identifier: false);

    public static async Task WriteAsync(string path, string text, CancellationToken cancellationToken)
    {
        FilePath.EnsureNotDirectory(path);
        var draft = $"{path}.{Guid.CreateVersion7():N}.tmp";
        try
        {
            await using (var file = FilePath.Create(draft))
            {
                await file.WriteAsync(_utf8.GetBytes(text), cancellationToken);
                file.Flush(flushToDisk: true);
            }

            File.Move(draft, path, overwrite: true);
        }
        catch
        {
            File.Delete(draft);
            throw;
        }
    }
}
