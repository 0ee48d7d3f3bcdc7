using System.Text.Json;
using System.Text.Json.Serialization;

namespace Nexus.Cli.Cards;

/// <summary>
/// The text of a card file: <c>YAML --- body</c>, front matter between two <c>---</c> lines, or plain text without a header.
/// Adds a card type if there is none and preserves every other byte.
/// </summary>
internal static class CardText
{
    private static readonly string[] _yamlKeywords = ["true", "false", "null", "yes", "no", "on", "off", "y", "n"];

    /// <summary>
    /// Returns the text with <c>card_type</c> in its header, adding a line or a whole header if needed. A header that is not block
    /// YAML is left to the server to validate.
    /// </summary>
    public static string WithCardType(string text, string cardType)
    {
        var newline = text.Contains("\r\n", StringComparison.Ordinal) ? "\r\n" : "\n";
        var line = $"card_type: {ToYamlScalar(cardType)}{newline}";
        if (FindHeader(text) is { } header)
        {
            return HasCardType(text.AsSpan()[header]) || IsFlowMapping(text.AsSpan()[header])
                ? text
                : text.Insert(header.Start.Value, line);
        }

        // A YAML file that names its type but has no separator is an invalid card; the server explains why.
        return LooksLikeYaml(text) && HasCardType(text) ? text : $"---{newline}{line}---{newline}{text}";
    }

    /// <summary>Returns the position of the header, or null without one.</summary>
    private static Range? FindHeader(ReadOnlySpan<char> text)
    {
        var start = 0;
        for (var at = 0; at < text.Length;)
        {
            var end = text[at..].IndexOf('\n') is >= 0 and var length ? at + length + 1 : text.Length;
            if (text[at..end] is "---" or "---\n" or "---\r\n")
            {
                if (start == 0 && text[..at].IsWhiteSpace())
                {
                    start = end;
                }
                else
                {
                    // A line of three dashes is also a Markdown rule: without leading dashes, only YAML counts as a header.
                    return start > 0 || LooksLikeYaml(text[..at]) ? start..at : null;
                }
            }

            at = end;
        }

        return null;
    }

    private static bool HasCardType(ReadOnlySpan<char> header)
    {
        foreach (var line in header.EnumerateLines())
        {
            if (GetKey(line) is "card_type")
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsFlowMapping(ReadOnlySpan<char> header) => header.TrimStart() is ['{', ..];

    /// <summary>
    /// Whether every line is blank, indented, a list item, a bracket or <c>key:</c>, and at least one is a key. A comment counts
    /// only if the text names its type: otherwise it is more likely a Markdown heading.
    /// </summary>
    private static bool LooksLikeYaml(ReadOnlySpan<char> header)
    {
        var hasKey = IsFlowMapping(header);
        var mayHaveComments = HasCardType(header);
        foreach (var line in header.EnumerateLines())
        {
            if (!GetKey(line).IsEmpty)
            {
                hasKey = true;
            }
            else if (line is ['#', ..]
                ? !mayHaveComments
                : line.TrimEnd() is not ([] or [' ' or '\t' or '{' or '}' or ']', ..] or ['-', ' ', ..]))
            {
                return false;
            }
        }

        return hasKey;
    }

    /// <summary>The key at the beginning of an unindented line, without quotes; empty without a key.</summary>
    private static ReadOnlySpan<char> GetKey(ReadOnlySpan<char> line)
    {
        var colon = line.IndexOf(':');
        if (colon < 1 || (colon + 1 < line.Length && line[colon + 1] is not (' ' or '\t')))
        {
            return [];
        }

        var key = line[..colon].TrimEnd();
        if (key is ['"', .., '"'] or ['\'', .., '\''])
        {
            return key[1..^1];
        }

        foreach (var c in key)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('_' or '-' or '.'))
            {
                return [];
            }
        }

        return key;
    }

    /// <summary>A YAML scalar with this value: plain if that is safe, otherwise a JSON string, which is valid YAML.</summary>
    private static string ToYamlScalar(string value)
    {
        var isPlain = value is [>= 'a' and <= 'z' or >= 'A' and <= 'Z', ..]
            && value.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.')
            && !_yamlKeywords.Contains(value, StringComparer.OrdinalIgnoreCase);
        return isPlain ? value : JsonSerializer.Serialize(value, ScalarJson.Default.String);
    }
}

[JsonSerializable(typeof(string))]
internal sealed partial class ScalarJson : JsonSerializerContext;
