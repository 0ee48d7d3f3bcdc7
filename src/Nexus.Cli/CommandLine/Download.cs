using System.Text;

namespace Nexus.Cli.CommandLine;

/// <summary>Streams a response to a new file or to the terminal.</summary>
internal static class Download
{
    /// <summary>Writes the response to a new file, or prints it if <paramref name="path"/> is null.</summary>
    public static Task WriteAsync(Stream response, string? path, Terminal terminal, CancellationToken cancellationToken)
        => path is null
            ? PrintAsync(response, terminal, cancellationToken)
            : SaveAsync(target => response.CopyToAsync(target, cancellationToken), path);

    /// <summary>Creates a file and fills it. Deletes the file if that fails, so that no partial download looks complete.</summary>
    public static async Task SaveAsync(Func<Stream, Task> copyTo, string path)
    {
        await using var target = FilePath.Create(path);
        try
        {
            await copyTo(target);
        }
        catch
        {
            File.Delete(path);
            throw;
        }
    }

    private static async Task PrintAsync(Stream response, Terminal terminal, CancellationToken cancellationToken)
    {
        using var reader = new StreamReader(response, Encoding.UTF8);
        var buffer = new char[32 * 1024];
        int read;
        while ((read = await reader.ReadAsync(buffer, cancellationToken)) > 0)
        {
            var text = new string(buffer, 0, read);
            await terminal.Out.WriteAsync(terminal.IsOutputTerminal ? Terminal.Sanitize(text) : text);
        }
    }
}
