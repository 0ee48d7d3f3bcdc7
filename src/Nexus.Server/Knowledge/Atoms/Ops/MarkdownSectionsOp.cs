using System.Text.Json.Nodes;
using Markdig;
using Markdig.Parsers.Inlines;
using Markdig.Syntax;

namespace Nexus.Server.Knowledge.Atoms.Ops;

/// <summary>
/// Splits a Markdown text before its headings. Only blocks are parsed: headings in quotes and lists start no section, and inline
/// markup, which is expensive to parse if it is hostile, is left as written.
/// </summary>
internal sealed class MarkdownSectionsOp : IAtomOp
{
    private static readonly MarkdownPipeline _blockPipeline = CreatePipeline();

    /// <inheritdoc />
    public string Name => "markdown_sections";

    /// <inheritdoc />
    public string Version => "1";

    /// <inheritdoc />
    public string Description =>
        "The sections of a Markdown text, each from its heading to the next. Ranges are of the text that text_identity gives.";

    /// <inheritdoc />
    public IReadOnlyList<string> ContentTypes => ["text/markdown", "text/x-markdown", "text/plain"];

    /// <inheritdoc />
    public IReadOnlyList<AtomParam> Params { get; } =
        [TextDecoding.CharsetParam, AtomParam.Integer("max_level", 6, 1, 6, "Headings deeper than this begin no section of their own.")];

    /// <inheritdoc />
    public int MaxBytes => 4 << 20;

    /// <inheritdoc />
    public OpResult Run(OpInput input, CancellationToken cancellationToken)
    {
        var (decoded, charset) = TextDecoding.Decode(input);
        var text = TextNormalizer.Normalize(decoded);
        var deepest = input.Params.GetInt32("max_level");
        var headings = Parse(text).OfType<HeadingBlock>().Where(heading => heading.Level <= deepest && heading.Span.Start >= 0).ToList();
        OpResult.EnsureChildLimit(headings.Count + 1);
        var sections = new List<OpChild>();
        var above = new List<(int Level, string Title)>();
        AddSection(sections, text, 0, headings.Count > 0 ? headings[0].Span.Start : text.Length, 0, []);
        for (var i = 0; i < headings.Count; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var heading = headings[i];
            above.RemoveAll(one => one.Level >= heading.Level);
            above.Add((heading.Level, GetTitle(heading)));
            AddSection(
                sections,
                text,
                heading.Span.Start,
                i + 1 < headings.Count ? headings[i + 1].Span.Start : text.Length,
                heading.Level,
                above);
        }

        return new OpResult { Children = sections, Metadata = new JsonObject { ["charset"] = charset, ["chars"] = text.Length } };
    }

    private static MarkdownDocument Parse(string text)
    {
        try
        {
            return Markdown.Parse(text, _blockPipeline);
        }
        catch (ArgumentException) // thrown by Markdig if the nesting is too deep
        {
            throw AtomErrors.UnreadableAsset("The Markdown is nested too deeply.");
        }
    }

    private static void AddSection(
        List<OpChild> sections, string text, int start, int end, int level, List<(int Level, string Title)> above)
    {
        while (end > start && char.IsWhiteSpace(text[end - 1]))
        {
            end--;
        }

        if (end > start)
        {
            sections.Add(new OpChild(text[start..end], start, end, new JsonObject
            {
                ["level"] = level,
                ["title"] = above.Count > 0 ? above[^1].Title : null,
                ["path"] = new JsonArray([.. above.Select(one => (JsonNode)one.Title)]),
            }));
        }
    }

    private static string GetTitle(HeadingBlock heading)
    {
        var title = heading.Lines.Count > 0
            ? heading.Lines.ToString().Trim()
            : heading.Inline?.FirstChild is Markdig.Syntax.Inlines.LiteralInline literal ? literal.Content.ToString().Trim() : "";
        return title.Length <= 200 ? title : title[..(char.IsHighSurrogate(title[199]) ? 199 : 200)];
    }

    private static MarkdownPipeline CreatePipeline()
    {
        var builder = new MarkdownPipelineBuilder { MaximumNestingDepth = 64 }.UseYamlFrontMatter();
        foreach (var parser in builder.InlineParsers.Where(parser => parser is not LiteralInlineParser and not LineBreakInlineParser)
            .ToList())
        {
            builder.InlineParsers.Remove(parser);
        }

        return builder.Build();
    }
}
