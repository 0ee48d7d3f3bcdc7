namespace Nexus.Tests.Faults;

/// <summary>
/// Runs a program under <c>strace</c>, which writes down its system calls or makes them fail as a bad disk would. The tests fail, never
/// skip, where it is missing; <c>./test</c> installs it.
/// </summary>
internal static class Strace
{
    /// <summary>Arguments to run a program under.</summary>
    /// <param name="output">The file that gets the calls, one a line.</param>
    /// <param name="calls">Which, such as <c>fsync,fdatasync</c>.</param>
    /// <param name="inject">Which of them fail and how, such as <c>fsync,fdatasync:error=EIO:when=40+</c>, counted for each thread; null where none does.</param>
    /// <param name="files">Only calls on these files; all where none is named.</param>
    public static IEnumerable<string> Args(string output, string calls, string? inject = null, params IEnumerable<string> files) =>
    [
        "strace", "-f", "--seccomp-bpf", "-q", "-y", "-s", inject is null ? "1000" : "64", "-o", output, "-e", "trace=" + calls,
        .. inject is null ? (IEnumerable<string>)[] : ["-e", "inject=" + inject],
        .. files.SelectMany(file => (string[])["-P", file]),
    ];
}
