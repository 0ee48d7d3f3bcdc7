namespace Nexus.Tests.Faults;

/// <summary>
/// Runs a program under <c>strace</c> to record its system calls or to make them fail like a bad disk. If strace is missing,
/// tests fail and are not skipped; <c>./test</c> installs it.
/// </summary>
internal static class Strace
{
    /// <summary>Returns the command prefix.</summary>
    /// <param name="output">The file to which the calls are written, one per line.</param>
    /// <param name="calls">The calls to trace, such as <c>fsync,fdatasync</c>.</param>
    /// <param name="inject">
    /// Which calls fail and how, such as <c>fsync,fdatasync:error=EIO:when=40+</c>, counted per thread; null for none.
    /// </param>
    /// <param name="files">Traces only calls on these files; all files if empty.</param>
    public static IEnumerable<string> Args(string output, string calls, string? inject = null, params IEnumerable<string> files) =>
    [
        "strace", "-f", "--seccomp-bpf", "-q", "-y", "-s", inject is null ? "1000" : "64", "-o", output, "-e", "trace=" + calls,
        .. inject is null ? (IEnumerable<string>)[] : ["-e", "inject=" + inject],
        .. files.SelectMany(file => (string[])["-P", file]),
    ];
}
