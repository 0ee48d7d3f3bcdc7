namespace Nexus.Server.Platform.Storage;

/// <summary>The folder of everything that is not on another server.</summary>
internal static class DataFolder
{
    /// <summary>The full path of a folder that holds a service's file already; nothing is made.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="file">What it must hold; empty where everything is elsewhere.</param>
    /// <exception cref="StartupException">It does not.</exception>
    public static string GetExisting(string path, string file) => file.Length == 0 || File.Exists(Path.Combine(path, file))
        ? Path.GetFullPath(path)
        : throw new StartupException($"The folder '{path}' holds no '{file}': it is no data folder of this service. Name it with --data.");

    /// <summary>Makes the folder at need, readable by its owner only, and returns its full path.</summary>
    /// <exception cref="StartupException">It cannot be made or written.</exception>
    public static string EnsureCreated(string path)
    {
        try
        {
            var full = Path.GetFullPath(path);
            return OperatingSystem.IsWindows()
                ? Directory.CreateDirectory(full).FullName
                : Directory.CreateDirectory(full, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute).FullName;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new StartupException($"The data folder '{path}' cannot be made: {exception.Message}");
        }
    }
}
