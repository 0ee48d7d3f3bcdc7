using System.CommandLine;
using Microsoft.Extensions.Hosting;
using Nexus.Cli.Running;

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
        var urls = new Option<string?>("--urls") { Description = "Addresses to listen on, separated by ';'.", HelpName = "urls" };
        var demo = new Option<bool>("--demo") { Description = "Load sample cards into the tenant t_demo and print a token for it." };
        var command = new Command(Name, "Run the service.") { data, urls, demo };
        return verb.Does(command, async (invocation, cancellation) =>
        {
            await using var app = await Nexus.Server.Program.BuildAsync(new Nexus.Server.ServeOptions
            {
                DataFolder = invocation.Get(data)!,
                Urls = invocation.Get(urls),
                Demo = invocation.Get(demo),
            });
            await ((IHost)app).RunAsync(cancellation);
        });
    }
}
