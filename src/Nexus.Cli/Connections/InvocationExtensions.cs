using Nexus.Cli.CommandLine;

namespace Nexus.Cli.Connections;

internal static class InvocationExtensions
{
    /// <summary>Returns the server and the credential to use with it. Fails if either is missing.</summary>
    /// <param name="invocation">The command.</param>
    /// <param name="server">The server's URL if an argument names it; otherwise the option, the variable or the session does.</param>
    public static Connection Connect(this Invocation invocation, string? server = null) => Connection.Open(invocation, server);
}
