using System.CommandLine;
using System.Globalization;
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
        Filters = Filters(invocation.Get(_type) ?? [], invocation.Get(_filter) ?? []),
        TopK = invocation.Get(_top),
        Mode = invocation.Get(_mode),
        Explain = explain ? true : null,
    };

    /// <summary>One value is sent as itself, several of one key as a list: any of them.</summary>
    internal static Dictionary<string, JsonElement>? Filters(IEnumerable<string> types, IEnumerable<string> filters)
    {
        var pairs = types.Select(type => (Key: "card_type", Value: type))
            .Concat(filters.Select(filter => (Key: filter[..filter.IndexOf('=', StringComparison.Ordinal)], Value: filter[(filter.IndexOf('=', StringComparison.Ordinal) + 1)..])));
        var byKey = pairs.GroupBy(pair => pair.Key, pair => Value(pair.Value), StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => group.ToArray(), StringComparer.Ordinal);
        return byKey.Count == 0
            ? null
            : byKey.ToDictionary(
                pair => pair.Key,
                pair => pair.Value is [var single] ? single : JsonSerializer.SerializeToElement(pair.Value, FilterJson.Default.JsonElementArray),
                StringComparer.Ordinal);
    }

    /// <summary>
    /// A header holds numbers and truth values as such, so <c>year=1958</c> asks for the number;
    /// <c>year="1958"</c>, quotes included, for the text.
    /// </summary>
    private static JsonElement Value(string text)
    {
        if (text is "true" or "false")
        {
            return JsonSerializer.SerializeToElement(text == "true", FilterJson.Default.Boolean);
        }

        if (text is ['"', .. var inner, '"'])
        {
            return JsonSerializer.SerializeToElement(inner, FilterJson.Default.String);
        }

        return long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            && number.ToString(CultureInfo.InvariantCulture) == text
            ? JsonSerializer.SerializeToElement(number, FilterJson.Default.Int64)
            : JsonSerializer.SerializeToElement(text, FilterJson.Default.String);
    }
}
