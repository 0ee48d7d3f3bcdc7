namespace Nexus.Cli.Running;

/// <summary>What the command's exit code says. Scripts depend on these numbers: never change one.</summary>
internal static class ExitCode
{
    /// <summary>All was done.</summary>
    public const int Ok = 0;

    /// <summary>The server refused, or refused part of an import.</summary>
    public const int Refused = 1;

    /// <summary>The command line is wrong, or names a file that cannot be read.</summary>
    public const int Usage = 2;

    /// <summary>Not signed in, or not allowed.</summary>
    public const int Forbidden = 3;

    /// <summary>There is no such thing.</summary>
    public const int NotFound = 4;

    /// <summary>The server cannot be reached or failed.</summary>
    public const int Unavailable = 5;

    /// <summary>What was to be verified does not hold.</summary>
    public const int VerificationFailed = 6;

    /// <summary>Interrupted, as shells have it.</summary>
    public const int Interrupted = 130;
}
