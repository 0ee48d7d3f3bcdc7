namespace Nexus.Redaction.Text;

/// <summary>
/// A text in the form that detectors read, with a map back to the original: characters are folded (<see cref="UnicodeFolds"/>),
/// percent and entity escapes are decoded, and a placeholder is one character that is neither letter nor digit.
/// </summary>
internal sealed class NormalizedText
{
    private readonly char[]? _chars;
    private readonly int _length;
    private readonly int[]? _starts;
    private readonly int[]? _ends;

    private NormalizedText(string original) => (Original, _length) = (original, original.Length);

    private NormalizedText(string original, NormalizedTextBuilder builder) =>
        (Original, _chars, _length, _starts, _ends) = (original, builder.Chars, builder.Length, builder.Starts, builder.Ends);

    /// <summary>The text before normalization.</summary>
    public string Original { get; }

    /// <summary>The text after normalization.</summary>
    public ReadOnlySpan<char> Text => _chars is null ? Original : _chars.AsSpan(0, _length);

    /// <summary>Normalizes a text. A text that is normal already is not copied.</summary>
    public static NormalizedText From(string original)
    {
        var first = 0;
        while (first < original.Length && !NeedsNormalizing(original, first))
        {
            first++;
        }

        return first == original.Length
            ? new NormalizedText(original)
            : new NormalizedText(original, NormalizedTextBuilder.Build(original));
    }

    /// <summary>The span of <see cref="Original"/> that a span of <see cref="Text"/>, which must not be empty, came from.</summary>
    public (int Start, int End) ToOriginal(int start, int end) => _starts is null ? (start, end) : (_starts[start], _ends![end - 1]);

    private static bool NeedsNormalizing(string text, int at) => text[at] switch
    {
        '%' => at + 2 < text.Length,
        '&' => at + 3 < text.Length,
        '[' => Placeholder.LengthAt(text.AsSpan(at)) > 0,
        var unit => UnicodeFolds.MayFold(unit),
    };
}
