namespace Nexus.Redaction;

/// <summary>
/// A text as detectors read it, with the way back: characters folded (<see cref="UnicodeFolds"/>), percent and entity escapes decoded,
/// placeholders as one character that is neither letter nor digit. What is redacted is always the original's span.
/// </summary>
internal sealed class NormalText
{
    private readonly char[]? _chars;
    private readonly int _length;
    private readonly int[]? _starts;
    private readonly int[]? _ends;

    private NormalText(string original) => (Original, _length) = (original, original.Length);

    private NormalText(string original, NormalTextWriter writer) =>
        (Original, _chars, _length, _starts, _ends) = (original, writer.Chars, writer.Length, writer.Starts, writer.Ends);

    /// <summary>The text as it was.</summary>
    public string Original { get; }

    /// <summary>The text as it is read.</summary>
    public ReadOnlySpan<char> Text => _chars is null ? Original : _chars.AsSpan(0, _length);

    /// <summary>Reads a text.</summary>
    public static NormalText Of(string original)
    {
        var first = 0;
        while (first < original.Length && !Changes(original, first))
        {
            first++;
        }

        return first == original.Length ? new NormalText(original) : new NormalText(original, NormalTextWriter.Read(original));
    }

    /// <summary>The place in the original that a place of <see cref="Text"/> was read from.</summary>
    public (int Start, int End) Span(int start, int end) => _starts is null ? (start, end) : (_starts[start], _ends![end - 1]);

    private static bool Changes(string text, int at) => text[at] switch
    {
        '%' => at + 2 < text.Length,
        '&' => at + 3 < text.Length,
        '[' => Placeholder.LengthAt(text.AsSpan(at)) > 0,
        var unit => UnicodeFolds.IsActive(unit),
    };
}
