using System.CommandLine;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Nexus.Cli.CommandLine;
using Nexus.Server.Platform.Hosting;
using Nexus.Server.Platform.Storage;

namespace Nexus.Cli.Serve;

/// <summary><c>nexus serve</c>: runs the server in this process.</summary>
internal static class ServeCommand
{
    public const string Name = "serve";

    public static Command Create(CommandRunner runner)
    {
        var data = new Option<string>("--data")
        {
            Description = "Folder for all data. Created if it does not exist.",
            HelpName = "dir",
            DefaultValueFactory = _ => "./nexus-data",
        };
        var urls = new Option<string?>("--urls")
        {
            Description = "URLs to listen on, separated by ';'. Default: http://127.0.0.1:5400.",
            HelpName = "urls",
        };
        var demo = new Option<bool>("--demo") { Description = "Load sample cards into the tenant t_demo and print an API key for it." };
        var rotate = new Option<bool>("--rotate-log-key")
        {
            Description = "Create a new key to sign the log. The previous key keeps signing too for a while.",
        };
        var epoch = new Option<bool>("--begin-epoch")
        {
            Description = "After a restore: begin a new epoch in each log that is shorter than its last signed checkpoint.",
        };
        var command = new Command(Name, "Run the server.") { data, urls, demo, rotate, epoch };
        urls.Validators.Add(result =>
        {
            foreach (var url in result.Tokens.SelectMany(token => token.Value.Split(';', StringSplitOptions.RemoveEmptyEntries)))
            {
                if (!IsListenUrl(url))
                {
                    result.AddError($"Invalid URL '{url}' for --urls. Example: http://127.0.0.1:5400");
                }
            }
        });
        return runner.SetAction(command, (invocation, cancellationToken) => RunAsync(
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

    /// <summary>Whether Kestrel can listen on a URL. It also accepts hosts that are no URI, such as <c>http://*:80</c>.</summary>
    private static bool IsListenUrl(string url)
    {
        try
        {
            return BindingAddress.Parse(url) is { Scheme: "http" or "https", PathBase: "" };
        }
        catch (FormatException)
        {
            return false;
        }
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
