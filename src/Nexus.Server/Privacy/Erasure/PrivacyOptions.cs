namespace Nexus.Server.Privacy.Erasure;

/// <summary>The section <c>Nexus:Privacy</c>.</summary>
internal sealed class PrivacyOptions
{
    /// <summary>How many people must want an erasure, whoever asks counted: 1, or 2 for four eyes.</summary>
    public int ErasureApprovals { get; set; } = 1;

    /// <summary>Every mistake at once, each naming its key.</summary>
    public IEnumerable<string> Validate()
    {
        if (ErasureApprovals is not (1 or 2))
        {
            yield return "Nexus:Privacy:ErasureApprovals must be 1 or 2.";
        }
    }
}
