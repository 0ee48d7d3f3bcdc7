namespace Nexus.Cli.CommandLine;

/// <summary>Opens the files named on the command line, with an error that says so if a path is a directory.</summary>
internal static class FilePath
{
    /// <summary>Opens a file for sequential reading.</summary>
    public static FileStream OpenRead(string path)
    {
        EnsureNotDirectory(path);
        return new FileStream(path, new FileStreamOptions { Options = FileOptions.Asynchronous | FileOptions.SequentialScan });
    }

    /// <summary>Creates a file. Fails if it exists.</summary>
    public static FileStream Create(string path)
    {
        EnsureNotDirectory(path);
        return new FileStream(
            path, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Options = FileOptions.Asynchronous });
    }

    public static async Task<string> ReadTextAsync(string path, CancellationToken cancellationToken)
    {
        EnsureNotDirectory(path);
        return await File.ReadAllTextAsync(path, cancellationToken);
    }

    /// <summary>Without this check .NET reports a directory as "Access to the path is denied".</summary>
    /// <param name="path">The path to check.</param>
    /// <param name="hint">What to do instead.</param>
    public static void EnsureNotDirectory(string path, string hint = "Expected a file.")
    {
        if (Directory.Exists(path))
        {
            throw CommandException.Usage($"client.file: '{Terminal.ToSingleLine(path)}' is a directory. {hint}");
        }
    }
}
