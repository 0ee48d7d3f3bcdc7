using System.CommandLine;

namespace Nexus.Cli.CommandLine;

/// <summary>One run of a command: its options and arguments, the terminal, and the HTTP client.</summary>
internal sealed class Invocation(ParseResult parseResult, GlobalOptions global, Terminal terminal, HttpClient http)
{
    public Terminal Terminal => terminal;

    public HttpClient Http => http;

    public Output Output { get; } =
        new(terminal, parseResult.GetValue(global.Output) is { } output ? output == "json" : !terminal.IsOutputTerminal);

    public string? Server => parseResult.GetValue(global.Server) ?? terminal.GetVariable("NEXUS_SERVER");

    public string? Tenant => parseResult.GetValue(global.Tenant) ?? terminal.GetVariable("NEXUS_TENANT");

    public string? Env => parseResult.GetValue(global.Env) ?? terminal.GetVariable("NEXUS_ENV");

    public string? Token => parseResult.GetValue(global.Token) ?? terminal.GetVariable("NEXUS_TOKEN");

    /// <summary>What to do if the server answers 401; null without a stored session.</summary>
    public string? SignInHint { get; set; }

    public T? Get<T>(Option<T> option) => parseResult.GetValue(option);

    public T Get<T>(Argument<T> argument) => parseResult.GetRequiredValue(argument);

    /// <summary>The value of an argument that can be omitted.</summary>
    public T? GetOptional<T>(Argument<T> argument) => parseResult.GetValue(argument);
}
