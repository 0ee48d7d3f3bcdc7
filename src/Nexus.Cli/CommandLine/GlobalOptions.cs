using System.CommandLine;

namespace Nexus.Cli.CommandLine;

/// <summary>The options of every command. An option overrides its environment variable, which overrides the stored session.</summary>
internal sealed class GlobalOptions
{
    public Option<string?> Server { get; } = new("--server")
    {
        Description = "URL of the server. Also NEXUS_SERVER.",
        HelpName = "url",
        Recursive = true,
    };

    public Option<string?> Tenant { get; } = new("--tenant")
    {
        Description = "Tenant to work in. Also NEXUS_TENANT.",
        HelpName = "t_…",
        Recursive = true,
    };

    public Option<string?> Env { get; } = new("--env")
    {
        Description = "dev, staging or prod. Also NEXUS_ENV. Default: prod.",
        HelpName = "env",
        Recursive = true,
    };

    public Option<string?> Token { get; } = new("--token")
    {
        Description = "Access token or API key to use instead of the stored session. Also NEXUS_TOKEN.",
        HelpName = "token",
        Recursive = true,
    };

    public Option<string?> Output { get; } = new("--output", "-o")
    {
        Description = "table or json. Default: table on a terminal, otherwise json.",
        HelpName = "table|json",
        Recursive = true,
    };

    public void AddTo(RootCommand root)
    {
        Output.AcceptOnlyFromAmong("table", "json");
        root.Add(Server);
        root.Add(Tenant);
        root.Add(Env);
        root.Add(Token);
        root.Add(Output);
    }
}
