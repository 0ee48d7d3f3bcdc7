using System.Text;

namespace Nexus.Server.Knowledge.Atoms.Ops;

/// <summary>
/// Unicode normalization form C (UAX 15). The framework's own does nothing with invariant globalization, which the service uses,
/// and otherwise depends on the machine's ICU; an atom's text must not.
/// </summary>
internal static class Nfc
{
    private const int SBase =
        0xAC00, LBase = 0x1100, VBase = 0x1161, TBase = 0x11A7, LCount = 19, VCount = 21, TCount = 28, SCount = LCount * VCount * TCount;

    private static readonly Dictionary<int, int[]> _decompositions = [];
    private static readonly Dictionary<(int, int), int> _compositions = [];
    private static readonly Dictionary<int, byte> _combiningClasses = [];

    /// <summary>For each character of the basic plane: whether it can change or combine with the one before it.</summary>
    private static readonly bool[] _active = Load();

    /// <summary>The text in form C; the same instance if it already is.</summary>
    public static string Normalize(string text)
    {
        var first = 0;
        while (first < text.Length && !_active[text[first]])
        {
            first++;
        }

        if (first == text.Length)
        {
            return text;
        }

        var result = new StringBuilder(text.Length);
        var segment = new List<int>();
        Action<int> take = part => AddCodePoint(result, segment, part);
        var at = Math.Max(first - 1, 0);
        result.Append(text, 0, at);
        while (at < text.Length)
        {
            var end = at;
            while (end < text.Length && !_active[text[end]])
            {
                end++;
            }

            if (end > at)
            {
                Flush(result, segment);
                result.Append(text, at, end - at - 1);
                Decompose(text[end - 1], take);
                at = end;
                continue;
            }

            var codePoint = char.IsHighSurrogate(text[at]) && at + 1 < text.Length && char.IsLowSurrogate(text[at + 1])
                ? char.ConvertToUtf32(text[at], text[at + 1])
                : text[at];
            at += codePoint > 0xFFFF ? 2 : 1;
            Decompose(codePoint, take);
        }

        Flush(result, segment);
        return result.ToString();
    }

    /// <summary>Adds a code point to the current segment, or starts the next one if it is a starter.</summary>
    private static void AddCodePoint(StringBuilder result, List<int> segment, int codePoint)
    {
        if (GetCombiningClass(codePoint) != 0)
        {
            segment.Add(codePoint);
            return;
        }

        ComposeSegment(segment);
        if (segment.Count == 1 && Compose(segment[0], codePoint) is { } composed)
        {
            segment[0] = composed;
            return;
        }

        Write(result, segment);
        segment.Add(codePoint);
    }

    private static void Flush(StringBuilder result, List<int> segment)
    {
        ComposeSegment(segment);
        Write(result, segment);
    }

    private static void Write(StringBuilder result, List<int> segment)
    {
        foreach (var codePoint in segment)
        {
            if (codePoint > 0xFFFF)
            {
                result.Append(char.ConvertFromUtf32(codePoint));
            }
            else
            {
                result.Append((char)codePoint);
            }
        }

        segment.Clear();
    }

    /// <summary>Orders the marks after a starter and composes them with it.</summary>
    private static void ComposeSegment(List<int> segment)
    {
        if (segment.Count < 2)
        {
            return;
        }

        for (var i = 1; i < segment.Count; i++)
        {
            if (GetCombiningClass(segment[i]) < GetCombiningClass(segment[i - 1]))
            {
                var ordered = segment.OrderBy(GetCombiningClass).ToList(); // the order must be stable
                segment.Clear();
                segment.AddRange(ordered);
                break;
            }
        }

        var (kept, last) = (1, 0);
        for (var i = 1; i < segment.Count; i++)
        {
            var mark = segment[i];
            var mine = GetCombiningClass(mark);
            if (GetCombiningClass(segment[0]) == 0 && last < mine && Compose(segment[0], mark) is { } composed)
            {
                segment[0] = composed;
            }
            else
            {
                segment[kept++] = mark;
                last = mine;
            }
        }

        segment.RemoveRange(kept, segment.Count - kept);
    }

    private static int GetCombiningClass(int codePoint) => codePoint < 0x300 ? 0 : _combiningClasses.GetValueOrDefault(codePoint);

    private static void Decompose(int codePoint, Action<int> take)
    {
        if (codePoint - SBase is >= 0 and < SCount)
        {
            var index = codePoint - SBase;
            take(LBase + (index / (VCount * TCount)));
            take(VBase + (index % (VCount * TCount) / TCount));
            if (index % TCount != 0)
            {
                take(TBase + (index % TCount));
            }
        }
        else if (_decompositions.TryGetValue(codePoint, out var parts))
        {
            foreach (var part in parts)
            {
                Decompose(part, take);
            }
        }
        else
        {
            take(codePoint);
        }
    }

    private static int? Compose(int first, int second)
    {
        if (first - LBase is >= 0 and < LCount && second - VBase is >= 0 and < VCount)
        {
            return SBase + ((((first - LBase) * VCount) + second - VBase) * TCount);
        }

        if (first - SBase is >= 0 and < SCount && (first - SBase) % TCount == 0 && second - TBase is > 0 and < TCount)
        {
            return first + second - TBase;
        }

        return _compositions.TryGetValue((first, second), out var composed) ? composed : null;
    }

    private static bool[] Load()
    {
        var active = new bool[0x10000];
        active.AsSpan(0xD800, 0x800).Fill(true);
        active.AsSpan(VBase, VCount).Fill(true);
        active.AsSpan(TBase, TCount).Fill(true);
        using var reader = new StreamReader(typeof(Nfc).Assembly.GetManifestResourceStream("unicode-nfc")!);
        while (reader.ReadLine() is { } line)
        {
            var words = line.Split(' ');
            if (words[0] == "C")
            {
                for (int codePoint = Hex(words[1]), to = Hex(words[2]); codePoint <= to; codePoint++)
                {
                    _combiningClasses[codePoint] = byte.Parse(words[3], CultureInfo.InvariantCulture);
                    Activate(codePoint);
                }
            }
            else if (words[0] is "D" or "X")
            {
                var (whole, parts) = (Hex(words[1]), words.Skip(2).Select(Hex).ToArray());
                _decompositions[whole] = parts;
                if (words[0] == "D")
                {
                    _compositions[(parts[0], parts[1])] = whole;
                    Activate(parts[1]);
                }
                else
                {
                    Activate(whole);
                }
            }
        }

        return active;

        void Activate(int codePoint)
        {
            if (codePoint <= 0xFFFF)
            {
                active[codePoint] = true;
            }
        }

        static int Hex(string word) => int.Parse(word, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
    }
}
