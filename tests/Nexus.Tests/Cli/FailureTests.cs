using System.Net.Sockets;

using Nexus.Cli.CommandLine;

namespace Nexus.Tests.Cli;

/// <summary>What a script is told of what went wrong below a command.</summary>
public sealed class FailureTests
{
    [Fact]
    public void Network_errors_map_to_unavailable_and_file_errors_to_usage()
    {
        Exit(new HttpIOException(HttpRequestError.ResponseEnded)).ShouldBe(ExitCode.Unavailable);
        Exit(new IOException("Unable to read data.", new SocketException((int)SocketError.ConnectionReset))).ShouldBe(ExitCode.Unavailable);
        Exit(new FileNotFoundException()).ShouldBe(ExitCode.Usage);
    }

    private static int Exit(Exception exception) => CommandException.FromException(exception)!.Exit;
}
