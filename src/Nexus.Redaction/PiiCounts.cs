namespace Nexus.Redaction;

/// <summary>How many findings of each kind were redacted.</summary>
public sealed class PiiCounts
{
    private readonly int[] _counts = new int[PiiKindNames.Count];

    /// <summary>The kinds that occurred, in the order of <see cref="PiiKind"/>, each with its count.</summary>
    public IEnumerable<(PiiKind Kind, int Count)> ByKind
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

    internal void Add(PiiKind kind) => _counts[(int)kind]++;
}
