namespace Nexus.Redaction;

/// <summary>One text under the detectors, with what several of them look at: its digits and the words that speak of them.</summary>
internal sealed class Scan
{
    private readonly NormalText _normal;
    private readonly MemberName _name;
    private readonly List<Finding> _found = [];
    private List<DigitGroup>? _digits;
    private TopicIndex? _topics;
    private Topic? _nameTopics;

    private Scan(NormalText normal, MemberName name) => (_normal, _name) = (normal, name);

    /// <summary>The text as it is read.</summary>
    public ReadOnlySpan<char> Text => _normal.Text;

    /// <summary>Its groups of digits.</summary>
    public List<DigitGroup> Digits => _digits ??= DigitGroups.Of(Text);

    /// <summary>What the name of the JSON member says that holds the text.</summary>
    public Topic NameTopics => _nameTopics ??= _name.Topics;

    /// <summary>The words that say something of numbers.</summary>
    public TopicIndex Topics => _topics ??= new TopicIndex(Text);

    /// <summary>What personal data a text holds: spans of the text itself, in their order, apart from one another.</summary>
    /// <param name="text">Any text.</param>
    /// <param name="name">The JSON member that holds it, if one does.</param>
    public static List<Finding> Of(string text, MemberName name = default)
    {
        var scan = new Scan(NormalText.Of(text), name);
        foreach (var detector in Detectors.All)
        {
            detector.Find(scan);
        }

        return scan.Settled();
    }

    /// <summary>Takes a finding of <see cref="Text"/>, if it is sure enough.</summary>
    public void Add(PiiKind kind, int start, int end, double score)
    {
        if (score >= Detectors.Threshold)
        {
            _found.Add(new Finding(kind, start, end, score));
        }
    }

    /// <summary>Whether the text's member, or a word before a place, speaks of a topic.</summary>
    public bool Speaks(Topic topic, int place, int reach = 40) =>
        (NameTopics & topic) != Topic.None || Topics.Before(Text, place, reach, topic) != Topic.None;

    /// <summary>
    /// Findings that overlap become one, of the kind that was surest: what any detector saw goes. Spans become the original's.
    /// </summary>
    private List<Finding> Settled()
    {
        if (_found.Count == 0)
        {
            return _found;
        }

        _found.Sort(static (left, right) => left.Start != right.Start ? left.Start.CompareTo(right.Start) : right.End.CompareTo(left.End));
        var settled = new List<Finding>(_found.Count);
        var current = _found[0];
        foreach (var next in _found)
        {
            if (next.Start >= current.End)
            {
                settled.Add(Original(current));
                current = next;
                continue;
            }

            var surer = next.Score > current.Score || (next.Score.Equals(current.Score) && next.Kind < current.Kind) ? next : current;
            current = surer with { Start = current.Start, End = Math.Max(current.End, next.End) };
        }

        settled.Add(Original(current));
        return settled;
    }

    private Finding Original(Finding finding)
    {
        var (start, end) = _normal.Span(finding.Start, finding.End);
        return finding with { Start = start, End = end };
    }
}
