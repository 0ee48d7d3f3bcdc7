using System.Globalization;
using System.Text;

namespace Nexus.Redaction.Text;

/// <summary>
/// Maps characters to what a reader takes them for. ASCII replaces full-width characters, digits of all scripts, mathematical letters,
/// ligatures, dashes and spaces (compatibility forms of UAX 15, and more); invisible characters are removed. The framework's own
/// normalization is not available, as the server runs with invariant globalization.
/// </summary>
internal static class UnicodeFolds
{
    private static readonly Range[] _ranges = Load();

    /// <summary>For each UTF-16 code unit, whether it is folded or may be half of a pair that is.</summary>
    private static readonly bool[] _mayFold = MarkFoldable();

    /// <summary>Whether <see cref="TryFold"/> may replace a code point that begins with this UTF-16 code unit.</summary>
    public static bool MayFold(char unit) => unit >= 0x80 && _mayFold[unit];

    /// <summary>Gets the replacement of a code point, which may be empty; false if the code point stays.</summary>
    public static bool TryFold(int codePoint, out string replacement)
    {
        var (low, high) = (0, _ranges.Length - 1);
        while (low <= high)
        {
            var middle = (low + high) >>> 1;
            var range = _ranges[middle];
            if (codePoint < range.From)
            {
                high = middle - 1;
            }
            else if (codePoint > range.To)
            {
                low = middle + 1;
            }
            else
            {
                replacement = range.Counts ? ((char)(range.Replacement[0] + codePoint - range.From)).ToString() : range.Replacement;
                return true;
            }
        }

        replacement = "";
        return false;
    }

    private static bool[] MarkFoldable()
    {
        var mayFold = new bool[0x10000];
        mayFold.AsSpan(0xD800, 0x800).Fill(true);
        foreach (var range in _ranges)
        {
            for (var codePoint = range.From; codePoint <= Math.Min(range.To, 0xFFFF); codePoint++)
            {
                mayFold[codePoint] = true;
            }
        }

        return mayFold;
    }

    private static Range[] Load()
    {
        var ranges = new List<Range>();
        using var reader = new StreamReader(typeof(UnicodeFolds).Assembly.GetManifestResourceStream("unicode-folds")!);
        while (reader.ReadLine() is { } line)
        {
            if (line.StartsWith('#'))
            {
                continue;
            }

            var words = line.Split(' ');
            var counts = words[2].StartsWith('+');
            var replacement = words[2] == "-" ? "" : Encoding.ASCII.GetString(Convert.FromHexString(words[2].TrimStart('+')));
            ranges.Add(new Range(Hex(words[0]), Hex(words[1]), replacement, counts));
        }

        return [.. ranges];

        static int Hex(string word) => int.Parse(word, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
    }

    private readonly record struct Range(int From, int To, string Replacement, bool Counts);
}
