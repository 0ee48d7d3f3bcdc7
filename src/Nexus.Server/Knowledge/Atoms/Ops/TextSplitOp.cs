using System.Text.Json.Nodes;

namespace Nexus.Server.Knowledge.Atoms.Ops;

/// <summary>
/// Splits a text into parts of at most <c>max_chars</c> characters: at the end of a paragraph if one is near, else of a line, a
/// sentence or a word, and never inside a character. Each part extends at least an eighth of <c>max_chars</c> beyond the previous.
/// </summary>
internal sealed class TextSplitOp : IAtomOp
{
    private static readonly string[] _separators = ["\n\n", "\n", ". ", " "];

    /// <inheritdoc />
    public string Name => "text_split";

    /// <inheritdoc />
    public string Version => "1";

    /// <inheritdoc />
    public string Description => "The text in parts, by paragraphs. Ranges are of the text that text_identity gives.";

    /// <inheritdoc />
    public IReadOnlyList<string> ContentTypes => TextContentTypes.All;

    /// <inheritdoc />
    public IReadOnlyList<AtomParam> Params { get; } =
    [
        TextDecoding.CharsetParam,
        AtomParam.Integer("max_chars", 2000, 200, 100_000, "Most characters of a part."),
        AtomParam.Integer(
            "overlap",
            200,
            0,
            50_000,
            "How many characters at most a part repeats of the one before; at most half of max_chars."),
    ];

    /// <inheritdoc />
    public int MaxBytes => TextContentTypes.MaxBytes;

    /// <inheritdoc />
    public OpResult Run(OpInput input, CancellationToken cancellationToken)
    {
        var (maxChars, overlap) = (input.Params.GetInt32("max_chars"), input.Params.GetInt32("overlap"));
        if (overlap > maxChars / 2)
        {
            throw AtomParams.Invalid("params.overlap", "must be at most half of max_chars.");
        }

        var (decoded, charset) = TextDecoding.Decode(input);
        var text = TextNormalizer.Normalize(decoded);
        var parts = new List<OpChild>();
        var covered = 0;
        for (int start = 0, end; start < text.Length; start = end == text.Length ? end : FindNextStart(text, start, end, overlap))
        {
            cancellationToken.ThrowIfCancellationRequested();
            end = FindEnd(text, start, maxChars, overlap);
            var (from, to) = Trim(text, start, end);
            if (from < to && to > covered)
            {
                // A part that adds only white space would repeat the end of the previous part.
                covered = to;
                parts.Add(new OpChild(text[from..to], from, to));
                OpResult.EnsureChildLimit(parts.Count);
            }
        }

        return new OpResult { Children = parts, Metadata = new JsonObject { ["charset"] = charset, ["chars"] = text.Length } };
    }

    private static int FindEnd(string text, int start, int maxChars, int overlap)
    {
        if (text.Length - start <= maxChars)
        {
            return text.Length;
        }

        var least = start + overlap + ((maxChars - overlap) / 4);
        var window = text.AsSpan(least, start + maxChars - least);
        foreach (var mark in _separators)
        {
            if (window.LastIndexOf(mark) is >= 0 and var at)
            {
                return least + at + mark.Length;
            }
        }

        var end = start + maxChars;
        return char.IsLowSurrogate(text[end]) && char.IsHighSurrogate(text[end - 1]) ? end - 1 : end;
    }

    /// <summary>Where the next part starts: after the first blank in the overlap, so that it starts with a word.</summary>
    private static int FindNextStart(string text, int start, int end, int overlap)
    {
        var from = Math.Max(end - overlap, start + 1);
        var blank = text.AsSpan(from, end - from).IndexOfAny(' ', '\n');
        from = blank >= 0 ? from + blank + 1 : from;
        return from < text.Length && char.IsLowSurrogate(text[from]) ? from + 1 : from;
    }

    private static (int From, int To) Trim(string text, int from, int to)
    {
        while (from < to && char.IsWhiteSpace(text[from]))
        {
            from++;
        }

        while (to > from && char.IsWhiteSpace(text[to - 1]))
        {
            to--;
        }

        return (from, to);
    }
}
