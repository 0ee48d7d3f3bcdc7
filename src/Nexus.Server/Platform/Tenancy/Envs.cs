namespace Nexus.Server.Platform.Tenancy;

/// <summary>The three envs of a tenant, each with data and a log of its own.</summary>
internal static class Envs
{
    /// <summary>All of them, as they are stored.</summary>
    public static IReadOnlyList<string> All { get; } = ["dev", "staging", "prod"];

    /// <summary>Reads an env in any case; <c>stage</c> means <c>staging</c>.</summary>
    public static bool TryParse(string? text, out string env)
    {
        env = text switch
        {
            { Length: 3 } when text.Equals("dev", StringComparison.OrdinalIgnoreCase) => "dev",
            { Length: 4 } when text.Equals("prod", StringComparison.OrdinalIgnoreCase) => "prod",
            { Length: 5 } when text.Equals("stage", StringComparison.OrdinalIgnoreCase) => "staging",
            { Length: 7 } when text.Equals("staging", StringComparison.OrdinalIgnoreCase) => "staging",
            _ => "",
        };
        return env.Length > 0;
    }
}
