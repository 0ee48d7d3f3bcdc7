using System.CommandLine;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Hosting;
using Nexus.Cli.Running;
using Nexus.Server;
using Nexus.Server.Storage;

namespace Nexus.Cli.Serve;

/// <summary><c>nexus serve</c>: runs the service in this process.</summary>
internal static class ServeCommand
{
    public const string Name = "serve";

    public static Command Create(Verb verb)
    {
        var data = new Option<string>("--data")
        {
            Description = "Folder for everything the service keeps; made where it does not exist.",
            HelpName = "dir",
            DefaultValueFactory = _ => "./nexus-data",
        };
        var urls = new Option<string?>("--urls") { Description = "Addresses to listen on, separated by ';'. Default http://127.0.0.1:5400.", HelpName = "urls" };
        var demo = new Option<bool>("--demo") { Description = "Load sample cards into the tenant t_demo and print a token for it." };
        var command = new Command(Name, "Run the service.") { data, urls, demo };
        return verb.Does(command, (invocation, cancellation) => RunAsync(
            new ServeOptions
            {
                DataFolder = invocation.Get(data)!,
                Urls = invocation.Get(urls),
                Demo = invocation.Get(demo),
                Announce = Console.Out.WriteLine,
            },
            cancellation));
    }

    private static async Task RunAsync(ServeOptions options, CancellationToken cancellation)
    {
        try
        {
            await using var app = await Server.Program.BuildAsync(options);
            await ((IHost)app).RunAsync(cancellation);
        }
        catch (StartRefusedException e)
        {
            throw Failure.Usage($"serve.refused: {e.Message}");
        }
        catch (IOException e) when (e.InnerException is AddressInUseException)
        {
            throw Failure.Usage($"serve.address_in_use: {e.Message}");
        }
    }
}
