namespace Nexus.Client.Merkle;

/// <summary>
/// The places whose content is missing and which no receipt has listed yet, as ranges: what is held grows with the gaps that are open,
/// not with the log.
/// </summary>
internal sealed class MissingContents
{
    private readonly List<(long From, long To)> _open = [];

    /// <summary>The ranges that no receipt listed, in order.</summary>
    public IReadOnlyList<(long From, long To)> Open => _open;

    /// <summary>A content is missing. Places come in rising order.</summary>
    public void Add(long seq)
    {
        if (_open is [.., var last] && last.To + 1 == seq)
        {
            _open[^1] = (last.From, seq);
        }
        else
        {
            _open.Add((seq, seq));
        }
    }

    /// <summary>A receipt lists a range.</summary>
    public void Receipt(long from, long to)
    {
        var first = FirstEndingAtOrAfter(from);
        var end = first;
        while (end < _open.Count && _open[end].From <= to)
        {
            end++;
        }

        if (end == first)
        {
            return;
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
    }

    private int FirstEndingAtOrAfter(long seq)
    {
        var (low, high) = (0, _open.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = _open[middle].To < seq ? (middle + 1, high) : (low, middle);
        }

        return low;
    }
}
