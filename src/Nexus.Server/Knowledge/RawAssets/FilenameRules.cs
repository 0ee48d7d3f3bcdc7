using System.Text;

namespace Nexus.Server.Knowledge.RawAssets;

/// <summary>
/// Validates file names: one path segment that is safe on every file system, as a key and on a screen. With a right-to-left mark,
/// <c>gpj.exe</c> could be displayed as <c>exe.jpg</c>.
/// </summary>
internal static class FilenameRules
{
    private const int MaxBytes = 255;

    /// <summary>Returns what is wrong with the name, or null if it is valid.</summary>
    public static string? Validate(string name) =>
        name.Length == 0 ? "must not be empty."
        : name is "." or ".." ? "must be a name."
        : name.Contains('/', StringComparison.Ordinal) || name.Contains('\\', StringComparison.Ordinal) ? "must not hold a path."
        : name.Any(IsForbidden) ? "must not hold control characters or direction marks."
        : Encoding.UTF8.GetByteCount(name) > MaxBytes ? "must be at most 255 bytes of UTF-8."
        : null;

    private static bool IsForbidden(char c) =>
        char.IsControl(c)
            || c is '\u2028' or '\u2029' or '\u061c' or '\u200e' or '\u200f' or (>= '\u202a' and <= '\u202e')
            or (>= '\u2066' and <= '\u2069');
}
