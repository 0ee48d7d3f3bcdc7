using System.Runtime.InteropServices;

namespace Nexus.Server.Platform.Storage.Blobs;

/// <summary>Makes names in a folder survive a power cut: .NET flushes files, but cannot open a folder to flush its entries.</summary>
internal static partial class DurableFolder
{
    /// <summary>Makes a folder and those above it, and waits until their names are on disk.</summary>
    /// <param name="folder">What to make.</param>
    /// <param name="root">A folder above it that is there for good.</param>
    public static void Create(string folder, string root)
    {
        Directory.CreateDirectory(folder);

        // Somebody else may have made it a moment ago and not flushed it yet, so being there says nothing.
        for (var at = folder; at.Length > root.Length;)
        {
            at = Path.GetDirectoryName(at)!;
            Flush(at);
        }
    }

    /// <summary>Waits until a folder's entries are on disk.</summary>
    /// <exception cref="IOException">They are not.</exception>
    public static void Flush(string folder)
    {
        // Windows keeps a folder's entries in its journal and cannot be asked.
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var descriptor = Open(folder, 0);
        if (descriptor < 0)
        {
            throw new IOException("A folder of the blob store cannot be opened.", Marshal.GetLastPInvokeError());
        }

        var failed = Fsync(descriptor) != 0;
        _ = Close(descriptor);
        if (failed)
        {
            throw new IOException("A folder of the blob store cannot be flushed.");
        }
    }

    /// <summary>
    /// Gives a file a second name where nothing has it yet, which only one of several callers can. <see cref="File.Move(string,string)"/>
    /// cannot be asked: on Unix it looks first and renames then, so that of two that looked the second replaces the file of the first.
    /// </summary>
    /// <param name="file">The file; on Windows it loses its first name.</param>
    /// <param name="name">The name it gets, on the same disk.</param>
    /// <returns>False where something has the name.</returns>
    /// <exception cref="IOException">It cannot be given, for another reason.</exception>
    public static bool TryLink(string file, string name)
    {
        if (OperatingSystem.IsWindows())
        {
            try
            {
                File.Move(file, name, overwrite: false);
                return true;
            }
            catch (IOException) when (File.Exists(name))
            {
                return false;
            }
        }

        if (Link(file, name) == 0)
        {
            return true;
        }

        var error = Marshal.GetLastPInvokeError();
        return error == ErrnoExists ? false : throw new IOException("A file of the blob store cannot be named.", error);
    }

    /// <summary>What <c>link</c> says on Linux and macOS where the name is taken.</summary>
    private const int ErrnoExists = 17;

    [LibraryImport("libc", EntryPoint = "link", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Link(string from, string to);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Fsync(int descriptor);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Close(int descriptor);
}
