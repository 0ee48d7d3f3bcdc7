using Nexus.Cli;
using Nexus.Cli.Running;

return await NexusCommand.RunAsync(args, Terminal.FromConsole());
