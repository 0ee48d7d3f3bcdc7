namespace Nexus.Merkle;

/// <summary>A well-formed signature, proof or root is not valid.</summary>
public sealed class VerificationException : Exception
{
    /// <summary>Creates the exception.</summary>
    public VerificationException()
    {
    }

    /// <summary>Creates the exception with a message.</summary>
    public VerificationException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception with a message and its cause.</summary>
    public VerificationException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
