using Nexus.Cli;
using Nexus.Cli.CommandLine;

return await NexusCommand.RunAsync(args, Terminal.FromConsole());
