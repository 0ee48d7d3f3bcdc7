using System.CommandLine;
using System.Text.Json;
using Nexus.Cli.CommandLine;
using Nexus.Client;

namespace Nexus.Cli.Search;

/// <summary>The search options, shared by all commands that search.</summary>
internal sealed class SearchOptions
{
    private readonly Argument<string[]> _text = new("text")
    {
        Description = "Words to search for. With \"\" and filters: all matching cards, newest first.",
        Arity = ArgumentArity.OneOrMore,
    };

    private readonly Option<string[]> _type = new("--type")
    {
        Description = "Only cards of this type. Repeat for several types.",
        HelpName = "type",
    };

    private readonly Option<string[]> _filter = new("--filter")
    {
        Description = "Only cards with this header value, for example owner=ops. Repeat a key to match any of several values.",
        HelpName = "key=value",
    };

    private readonly Option<int?> _top = new("--top") { Description = "Maximum number of results, 1 to 100. Default: 10.", HelpName = "n" };

    private readonly Option<string?> _mode = new("--mode")
    {
        Description = "lexical, semantic or hybrid. Default: hybrid if an embedder is configured, otherwise lexical.",
        HelpName = "mode",
    };

    public SearchOptions()
    {
        _mode.AcceptOnlyFromAmong("lexical", "semantic", "hybrid");
        _filter.Validators.Add(result =>
        {
            foreach (var token in result.Tokens.Where(token => token.Value.IndexOf('=', StringComparison.Ordinal) < 1))
            {
                result.AddError($"Invalid filter '{token.Value}'. Expected key=value, for example owner=ops.");
            }
        });
    }

    public void AddTo(Command command)
    {
        command.Add(_text);
        command.Add(_type);
        command.Add(_filter);
        command.Add(_top);
        command.Add(_mode);
    }

    public SearchQuery Read(Invocation invocation, bool explain = false) => new()
    {
        QueryText = string.Join(' ', invocation.Get(_text)),
        Filters = BuildFilters(invocation.Get(_type) ?? [], invocation.Get(_filter) ?? []),
        TopK = invocation.Get(_top),
        Mode = invocation.Get(_mode),
        Explain = explain ? true : null,
    };

    /// <summary>One value of a key is sent as it is, several as a list that matches any of them.</summary>
    internal static Dictionary<string, JsonElement>? BuildFilters(IEnumerable<string> types, IEnumerable<string> filters)
    {
        var byKey = types.Select(type => (Key: "card_type", Value: type))
            .Concat(filters.Select(SplitFilter))
            .GroupBy(pair => pair.Key, pair => ParseValue(pair.Key, pair.Value), StringComparer.Ordinal)
            .ToDictionary(values => values.Key, ToValueOrArray, StringComparer.Ordinal);
        return byKey.Count == 0 ? null : byKey;
    }

    private static (string Key, string Value) SplitFilter(string filter)
    {
        var at = filter.IndexOf('=', StringComparison.Ordinal);
        return (filter[..at], filter[(at + 1)..]);
    }

    private static JsonElement ToValueOrArray(IEnumerable<JsonElement> values)
        => values.ToArray() is var all && all is [var single]
            ? single
            : JsonSerializer.SerializeToElement(all, FilterJson.Default.JsonElementArray);

    /// <summary>
    /// Headers contain typed values, so <c>year=1958</c> matches the number and <c>year="1958"</c>, including the quotes, matches
    /// the text. Type and version are always text.
    /// </summary>
    private static JsonElement ParseValue(string key, string text)
    {
        if (key is not ("card_type" or "version"))
        {
            try
            {
                var value = JsonSerializer.Deserialize(text, FilterJson.Default.JsonElement);
                if (value.ValueKind is not (JsonValueKind.Object or JsonValueKind.Array))
                {
                    return value;
                }
            }
            catch (JsonException)
            {
                // Not JSON: the value is text.
            }
        }

        return JsonSerializer.SerializeToElement(text, FilterJson.Default.String);
    }
}
