using System.Diagnostics;
using System.Globalization;

namespace Nexus.Tests.Faults;

/// <summary>
/// A small in-memory file system mounted on a folder, visible only to programs run in its mount namespace. Needs permission to
/// mount, as root or in a user namespace; some containers allow neither.
/// </summary>
internal sealed class SmallDisk : IDisposable
{
    private const string Script = """
        mount -t tmpfs -o "size=$2" tmpfs "$1" 2>/dev/null || exit 1
        echo $$
        cat >/dev/null
        """;

    private readonly Process _holder;
    private readonly string _folder;
    private readonly bool _asUser;

    private SmallDisk(Process holder, int id, string folder, bool asUser) => (_holder, Id, _folder, _asUser) = (holder, id, folder, asUser);

    private int Id { get; }

    /// <summary>The folder's path as seen by programs outside.</summary>
    public string OutsidePath => $"/proc/{Id}/root{_folder}";

    private string Ballast => Path.Combine(OutsidePath, "ballast");

    /// <summary>The command prefix that runs a program in the namespace.</summary>
    public IEnumerable<string> NamespaceCommand =>
        ["nsenter", "--target", Id.ToString(CultureInfo.InvariantCulture), "--mount", .. _asUser
            ? (string[])["--user", "--preserve-credentials"]
            : []];

    /// <summary>Mounts a file system on a folder. Returns null if mounting is not permitted.</summary>
    public static async Task<SmallDisk?> MountAsync(string folder, string size, CancellationToken cancellationToken)
    {
        foreach (var asUser in new[] { false, true })
        {
            var start = new ProcessStartInfo("unshare")
            {
                UseShellExecute = false,
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            };
            foreach (var argument in (IEnumerable<string>)
            [
                "--mount", .. asUser ? (string[])["--map-root-user"] : [], "sh", "-c", Script, "nexus-disk", folder, size,
            ])
            {
                start.ArgumentList.Add(argument);
            }

            var holder = Process.Start(start) ?? throw new InvalidOperationException("No unshare (util-linux) to mount a disk with.");
            if (int.TryParse(
                await holder.StandardOutput.ReadLineAsync(cancellationToken),
                NumberStyles.None,
                CultureInfo.InvariantCulture,
                out var id))
            {
                return new SmallDisk(holder, id, folder, asUser);
            }

            holder.Dispose();
        }

        return null;
    }

    /// <summary>Uses up all free space.</summary>
    public void Fill()
    {
        using var ballast = new FileStream(
            Ballast,
            new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, BufferSize = 0 });
        try
        {
            for (var block = new byte[4096]; ;)
            {
                ballast.Write(block);
            }
        }
        catch (IOException)
        {
            // Full.
        }
    }

    /// <summary>Frees the space.</summary>
    public void Free() => File.Delete(Ballast);

    /// <inheritdoc/>
    public void Dispose()
    {
        _holder.StandardInput.Close();
        _holder.WaitForExit();
        _holder.Dispose();
    }
}
