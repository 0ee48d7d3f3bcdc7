using System.Text.Json;
using Nexus.Cli.CommandLine;

namespace Nexus.Cli.Connections;

/// <summary>
/// <c>nexus/session.json</c> in the user's configuration folder, readable only by the user. It is replaced atomically, so that
/// a crash leaves either the old or the new session, and changed under a lock, so that concurrent commands never use a refresh
/// token twice.
/// </summary>
internal sealed class SessionFile(string path)
{
    private static readonly TimeSpan _lockTimeout = TimeSpan.FromSeconds(15);

    /// <summary>The current user's file; honours <c>XDG_CONFIG_HOME</c>.</summary>
    public static SessionFile ForCurrentUser(Terminal terminal)
    {
        var home = terminal.GetVariable("XDG_CONFIG_HOME") is { } configured && Path.IsPathRooted(configured)
            ? configured
            : OperatingSystem.IsWindows()
                ? Environment.GetFolderPath(Environment.SpecialFolder.ApplicationData)
                : Path.Combine(terminal.GetVariable("HOME") ?? Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".config");
        return new SessionFile(Path.Combine(home, "nexus", "session.json"));
    }

    /// <summary>Returns the stored session, or null if nobody is signed in or the file is malformed.</summary>
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

    /// <summary>Replaces the stored session atomically.</summary>
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

    /// <summary>Waits for exclusive access to the session. Dispose the result to release it.</summary>
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
            catch (IOException) when (time.GetElapsedTime(start) < _lockTimeout)
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
