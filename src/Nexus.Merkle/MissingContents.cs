namespace Nexus.Merkle;

/// <summary>
/// Tracks the sequence numbers with missing content, and those not yet covered by a receipt. Stored as ranges, so memory grows
/// with the number of gaps and not with the log.
/// </summary>
internal sealed class MissingContents
{
    private readonly List<(long From, long To)> _all = [];
    private readonly List<(long From, long To)> _open = [];

    /// <summary>The ranges not covered by a receipt, in order.</summary>
    public IReadOnlyList<(long From, long To)> Open => _open;

    /// <summary>Records a missing content. Sequence numbers must be passed in ascending order.</summary>
    public void Add(long seq)
    {
        Add(_all, seq);
        Add(_open, seq);
    }

    /// <summary>Returns how many events in the range have their content.</summary>
    public long Present(long from, long to)
    {
        var present = Math.Max(0, to - from + 1);
        for (var at = FirstEndingAtOrAfter(_all, from); at < _all.Count && _all[at].From <= to; at++)
        {
            present -= Math.Min(to, _all[at].To) - Math.Max(from, _all[at].From) + 1;
        }

        return present;
    }

    /// <summary>Records that a receipt covers a range.</summary>
    /// <returns>The number of missing contents that no earlier receipt covered.</returns>
    public long Receipt(long from, long to)
    {
        var first = FirstEndingAtOrAfter(_open, from);
        var end = first;
        var listed = 0L;
        for (; end < _open.Count && _open[end].From <= to; end++)
        {
            listed += Math.Min(to, _open[end].To) - Math.Max(from, _open[end].From) + 1;
        }

        if (end == first)
        {
            return 0;
        }

        var (left, right) = (_open[first], _open[end - 1]);
        _open.RemoveRange(first, end - first);
        if (right.To > to)
        {
            _open.Insert(first, (to + 1, right.To));
        }

        if (left.From < from)
        {
            _open.Insert(first, (left.From, from - 1));
        }

        return listed;
    }

    private static void Add(List<(long From, long To)> ranges, long seq)
    {
        if (ranges is [.., var last] && last.To + 1 == seq)
        {
            ranges[^1] = (last.From, seq);
        }
        else
        {
            ranges.Add((seq, seq));
        }
    }

    private static int FirstEndingAtOrAfter(List<(long From, long To)> ranges, long seq)
    {
        var (low, high) = (0, ranges.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = ranges[middle].To < seq ? (middle + 1, high) : (low, middle);
        }

        return low;
    }
}
