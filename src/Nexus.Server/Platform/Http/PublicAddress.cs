using System.Net;

namespace Nexus.Server.Platform.Http;

/// <summary>Which addresses are the public internet, and not this machine, its network or its cloud's back door.</summary>
internal static class PublicAddress
{
    // IANA's special-purpose registries, and Azure's host, which looks public and is not.
    private static readonly IPNetwork[] _notPublic =
    [
        .. new[]
        {
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12",
            "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24",
            "203.0.113.0/24", "224.0.0.0/3", "168.63.129.16/32",
            "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20",
        }.Select(n => IPNetwork.Parse(n)),
    ];

    private static readonly IPNetwork _globalUnicast = IPNetwork.Parse("2000::/3");

    /// <summary>Whether a connection to this address leaves for the public internet.</summary>
    public static bool IsPublic(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
        {
            address = address.MapToIPv4();
        }

        return (address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork || _globalUnicast.Contains(address))
            && !_notPublic.Any(n => n.Contains(address));
    }
}
