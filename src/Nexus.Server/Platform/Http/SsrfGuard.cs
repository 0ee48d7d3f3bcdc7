using System.Net;
using System.Net.Sockets;

namespace Nexus.Server.Platform.Http;

/// <summary>
/// Opens the connections to servers whose names an operator or a caller sets. It looks at the address it connects to, not at
/// the name, so a name that changes its mind gains nothing.
/// </summary>
internal static class SsrfGuard
{
    /// <summary>Connects to a host at one of its public addresses.</summary>
    /// <param name="host">A name or an address, with the port.</param>
    /// <param name="allowPrivate">Whether any of its addresses will do.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <exception cref="HttpRequestException">It has none.</exception>
    public static async ValueTask<Stream> ConnectAsync(DnsEndPoint host, bool allowPrivate, CancellationToken cancellationToken)
    {
        IPAddress[] found = IPAddress.TryParse(host.Host, out var literal)
            ? [literal]
            : await Dns.GetHostAddressesAsync(host.Host, cancellationToken);
        var allowed = allowPrivate ? found : Array.FindAll(found, PublicAddress.IsPublic);
        if (allowed.Length == 0)
        {
            throw new NoPublicAddressException();
        }

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(allowed, host.Port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}

/// <summary>A host has only addresses of this machine or its network, and those are not allowed.</summary>
internal sealed class NoPublicAddressException() : HttpRequestException("The host has no public address.");
