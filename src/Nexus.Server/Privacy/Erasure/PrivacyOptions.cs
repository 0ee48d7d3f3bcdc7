namespace Nexus.Server.Privacy.Erasure;

/// <summary>The section <c>Nexus:Privacy</c>.</summary>
internal sealed class PrivacyOptions
{
    /// <summary>The number of people who must agree to an erasure, including the requester: 1, or 2 for the four-eyes principle.</summary>
    public int ErasureApprovals { get; set; } = 1;

    /// <summary>Returns all validation errors, each naming its key.</summary>
    public IEnumerable<string> Validate()
    {
        if (ErasureApprovals is not (1 or 2))
        {
            yield return "Nexus:Privacy:ErasureApprovals must be 1 or 2.";
        }
    }
}
