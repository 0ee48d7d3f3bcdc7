using System.Text.Json;
using Nexus.Cli.Running;

namespace Nexus.Cli.SignIn;

/// <summary>
/// <c>nexus/session.json</c> in the user's configuration folder, readable by the user alone. It is replaced as a whole, so
/// that a crash leaves the old or the new session, and changed under a lock, so that two commands at once do not use one
/// refresh token twice.
/// </summary>
internal sealed class SessionFile(string path)
{
    private static readonly TimeSpan _lockPatience = TimeSpan.FromSeconds(15);

    /// <summary>The file of who runs the command; honours <c>XDG_CONFIG_HOME</c>.</summary>
    public static SessionFile ForCurrentUser(Terminal terminal)
    {
        var home = terminal.GetVariable("XDG_CONFIG_HOME") is { } configured && Path.IsPathRooted(configured)
            ? configured
            : OperatingSystem.IsWindows()
                ? Environment.GetFolderPath(Environment.SpecialFolder.ApplicationData)
                : Path.Combine(terminal.GetVariable("HOME") ?? Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".config");
        return new SessionFile(Path.Combine(home, "nexus", "session.json"));
    }

    public string Location => path;

    /// <summary>The stored session; null where nobody is signed in. A file that is no session counts as none.</summary>
    public StoredSession? Read()
    {
        try
        {
            using var file = File.OpenRead(path);
            return JsonSerializer.Deserialize(file, StoredSessionJson.Default.StoredSession);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException or JsonException)
        {
            return null;
        }
    }

    /// <summary>Puts a session in the place of the stored one, atomically.</summary>
    public void Write(StoredSession session)
    {
        EnsureFolder();
        var draft = $"{path}.{Guid.CreateVersion7():N}.tmp";
        try
        {
            using (var file = OpenPrivate(draft, FileMode.CreateNew))
            {
                JsonSerializer.Serialize(file, session, StoredSessionJson.Default.StoredSession);
                file.Flush(flushToDisk: true);
            }

            File.Move(draft, path, overwrite: true);
        }
        catch
        {
            File.Delete(draft);
            throw;
        }
    }

    public void Delete()
    {
        if (File.Exists(path))
        {
            File.Delete(path);
        }
    }

    /// <summary>Waits until no other command changes the session; dispose to let the next one in.</summary>
    public async Task<IDisposable> LockAsync(TimeProvider time, CancellationToken cancellationToken)
    {
        EnsureFolder();
        var start = time.GetTimestamp();
        while (true)
        {
            try
            {
                return OpenPrivate(path + ".lock", FileMode.OpenOrCreate);
            }
            catch (IOException) when (time.GetElapsedTime(start) < _lockPatience)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(50), time, cancellationToken);
            }
        }
    }

    private void EnsureFolder()
    {
        var folder = Path.GetDirectoryName(path)!;
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
        }
        else
        {
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    private static FileStream OpenPrivate(string file, FileMode mode)
    {
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.ReadWrite, Share = FileShare.None };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return new FileStream(file, options);
    }
}
