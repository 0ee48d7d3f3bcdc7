using System.Globalization;
using System.Text;

namespace Nexus.Cli.Running;

/// <summary>An answer that may be long, to a file or to the terminal as it comes.</summary>
internal static class Download
{
    /// <summary>Writes it to a new file, or prints it.</summary>
    public static Task WriteAsync(Stream answer, string? path, Terminal terminal, CancellationToken cancellationToken)
        => path is null ? PrintAsync(answer, terminal, cancellationToken) : SaveAsync(answer, path, cancellationToken);

    /// <summary>A moment as an option gives it; without an offset it is UTC.</summary>
    public static DateTimeOffset? ParseTime(string option, string? text) => text switch
    {
        null => null,
        _ when DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment) => moment,
        _ => throw CommandException.Usage($"client.usage: {option} '{Terminal.Sanitize(text)}' is no time, such as 2026-01-31T00:00:00Z."),
    };

    /// <summary>What broke off is not left behind looking whole.</summary>
    private static async Task SaveAsync(Stream answer, string path, CancellationToken cancellationToken)
    {
        await using var target = new FileStream(path, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Options = FileOptions.Asynchronous });
        try
        {
            await answer.CopyToAsync(target, cancellationToken);
        }
        catch
        {
            File.Delete(path);
            throw;
        }
    }

    private static async Task PrintAsync(Stream answer, Terminal terminal, CancellationToken cancellationToken)
    {
        using var reader = new StreamReader(answer, Encoding.UTF8);
        var buffer = new char[32 * 1024];
        int read;
        while ((read = await reader.ReadAsync(buffer, cancellationToken)) > 0)
        {
            var piece = new string(buffer, 0, read);
            await terminal.Out.WriteAsync(terminal.IsOutputTerminal ? Terminal.Sanitize(piece) : piece);
        }
    }
}
