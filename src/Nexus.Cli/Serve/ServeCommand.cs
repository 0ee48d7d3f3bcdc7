using System.CommandLine;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Hosting;
using Nexus.Cli.Running;
using Nexus.Server.Platform.Hosting;
using Nexus.Server.Platform.Storage;

namespace Nexus.Cli.Serve;

/// <summary><c>nexus serve</c>: runs the service in this process.</summary>
internal static class ServeCommand
{
    public const string Name = "serve";

    public static Command Create(CommandRunner verb)
    {
        var data = new Option<string>("--data")
        {
            Description = "Folder for everything the service keeps; made where it does not exist.",
            HelpName = "dir",
            DefaultValueFactory = _ => "./nexus-data",
        };
        var urls = new Option<string?>("--urls") { Description = "Addresses to listen on, separated by ';'. Default http://127.0.0.1:5400.", HelpName = "urls" };
        var demo = new Option<bool>("--demo") { Description = "Load sample cards into the tenant t_demo and print a token for it." };
        var rotate = new Option<bool>("--rotate-log-key") { Description = "Make a new key that signs the log; the one before signs beside it for a while." };
        var epoch = new Option<bool>("--begin-epoch") { Description = "After a restore: begin a new epoch in each log that is behind what was signed of it." };
        var command = new Command(Name, "Run the service.") { data, urls, demo, rotate, epoch };
        return verb.SetAction(command, (invocation, cancellationToken) => RunAsync(
            new ServeOptions
            {
                DataFolder = invocation.Get(data)!,
                Urls = invocation.Get(urls),
                Demo = invocation.Get(demo),
                RotateLogKey = invocation.Get(rotate),
                BeginEpoch = invocation.Get(epoch),
                Announce = Console.Out.WriteLine,
            },
            cancellationToken));
    }

    private static async Task RunAsync(ServeOptions options, CancellationToken cancellationToken)
    {
        try
        {
            await using var app = await Server.Program.BuildAsync(options);
            await ((IHost)app).RunAsync(cancellationToken);
        }
        catch (StartupException e)
        {
            throw CommandException.Usage($"serve.refused: {e.Message}");
        }
        catch (IOException e) when (e.InnerException is AddressInUseException)
        {
            throw CommandException.Usage($"serve.address_in_use: {e.Message}");
        }
    }
}
