using System.Net.Sockets;

using Nexus.Cli.Running;

namespace Nexus.Tests.Cli;

/// <summary>What a script is told of what went wrong below a command.</summary>
public sealed class FailureTests
{
    [Fact]
    public void An_answer_that_ends_early_or_is_reset_is_the_server_s_failure_and_a_file_s_is_the_caller_s()
    {
        Exit(new HttpIOException(HttpRequestError.ResponseEnded)).ShouldBe(ExitCode.Unavailable);
        Exit(new IOException("Unable to read data.", new SocketException((int)SocketError.ConnectionReset))).ShouldBe(ExitCode.Unavailable);
        Exit(new FileNotFoundException()).ShouldBe(ExitCode.Usage);
    }

    private static int Exit(Exception exception) => CommandException.FromException(exception)!.Exit;
}
