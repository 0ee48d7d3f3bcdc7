using Nexus.Cli.CommandLine;
using Nexus.Client;
using Spectre.Console;

namespace Nexus.Cli.Members;

/// <summary>A one-time link as a table.</summary>
internal static class LinkTable
{
    public static Grid CreateDetails(OneTimeLink link) => Output.CreateDetails(
        ("link", link.Url),
        ("expires", $"{UtcTime.Format(link.ExpiresAt)} (works once)"));
}
