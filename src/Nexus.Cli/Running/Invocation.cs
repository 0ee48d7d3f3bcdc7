using System.CommandLine;
using Nexus.Cli.SignIn;

namespace Nexus.Cli.Running;

/// <summary>One run of a verb: what was asked, where it speaks, whom it speaks for.</summary>
internal sealed class Invocation(ParseResult asked, GlobalOptions global, Terminal terminal, HttpClient http)
{
    public Terminal Terminal => terminal;

    public HttpClient Http => http;

    public Output Output { get; } = new(terminal, asked.GetValue(global.Output) is { } output ? output == "json" : !terminal.IsOutputTerminal);

    public SessionFile SessionFile { get; } = SessionFile.ForCurrentUser(terminal);

    public string? Server => asked.GetValue(global.Server) ?? terminal.GetVariable("NEXUS_SERVER");

    public string? Tenant => asked.GetValue(global.Tenant) ?? terminal.GetVariable("NEXUS_TENANT");

    public string? Env => asked.GetValue(global.Env) ?? terminal.GetVariable("NEXUS_ENV");

    public string? Token => asked.GetValue(global.Token) ?? terminal.GetVariable("NEXUS_TOKEN");

    public T? Get<T>(Option<T> option) => asked.GetValue(option);

    public T Get<T>(Argument<T> argument) => asked.GetRequiredValue(argument);

    /// <summary>An argument that may be left out.</summary>
    public T? GetOptional<T>(Argument<T> argument) => asked.GetValue(argument);

    /// <summary>The service and the credential to use with it; fails where there is none.</summary>
    /// <param name="server">Its address where an argument says it; else the option, the variable or the session do.</param>
    public Connection Connect(string? server = null) => Connection = SignIn.Connection.Open(this, server);

    /// <summary>What <see cref="Connect"/> answered; null until then.</summary>
    public Connection? Connection { get; private set; }
}
