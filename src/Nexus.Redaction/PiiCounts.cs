namespace Nexus.Redaction;

/// <summary>What was found, and how often.</summary>
internal sealed class PiiCounts
{
    private readonly int[] _counts = new int[PiiKinds.Count];

    /// <summary>The kinds that were found, in their order, with how often.</summary>
    public IEnumerable<(PiiKind Kind, int Count)> Found
    {
        get
        {
            for (var kind = 0; kind < _counts.Length; kind++)
            {
                if (_counts[kind] > 0)
                {
                    yield return ((PiiKind)kind, _counts[kind]);
                }
            }
        }
    }

    /// <summary>Counts one more.</summary>
    public void Add(PiiKind kind) => _counts[(int)kind]++;
}
