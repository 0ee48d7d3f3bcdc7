using System.Globalization;
using System.Text;

namespace Nexus.Redaction;

/// <summary>
/// What detectors read in place of a character: ASCII for full-width forms, digits of all scripts, mathematical letters, ligatures,
/// dashes and spaces (compatibility forms, UAX 15, and what looks alike to a reader), nothing for what is not seen. The framework's
/// own normalisation does nothing where globalization is invariant, as ours is.
/// </summary>
internal static class UnicodeFolds
{
    private static readonly Range[] _ranges = Load();

    /// <summary>Of the basic plane: whether a character is read as something else, or may be half of one that is.</summary>
    private static readonly bool[] _active = Activate();

    /// <summary>Whether a UTF-16 unit is to be looked at with <see cref="TryFold"/>.</summary>
    public static bool IsActive(char unit) => unit >= 0x80 && _active[unit];

    /// <summary>What is read in place of a code point; false where it stands for itself.</summary>
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

    private static bool[] Activate()
    {
        var active = new bool[0x10000];
        active.AsSpan(0xD800, 0x800).Fill(true);
        foreach (var range in _ranges)
        {
            for (var codePoint = range.From; codePoint <= Math.Min(range.To, 0xFFFF); codePoint++)
            {
                active[codePoint] = true;
            }
        }

        return active;
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
            ranges.Add(new Range(Hex(words[0]), Hex(words[1]), words[2] == "-" ? "" : Encoding.ASCII.GetString(Convert.FromHexString(words[2].TrimStart('+'))), counts));
        }

        return [.. ranges];

        static int Hex(string word) => int.Parse(word, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
    }

    private readonly record struct Range(int From, int To, string Replacement, bool Counts);
}
