using Nexus.Redaction.Text;

namespace Nexus.Redaction.Detectors.Contact;

/// <summary>Extensions after a telephone number: <c>x123</c>, <c>ext. 123</c>.</summary>
internal static class PhoneExtension
{
    private static readonly string[] _markers = ["extension", "ext.", "ext", "x", "#"];

    /// <summary>The end of a number including its extension; <paramref name="digitsEnd"/> if it has none.</summary>
    public static int FindEnd(ReadOnlySpan<char> text, int digitsEnd)
    {
        var at = Skip(text, Skip(text, digitsEnd, ','), ' ');
        foreach (var word in _markers)
        {
            if (text[at..].StartsWith(word, StringComparison.OrdinalIgnoreCase))
            {
                at = Skip(text, Skip(text, at + word.Length, ':'), ' ');
                var end = at;
                while (end < text.Length && end - at < 7 && char.IsAsciiDigit(text[end]))
                {
                    end++;
                }

                return end - at is >= 1 and <= 6 && (end == text.Length || !WordBoundary.IsWordCharacter(text[end])) ? end : digitsEnd;
            }
        }

        return digitsEnd;
    }

    private static int Skip(ReadOnlySpan<char> text, int at, char unit) => at < text.Length && text[at] == unit ? at + 1 : at;
}
