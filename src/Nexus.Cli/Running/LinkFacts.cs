using Nexus.Client;
using Spectre.Console;

namespace Nexus.Cli.Running;

/// <summary>A one-time link as people read it.</summary>
internal static class LinkFacts
{
    public static Grid Of(OneTimeLink link) => Output.Facts(
        ("link", link.Url),
        ("good until", $"{UtcTime.Format(link.ExpiresAt)}, once"));
}
