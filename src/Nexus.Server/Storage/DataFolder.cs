namespace Nexus.Server.Storage;

/// <summary>The folder of everything that is not on another server.</summary>
internal static class DataFolder
{
    /// <summary>Makes the folder at need, readable by its owner only, and returns its full path.</summary>
    /// <exception cref="StartRefusedException">It cannot be made or written.</exception>
    public static string Open(string path)
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
            throw new StartRefusedException($"The data folder '{path}' cannot be made: {exception.Message}");
        }
    }
}
