using Nexus.Client;
using Spectre.Console;

namespace Nexus.Cli.Running;

/// <summary>A one-time link as people read it.</summary>
internal static class LinkTable
{
    public static Grid CreateDetails(OneTimeLink link) => Output.CreateDetails(
        ("link", link.Url),
        ("good until", $"{UtcTime.Format(link.ExpiresAt)}, once"));
}
