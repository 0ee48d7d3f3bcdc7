using Nexus.Cli;
using Nexus.Cli.CommandLine;

namespace Nexus.Tests.Cli;

/// <summary>Runs the nexus command in this process, with a configuration folder and an environment of its own.</summary>
internal sealed class CommandRun : IDisposable
{
    private readonly string _home = Directory.CreateTempSubdirectory("nexus-cli-").FullName;

    /// <summary>Environment variables of the command.</summary>
    public Dictionary<string, string> Variables { get; } = new(StringComparer.Ordinal);

    /// <summary>The command's clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    public string SessionFile => Path.Combine(_home, "nexus", "session.json");

    /// <summary>A folder for the test's files, removed with this.</summary>
    public string Folder { get; } = Directory.CreateTempSubdirectory("nexus-cli-files-").FullName;

    public Task<(int Exit, string Out, string Error)> RunAsync(params string[] args) => RunWithInputAsync("", args);

    public async Task<(int Exit, string Out, string Error)> RunWithInputAsync(string input, params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var exit = await NexusCommand.RunAsync(args, new Terminal
        {
            In = new StringReader(input),
            Out = output,
            Error = error,
            Time = Time,
            GetVariable = name => name == "XDG_CONFIG_HOME" ? _home : Variables.GetValueOrDefault(name),
        });
        return (exit, output.ToString(), error.ToString());
    }

    /// <summary>Writes a file below <see cref="Folder"/>, and answers its path.</summary>
    public string Write(string name, string text)
    {
        var path = Path.Combine(Folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return path;
    }

    public void Dispose()
    {
        Directory.Delete(_home, recursive: true);
        Directory.Delete(Folder, recursive: true);
    }
}
