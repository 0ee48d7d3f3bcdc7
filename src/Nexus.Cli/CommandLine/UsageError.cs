using System.CommandLine;
using System.CommandLine.Completions;
using System.CommandLine.Parsing;
using System.Globalization;

namespace Nexus.Cli.CommandLine;

/// <summary>
/// Explains what is wrong with a command line, from its tokens and symbols. The parser's own messages are not used: they name
/// .NET types and are not ours to keep stable.
/// </summary>
internal static class UsageError
{
    /// <summary>Returns one sentence, or null if the command line is valid.</summary>
    public static string? Find(ParseResult parseResult)
    {
        var command = parseResult.CommandResult;
        if (FindUnknownOption(parseResult) is { } option)
        {
            return DescribeUnknown("option", option, GetOptions(command).Select(known => known.Name));
        }

        if (parseResult.Errors.Count == 0)
        {
            return null;
        }

        if (parseResult.UnmatchedTokens is [var unknown, ..])
        {
            return DescribeFlagValue(parseResult, unknown) ?? DescribeUnmatched(unknown, command.Command);
        }

        return IsIncomplete(command.Command)
            ? $"Missing command. Commands: {ListCommands(command.Command)}."
            : FindMissing(command)
            ?? GetOptionResults(command).Select(DescribeCount).FirstOrDefault(error => error is not null)
            ?? parseResult.Errors.Select(DescribeValue).First();
    }

    /// <summary>The words that lead to the command, such as <c>nexus card add</c>.</summary>
    public static string GetPath(ParseResult parseResult) => string.Join(
        ' ',
        GetAncestors(parseResult.CommandResult).Reverse().Select(result => result.Command is RootCommand ? "nexus" : result.Command.Name));

    /// <summary>
    /// The parser takes an unknown option of a command with a free argument as the argument's value: <c>search x --tpo 3</c> would
    /// search for three words. After <c>--</c> such words are values.
    /// </summary>
    private static string? FindUnknownOption(ParseResult parseResult) => parseResult.Tokens
        .TakeWhile(token => token.Type != TokenType.DoubleDash)
        .Where(token => token.Type == TokenType.Argument && LooksLikeOption(token.Value))
        .Select(token => token.Value)
        .FirstOrDefault(value => IsUnmatchedOrArgument(parseResult, value));

    private static bool IsUnmatchedOrArgument(ParseResult parseResult, string value) =>
        parseResult.UnmatchedTokens.Contains(value, StringComparer.Ordinal)
        || parseResult.CommandResult.Children.OfType<ArgumentResult>().Any(result => result.Tokens.Any(token => token.Value == value));

    private static bool LooksLikeOption(string value) =>
        value is ['-', '-', >= 'a' and <= 'z', ..] && !value.Contains(' ', StringComparison.Ordinal);

    /// <summary>The parser does not take <c>--pinned=maybe</c> as a value of a Boolean option, but as an extra argument.</summary>
    private static string? DescribeFlagValue(ParseResult parseResult, string unmatched)
    {
        var previous = parseResult.Tokens
            .TakeWhile(token => token.Type != TokenType.Argument || token.Value != unmatched)
            .LastOrDefault();
        var option = GetOptions(parseResult.CommandResult).FirstOrDefault(option => option.Name == previous?.Value);
        return option is not null && option.ValueType == typeof(bool?) ? DescribeExpected(option.Name, unmatched, "true or false") : null;
    }

    private static string DescribeUnmatched(string unknown, Command command)
    {
        if (command.Subcommands.Count == 0)
        {
            return $"Unexpected argument '{unknown}'.";
        }

        var nearest = NearestWord.Find(unknown, command.Subcommands.Select(known => known.Name));
        return nearest is null
            ? $"Unknown command '{unknown}'. Commands: {ListCommands(command)}."
            : $"Unknown command '{unknown}'. Did you mean '{nearest}'?";
    }

    private static string DescribeUnknown(string kind, string unknown, IEnumerable<string> known)
    {
        var name = unknown.Split('=', 2)[0];
        return NearestWord.Find(name, known) is { } nearest
            ? $"Unknown {kind} '{name}'. Did you mean '{nearest}'?"
            : $"Unknown {kind} '{name}'.";
    }

    private static string? FindMissing(CommandResult command)
    {
        var argument = command.Command.Arguments
            .FirstOrDefault(argument => (command.GetResult(argument)?.Tokens.Count ?? 0) < argument.Arity.MinimumNumberOfValues);
        if (argument is not null)
        {
            return $"Missing argument <{argument.Name}>.";
        }

        var option = GetOptions(command)
            .FirstOrDefault(option => option.Required && command.GetResult(option) is null or { Implicit: true });
        return option is null ? null : $"Missing required option {option.Name}.";
    }

    private static string? DescribeCount(OptionResult result)
    {
        var arity = result.Option.Arity;
        return result.Tokens.Count < arity.MinimumNumberOfValues ? $"Missing value for {result.Option.Name}."
            : result.Tokens.Count > arity.MaximumNumberOfValues ? $"{result.Option.Name} takes only one value."
            : null;
    }

    /// <summary>A value of the wrong type or not among the allowed ones; otherwise the message of the command's own validator.</summary>
    private static string DescribeValue(ParseError error) => error.SymbolResult switch
    {
        OptionResult { Option: var option, Tokens: [.., var token] } =>
            DescribeType(option.Name, option.ValueType, token.Value)
            ?? DescribeChoice(option.Name, option.GetCompletions(CompletionContext.Empty), token.Value)
            ?? error.Message,
        ArgumentResult { Argument: var argument, Tokens: [.., var token] } =>
            DescribeType($"<{argument.Name}>", argument.ValueType, token.Value)
            ?? DescribeChoice($"<{argument.Name}>", argument.GetCompletions(CompletionContext.Empty), token.Value)
            ?? error.Message,
        _ => error.Message,
    };

    private static string? DescribeType(string name, Type type, string value) => (Nullable.GetUnderlyingType(type) ?? type) switch
    {
        var known when known == typeof(int) && !int.TryParse(value, CultureInfo.InvariantCulture, out _) =>
            DescribeExpected(name, value, "a whole number"),
        var known when known == typeof(long) && !long.TryParse(value, CultureInfo.InvariantCulture, out _) =>
            DescribeExpected(name, value, "a whole number"),
        var known when known == typeof(bool) && !bool.TryParse(value, out _) => DescribeExpected(name, value, "true or false"),
        var known when known == typeof(DirectoryInfo) && File.Exists(value) => $"'{value}' is a file. Expected a directory.",
        var known when known == typeof(DirectoryInfo) && !Directory.Exists(value) => $"Directory '{value}' does not exist.",
        _ => null,
    };

    private static string DescribeExpected(string name, string value, string expected) =>
        $"Invalid value '{value}' for {name}. Expected {expected}.";

    private static string? DescribeChoice(string name, IEnumerable<CompletionItem> choices, string value)
    {
        var allowed = choices.Select(choice => choice.Label).ToList();
        return allowed.Count == 0 || allowed.Contains(value, StringComparer.Ordinal)
            ? null
            : $"Invalid value '{value}' for {name}. Allowed: {string.Join(", ", allowed)}.";
    }

    private static bool IsIncomplete(Command command) => command.Action is null && command.Subcommands.Count > 0;

    private static string ListCommands(Command command) => string.Join(", ", command.Subcommands.Select(known => known.Name));

    private static IEnumerable<OptionResult> GetOptionResults(CommandResult command) => GetAncestors(command)
        .SelectMany(result => result.Children.OfType<OptionResult>())
        .Where(result => !result.Implicit);

    private static IEnumerable<Option> GetOptions(CommandResult command) => GetAncestors(command)
        .SelectMany(result => result.Command.Options.Where(option => option.Recursive || result == command));

    private static IEnumerable<CommandResult> GetAncestors(CommandResult? command)
    {
        for (var at = command; at is not null; at = at.Parent as CommandResult)
        {
            yield return at;
        }
    }
}
