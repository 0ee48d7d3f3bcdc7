using System.CommandLine;
using System.Text.Json;
using Nexus.Cli.Running;
using Nexus.Client;

namespace Nexus.Cli.Search;

/// <summary>What a search is asked on the command line; shared by every verb that searches.</summary>
internal sealed class SearchOptions
{
    private readonly Argument<string[]> _text = new("text")
    {
        Description = "Words to look for; several are one question. \"\" with filters: what matches them, newest first.",
        Arity = ArgumentArity.OneOrMore,
    };

    private readonly Option<string[]> _type = new("--type") { Description = "Only cards of this type; repeat for any of several.", HelpName = "type" };

    private readonly Option<string[]> _filter = new("--filter")
    {
        Description = "Only cards whose header has this value, such as owner=ops; repeat a key for any of several values.",
        HelpName = "key=value",
    };

    private readonly Option<int?> _top = new("--top") { Description = "Most results, 1 to 100. Default 10.", HelpName = "n" };

    private readonly Option<string?> _mode = new("--mode") { Description = "lexical, semantic or hybrid.", HelpName = "mode" };

    public SearchOptions()
    {
        _mode.AcceptOnlyFromAmong("lexical", "semantic", "hybrid");
        _filter.Validators.Add(result =>
        {
            foreach (var token in result.Tokens.Where(token => token.Value.IndexOf('=', StringComparison.Ordinal) < 1))
            {
                result.AddError($"--filter takes key=value, not '{token.Value}'.");
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

    /// <summary>The query asked for.</summary>
    public SearchQuery Read(Invocation invocation, bool explain = false) => new()
    {
        QueryText = string.Join(' ', invocation.Get(_text)),
        Filters = BuildFilters(invocation.Get(_type) ?? [], invocation.Get(_filter) ?? []),
        TopK = invocation.Get(_top),
        Mode = invocation.Get(_mode),
        Explain = explain ? true : null,
    };

    /// <summary>One value is sent as itself, several of one key as a list: any of them.</summary>
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
    /// A header holds numbers and truth values as such, so <c>year=1958</c> asks for the number and <c>year="1958"</c>,
    /// quotes included, for the text. Type and version are always text.
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
                // Plain text.
            }
        }

        return JsonSerializer.SerializeToElement(text, FilterJson.Default.String);
    }
}
