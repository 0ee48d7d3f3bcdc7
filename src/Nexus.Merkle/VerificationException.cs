namespace Nexus.Merkle;

/// <summary>What is well formed does not hold: a signature, a proof or a root is another than it would have to be.</summary>
public sealed class VerificationException : Exception
{
    /// <summary>Something does not hold.</summary>
    public VerificationException()
    {
    }

    /// <summary>What does not hold.</summary>
    public VerificationException(string message)
        : base(message)
    {
    }

    /// <summary>What does not hold, and what was thrown.</summary>
    public VerificationException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
