using System.Diagnostics;
using System.Globalization;

namespace Nexus.Tests.Faults;

/// <summary>
/// A real file system in memory with room for little, mounted on a folder where only the programs run in it see it. It needs to be
/// allowed to mount something, as root or in a user namespace of its own; some containers allow neither.
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

    /// <summary>The folder as the programs outside see it.</summary>
    public string OutsidePath => $"/proc/{Id}/root{_folder}";

    private string Ballast => Path.Combine(OutsidePath, "ballast");

    /// <summary>What to run a program under so that it finds the disk in the folder.</summary>
    public IEnumerable<string> NamespaceCommand =>
        ["nsenter", "--target", Id.ToString(CultureInfo.InvariantCulture), "--mount", .. _asUser ? (string[])["--user", "--preserve-credentials"] : []];

    /// <summary>Mounts one on a folder; null where that is not allowed.</summary>
    public static async Task<SmallDisk?> MountAsync(string folder, string size, CancellationToken cancellationToken)
    {
        foreach (var asUser in new[] { false, true })
        {
            var start = new ProcessStartInfo("unshare") { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
            foreach (var argument in (IEnumerable<string>)["--mount", .. asUser ? (string[])["--map-root-user"] : [], "sh", "-c", Script, "nexus-disk", folder, size])
            {
                start.ArgumentList.Add(argument);
            }

            var holder = Process.Start(start) ?? throw new InvalidOperationException("No unshare (util-linux) to mount a disk with.");
            if (int.TryParse(await holder.StandardOutput.ReadLineAsync(cancellationToken), NumberStyles.None, CultureInfo.InvariantCulture, out var id))
            {
                return new SmallDisk(holder, id, folder, asUser);
            }

            holder.Dispose();
        }

        return null;
    }

    /// <summary>Takes all the room that is left.</summary>
    public void Fill()
    {
        using var ballast = new FileStream(Ballast, new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, BufferSize = 0 });
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

    /// <summary>Gives it back.</summary>
    public void Free() => File.Delete(Ballast);

    /// <inheritdoc/>
    public void Dispose()
    {
        _holder.StandardInput.Close();
        _holder.WaitForExit();
        _holder.Dispose();
    }
}
