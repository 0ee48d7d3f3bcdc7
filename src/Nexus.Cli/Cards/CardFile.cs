using System.Text;

namespace Nexus.Cli.Cards;

/// <summary>Reads card texts from UTF-8 files, without the byte order mark.</summary>
internal static class CardFile
{
    private static readonly string[] _extensions = [".md", ".txt", ".yaml"];

    private static readonly UTF8Encoding _strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>
    /// The card files in a folder and its subfolders, sorted by path. Hidden files and folders are skipped, links are not
    /// followed.
    /// </summary>
    public static IReadOnlyList<string> Find(string folder)
    {
        var options = new EnumerationOptions
        {
            RecurseSubdirectories = true,
            AttributesToSkip = FileAttributes.Hidden | FileAttributes.System | FileAttributes.ReparsePoint,
            IgnoreInaccessible = false,
        };
        var files = Directory.EnumerateFiles(folder, "*", options)
            .Where(file => _extensions.Contains(Path.GetExtension(file), StringComparer.OrdinalIgnoreCase))
            .ToList();
        files.Sort(StringComparer.Ordinal);
        return files;
    }

    /// <summary>Returns the text of a file, or null if it is not UTF-8.</summary>
    public static async Task<string?> ReadAsync(string file, CancellationToken cancellationToken)
        => Decode(await File.ReadAllBytesAsync(file, cancellationToken));

    private static string? Decode(ReadOnlySpan<byte> bytes)
    {
        if (bytes.StartsWith(Encoding.UTF8.Preamble))
        {
            bytes = bytes[Encoding.UTF8.Preamble.Length..];
        }

        try
        {
            return _strict.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }
}
