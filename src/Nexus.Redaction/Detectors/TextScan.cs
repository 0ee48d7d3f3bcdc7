using Nexus.Redaction.Context;
using Nexus.Redaction.Text;

namespace Nexus.Redaction.Detectors;

/// <summary>
/// One text as the detectors see it. What several of them need, such as the groups of digits, is computed once, on first use.
/// </summary>
internal sealed class TextScan(NormalizedText normalized, JsonPropertyName name)
{
    private List<DigitGroup>? _digitGroups;
    private ContextIndex? _context;
    private ContextKind? _propertyContext;

    /// <summary>The normalized text.</summary>
    public ReadOnlySpan<char> Text => normalized.Text;

    /// <summary>The groups of digits of <see cref="Text"/>, without those of dates and UUIDs.</summary>
    public List<DigitGroup> DigitGroups => _digitGroups ??= DigitGroupFinder.Find(Text);

    /// <summary>The context words of <see cref="Text"/>.</summary>
    public ContextIndex Context => _context ??= new ContextIndex(Text);

    /// <summary>The context that the name of the JSON property gives.</summary>
    public ContextKind PropertyContext => _propertyContext ??= name.Context;

    /// <summary>What the detectors have added so far, in the order of detectors, as spans of <see cref="Text"/>.</summary>
    public List<Finding> Findings { get; } = [];

    /// <summary>Adds a finding in <see cref="Text"/>, or ignores it if its score is below <see cref="Finding.MinScore"/>.</summary>
    public void Add(PiiKind kind, int start, int end, double score)
    {
        if (score >= Finding.MinScore)
        {
            Findings.Add(new Finding(kind, start, end, score));
        }
    }

    /// <summary>Whether the property's name, or a word before a position, gives one of some kinds of context.</summary>
    /// <param name="kinds">The kinds to look for.</param>
    /// <param name="position">Where the number or token begins in <see cref="Text"/>.</param>
    /// <param name="maxDistance">How many characters before the position the word may end.</param>
    public bool HasContext(ContextKind kinds, int position, int maxDistance = 40) =>
        (PropertyContext & kinds) != ContextKind.None || Context.FindBefore(Text, position, maxDistance, kinds) != ContextKind.None;
}
