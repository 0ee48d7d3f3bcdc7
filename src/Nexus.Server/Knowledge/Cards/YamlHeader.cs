using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json.Nodes;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Nexus.Server.Knowledge.Cards;

/// <summary>
/// Reads a card's YAML header as plain maps, lists and scalars, directly from the parser's events. YamlDotNet's own object readers
/// recurse, so 6 KB of <c>[</c> could end the process with a stack overflow. The event parser keeps its state on the heap and looks
/// ahead at most 1,024 characters, so it is enough to stop at the first event that is too deep or too many.
/// </summary>
internal sealed class YamlHeader
{
    public const int MaxBytes = 8 * 1024;
    private const int MaxDepth = 16;
    private const int MaxEvents = 1_000;

    private readonly Parser _parser;
    private readonly int _firstLine;
    private readonly Dictionary<string, string> _scalarTexts = new(StringComparer.Ordinal);
    private int _eventCount;
    private string? _error;

    private YamlHeader(string yaml, int firstLine)
    {
        _parser = new Parser(new Scanner(new StringReader(yaml), skipComments: true));
        _firstLine = firstLine;
    }

    /// <summary>The whole header; empty where the YAML is.</summary>
    public JsonObject Root { get; private set; } = [];

    /// <summary>A top-level scalar as it was written: <c>1.10</c> stays <c>1.10</c>. Null if there is no such scalar.</summary>
    public string? GetText(string name) => _scalarTexts.GetValueOrDefault(name);

    /// <summary>Reads a header that begins on the given line of the card. The detail is safe to show and has a line number.</summary>
    public static bool TryRead(
        string yaml, int firstLine, [NotNullWhen(true)] out YamlHeader? header, [NotNullWhen(false)] out string? detail)
    {
        header = null;
        if (Encoding.UTF8.GetByteCount(yaml) > MaxBytes)
        {
            detail = "The YAML header is larger than 8 KiB.";
            return false;
        }

        if (HasTooManyBrackets(yaml))
        {
            detail = "The YAML header opens more than 128 brackets on one line.";
            return false;
        }

        var reader = new YamlHeader(yaml, firstLine);
        try
        {
            if (reader.ReadDocument())
            {
                header = reader;
                detail = null;
                return true;
            }

            detail = reader._error ?? "The YAML header is malformed.";
        }
        catch (YamlException failure)
        {
            detail = string.Create(
                CultureInfo.InvariantCulture,
                $"The YAML is malformed at line {reader.GetLine(failure.Start)}, column {failure.Start.Column}.");
        }
        catch (Exception failure) when (failure is not OutOfMemoryException) // YamlDotNet throws others too, for example for "\UFFFFFFFF"
        {
            detail = string.Create(
                CultureInfo.InvariantCulture,
                $"The YAML is malformed near line {reader.GetLine(reader._parser.Current?.End ?? Mark.Empty)}.");
        }

        return false;
    }

    // Before its first event the scanner looks 1,024 characters ahead and walks all open brackets for each token. That costs 20 ms
    // per refused card, and a batch may have 1,000 cards.
    private static bool HasTooManyBrackets(ReadOnlySpan<char> yaml)
    {
        foreach (var line in yaml.EnumerateLines())
        {
            var open = 0;
            foreach (var symbol in line)
            {
                open = symbol is '[' or '{' ? open + 1 : symbol is ']' or '}' ? Math.Max(0, open - 1) : open;
                if (open > 128)
                {
                    return true;
                }
            }
        }

        return false;
    }

    private bool ReadDocument()
    {
        if (!MoveNext() || !MoveNext())
        {
            return false;
        }

        if (_parser.Current is StreamEnd)
        {
            return true;
        }

        if (_parser.Current is DocumentStart { Version: not null })
        {
            return Fail("a version directive is not allowed");
        }

        if (!MoveNext())
        {
            return false;
        }

        const string Shape = "the header must be a map of names to values";
        if (_parser.Current is SequenceStart)
        {
            return Fail(Shape);
        }

        if (!ReadNode(0, out var root, out _))
        {
            return false;
        }

        if (root is not (null or JsonObject))
        {
            return Fail(Shape);
        }

        Root = root as JsonObject ?? [];
        return MoveNext() && MoveNext() && (_parser.Current is StreamEnd || Fail("only one document is allowed"));
    }

    // Reads the node that starts at the current event and stops at its last event. The text is that of a scalar, null for YAML's null.
    private bool ReadNode(int depth, out JsonNode? node, out string? text)
    {
        node = null;
        text = null;
        if (_parser.Current is not NodeEvent current)
        {
            return Fail("an alias is not allowed");
        }

        if (!current.Anchor.IsEmpty || !current.Tag.IsEmpty)
        {
            return Fail(current.Tag.IsEmpty ? "an anchor is not allowed" : "a tag is not allowed");
        }

        if (current is Scalar scalar)
        {
            return ReadScalar(scalar, out node, out text);
        }

        if (depth == MaxDepth)
        {
            return Fail("the nesting is deeper than 16 levels");
        }

        return current is MappingStart ? ReadMapping(depth + 1, out node) : ReadSequence(depth + 1, out node);
    }

    private bool ReadMapping(int depth, out JsonNode? node)
    {
        var map = new JsonObject();
        node = map;
        while (MoveNext())
        {
            if (_parser.Current is MappingEnd)
            {
                return true;
            }

            if (_parser.Current is not Scalar key)
            {
                return Fail("a name must be plain text");
            }

            if (key is { Value: "<<", Style: ScalarStyle.Plain })
            {
                return Fail("a merge key is not allowed");
            }

            if (!ReadNode(depth, out _, out _))
            {
                return false;
            }

            if (map.ContainsKey(key.Value))
            {
                return Fail("a name occurs twice in one map");
            }

            if (!MoveNext() || !ReadNode(depth, out var value, out var text))
            {
                return false;
            }

            map.Add(key.Value, value);
            if (depth == 1 && text is not null)
            {
                _scalarTexts.Add(key.Value, text);
            }
        }

        return false;
    }

    private bool ReadSequence(int depth, out JsonNode? node)
    {
        var list = new JsonArray();
        node = list;
        while (MoveNext())
        {
            if (_parser.Current is SequenceEnd)
            {
                return true;
            }

            if (!ReadNode(depth, out var item, out _))
            {
                return false;
            }

            list.Add(item);
        }

        return false;
    }

    private bool ReadScalar(Scalar scalar, out JsonNode? node, out string? text)
    {
        node = null;
        text = scalar.Value;
        if (CardText.ContainsInvalidCharacters(text))
        {
            return Fail("text contains a null character (U+0000) or an unpaired surrogate");
        }

        if (scalar.Style != ScalarStyle.Plain)
        {
            node = JsonValue.Create(text);
            return true;
        }

        if (!YamlScalar.TryResolve(text, out node))
        {
            return Fail("a number cannot be kept exactly; put it in quotes");
        }

        text = node is null ? null : text;
        return true;
    }

    private bool MoveNext()
    {
        if (++_eventCount > MaxEvents)
        {
            return Fail("there are more than 1,000 events");
        }

        return _parser.MoveNext();
    }

    private bool Fail(string reason)
    {
        _error ??= string.Create(
            CultureInfo.InvariantCulture, $"Unsupported YAML at line {GetLine(_parser.Current?.Start ?? Mark.Empty)}: {reason}.");
        return false;
    }

    private long GetLine(in Mark mark) => _firstLine + mark.Line - 1;
}
