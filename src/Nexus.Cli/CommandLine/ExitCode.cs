namespace Nexus.Cli.CommandLine;

/// <summary>The exit codes. Scripts depend on these numbers: never change one.</summary>
internal static class ExitCode
{
    public const int Ok = 0;

    /// <summary>The server refused the request, or part of an import.</summary>
    public const int Refused = 1;

    /// <summary>Wrong usage, or a file that cannot be read or written.</summary>
    public const int Usage = 2;

    /// <summary>Not signed in, or not allowed.</summary>
    public const int Forbidden = 3;

    public const int NotFound = 4;

    /// <summary>The server cannot be reached, or it failed.</summary>
    public const int Unavailable = 5;

    /// <summary><c>nexus audit verify</c> found a fault.</summary>
    public const int VerificationFailed = 6;

    /// <summary>Interrupted by a signal: 128 + SIGINT, as in shells.</summary>
    public const int Interrupted = 130;
}
