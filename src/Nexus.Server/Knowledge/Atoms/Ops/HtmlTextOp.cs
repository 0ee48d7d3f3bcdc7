using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using AngleSharp.Dom;
using AngleSharp.Html.Parser;

namespace Nexus.Server.Knowledge.Atoms.Ops;

/// <summary>The visible text of an HTML page, without scripts, styles and hidden elements. Nothing is loaded or run.</summary>
internal sealed partial class HtmlTextOp : IAtomOp
{
    private const int MaxTags = 200_000;

    /// <inheritdoc />
    public string Name => "html_text";

    /// <inheritdoc />
    public string Version => "1";

    /// <inheritdoc />
    public string Description => "The text of an HTML page as a reader sees it, without scripts and styles.";

    /// <inheritdoc />
    public IReadOnlyList<string> ContentTypes => ["text/html", "application/xhtml+xml"];

    /// <inheritdoc />
    public IReadOnlyList<AtomParam> Params => [TextDecoding.CharsetParam];

    /// <inheritdoc />
    public int MaxBytes => 4 << 20;

    /// <inheritdoc />
    public OpResult Run(OpInput input, CancellationToken cancellationToken)
    {
        var head = Encoding.Latin1.GetString(input.Bytes.Span[..Math.Min(1024, input.Bytes.Length)]);
        var meta = Meta().Match(head);
        var (html, charset) = TextDecoding.Decode(input, meta.Success ? meta.Groups["charset"].Value : null);
        if (html.AsSpan().Count('<') > MaxTags)
        {
            throw AtomErrors.UnreadableAsset(string.Create(CultureInfo.InvariantCulture, $"The page has more than {MaxTags} tags."));
        }

        var parser = new HtmlParser(new HtmlParserOptions { IsScripting = false, SkipComments = true, MaximumDepth = 256 });
        using var document = parser.ParseDocument(html);
        cancellationToken.ThrowIfCancellationRequested();
        var text = HtmlTextExtractor.Extract(document.Body, cancellationToken);
        var title = TextNormalizer.Normalize(document.Title?.Trim() ?? "");
        return new OpResult
        {
            Content = TextNormalizer.Normalize(text),
            Metadata = new JsonObject
            {
                ["charset"] = charset,
                ["title"] = title.Length == 0
                    ? null
                    : title.Length <= 500 ? title : title[..(char.IsHighSurrogate(title[499]) ? 499 : 500)],
            },
        };
    }

    [GeneratedRegex(
        """<meta\s[^>]*?charset\s*=\s*["']?\s*(?<charset>[A-Za-z0-9_-]{1,40})""",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking, matchTimeoutMilliseconds: 100)]
    private static partial Regex Meta();
}

/// <summary>Extracts the text of a tree without recursion.</summary>
internal static class HtmlTextExtractor
{
    private static readonly HashSet<string> _hiddenElements = new(StringComparer.Ordinal)
    {
        "script", "style", "noscript", "template", "head", "iframe", "object", "embed", "svg", "math", "canvas", "audio", "video",
            """
            select
            """, "datalist", "textarea",
    };

    private static readonly HashSet<string> _blockElements = new(StringComparer.Ordinal)
    {
        "address", "article", "aside", "blockquote", "body", "dd", "details", "dialog", "div", "dl", "dt", "fieldset", "figcaption",
        "figure", "footer", "form",
        "h1", "h2", "h3", "h4", "h5", "h6", "header", "hgroup", "hr", "li", "main", "nav", "ol", "p", "pre", "section", "summary",
        "table", "tr", "ul",
    };

    private static readonly HashSet<string> _paragraphElements = new(StringComparer.Ordinal)
    {
        "blockquote", "dl", "h1", "h2", "h3", "h4", "h5", "h6", "ol", "p", "pre", "table", "ul",
    };

    /// <summary>The text, with an empty line between paragraphs, a line end between other blocks and a tab between cells.</summary>
    public static string Extract(INode? root, CancellationToken cancellationToken)
    {
        var text = new StringBuilder();
        var (pending, pre) = (0, 0); // line ends to write before the next text; nesting depth of <pre>
        for (var node = root; node is not null; cancellationToken.ThrowIfCancellationRequested())
        {
            if (node is IText { Data: var data })
            {
                Append(data);
            }
            else if (node is IElement element)
            {
                Open(element);
            }

            if (node is IElement { LocalName: var name } entered && (_hiddenElements.Contains(name) || entered.HasAttribute("hidden")))
            {
                // skip its children
            }
            else if (node.FirstChild is { } child)
            {
                node = child;
                continue;
            }

            while (node is not null && node != root && node.NextSibling is null)
            {
                Close(node);
                node = node.Parent;
            }

            if (node is null || node == root)
            {
                break;
            }

            Close(node);
            node = node.NextSibling;
        }

        return text.ToString().TrimEnd();

        void RequireLines(int lines) => pending = Math.Max(pending, lines);

        void Open(IElement element)
        {
            if (element.LocalName == "pre")
            {
                pre++;
            }

            switch (element.LocalName)
            {
                case "br":
                    pending = pending == 0 ? 1 : pending + (pending < 2 ? 1 : 0);
                    break;
                case "td" or "th" when element.PreviousElementSibling is not null && pending == 0 && text.Length > 0:
                    text.Append('\t');
                    break;
                case var name when _blockElements.Contains(name):
                    RequireLines(_paragraphElements.Contains(name) ? 2 : 1);
                    break;
            }
        }

        void Close(INode closed)
        {
            if (closed is IElement { LocalName: var name } && _blockElements.Contains(name))
            {
                pre -= name == "pre" ? 1 : 0;
                RequireLines(_paragraphElements.Contains(name) ? 2 : 1);
            }
        }

        void Append(string data)
        {
            foreach (var character in data)
            {
                var isBlank = character is ' ' or '\t' or '\n' or '\r' or '\f';
                if (isBlank && pre == 0 && (pending > 0 || text.Length == 0 || text[^1] is ' ' or '\n' or '\t'))
                {
                    continue;
                }

                if (pending > 0)
                {
                    while (text.Length > 0 && text[^1] is ' ' or '\t')
                    {
                        text.Length--;
                    }

                    text.Append('\n', text.Length > 0 ? pending : 0);
                    pending = 0;
                }

                text.Append(isBlank && pre == 0 ? ' ' : character);
            }
        }
    }
}
