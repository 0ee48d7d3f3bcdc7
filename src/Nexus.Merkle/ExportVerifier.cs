namespace Nexus.Merkle;

/// <summary>
/// Verifies an export line by line in bounded memory. Entries must be canonical and in sequence, times must not go back, each
/// content must match its entry's commitment or be erased with a receipt, and the tree of the entries must match the checkpoints.
/// Verification continues after a fault, so that the report covers every event. Not safe for concurrent use.
/// </summary>
public sealed class ExportVerifier
{
    /// <summary>The maximum number of faults a report lists.</summary>
    public const int MaxFaults = 100;

    private readonly Checkpoint[] _checkpoints;
    private readonly Queue<Checkpoint> _ahead;
    private readonly List<Checkpoint> _held = [];
    private readonly List<Fault> _faults = [];
    private readonly List<EpochStart> _epochs = [];
    private readonly MissingContents _missing = new();
    private CompactRange? _range = new();
    private (string Tenant, string Env)? _log;
    private long? _first;
    private long _next;
    private long _recordedAt;
    private long _events;
    private long _erased;
    private long _receipts;
    private long _unerased;
    private long _unsigned;
    private string? _lastType;
    private long _faultCount;

    /// <summary>
    /// Creates a verifier that also compares the log with these checkpoints. The caller must have verified their signatures.
    /// </summary>
    public ExportVerifier(params IEnumerable<Checkpoint> checkpoints)
    {
        _checkpoints = [.. checkpoints.OrderBy(checkpoint => checkpoint.Size)];
        _ahead = new Queue<Checkpoint>(_checkpoints);
        Reach();
    }

    /// <summary>Verifies a whole export.</summary>
    /// <exception cref="FormatException">A line is longer than the maximum length of an event.</exception>
    public static async Task<ExportReport> VerifyAsync(
        Stream export, IEnumerable<Checkpoint> checkpoints, CancellationToken cancellationToken = default)
    {
        var verifier = new ExportVerifier(checkpoints);
        await foreach (var line in LineReader.ReadAsync(export, cancellationToken))
        {
            verifier.Add(line);
        }

        return verifier.Finish();
    }

    /// <summary>Verifies the next line.</summary>
    public void Add(ReadOnlyMemory<byte> line)
    {
        _events++;
        try
        {
            var read = ExportLine.Parse(line);
            var envelope = Envelope.Parse(read.Entry);
            Place(envelope, read.Entry);
            Content(envelope, read);
        }
        catch (FormatException e)
        {
            // Assume the line has the expected sequence number, so that one malformed line is one fault. Without its leaf the
            // tree cannot be built.
            Say(new Fault(_first is null ? null : _next, "line.malformed", $"Line {_events}: {e.Message}"));
            _next++;
            _range = null;
        }
    }

    /// <summary>Completes the verification and returns the report.</summary>
    public ExportReport Finish()
    {
        foreach (var (from, to) in _missing.Open)
        {
            Say(new Fault(from, "content.missing", from == to
                ? "The content is missing and no receipt lists it."
                : $"The contents of {from} to {to} are missing and no receipt lists them."));
        }

        foreach (var checkpoint in _checkpoints.Where(IsForeign))
        {
            Say(new Fault(
                null,
                "checkpoint.foreign",
                $"The checkpoint is of {checkpoint.Origin}, the export of {_log?.Tenant} in {_log?.Env}."));
        }

        foreach (var checkpoint in _ahead.Where(checkpoint => !IsForeign(checkpoint)))
        {
            Say(_range is { } range
                ? new Fault(
                    range.Size,
                    "export.short",
                    $"The export has {range.Size} entries, the checkpoint {checkpoint.Size}: those from {range.Size} on are missing.")
                : new Fault(null, "checkpoint.unreached", $"The tree of the checkpoint of {checkpoint.Size} entries cannot be built: "
                    + (_first is > 0 ? $"the export begins at {_first}, not at 0." : "an event is missing or broken.")));
        }

        return new ExportReport
        {
            Tenant = _log?.Tenant,
            Env = _log?.Env,
            FirstSeq = _first,
            Events = _events,
            Erased = _erased,
            Receipts = _receipts,
            Unerased = _unerased,
            Unsigned = _unsigned,
            LastType = _lastType,
            NewestAt = _lastType is null ? null : DateTimeOffset.UnixEpoch.AddTicks(_recordedAt * TimeSpan.TicksPerMicrosecond),
            Epochs = _epochs,
            Root = _range?.Root(),
            Held = [.. _held.Where(checkpoint => !IsForeign(checkpoint))],
            Faults = _faults,
            FaultCount = _faultCount,
        };
    }

    private void Place(Envelope envelope, byte[] entry)
    {
        if (_first is null)
        {
            // Unreadable lines before this one have sequence numbers too.
            _first = Math.Max(0, envelope.Seq - (_events - 1));
            _next = envelope.Seq;
            _range = envelope.Seq == 0 ? _range : null;
            _log = (envelope.Tenant, envelope.Env);
        }

        if (_log != (envelope.Tenant, envelope.Env))
        {
            Say(new Fault(envelope.Seq, "log.mixed", "The event is of another tenant or env than those before it."));
        }

        if (envelope.Seq != _next)
        {
            Say(envelope.Seq > _next
                ? new Fault(
                    _next,
                    "seq.gap",
                    $"After {_next - 1} comes {envelope.Seq}: {(envelope.Seq - _next == 1 ? "one event is" : "events are")} missing.")
                : new Fault(envelope.Seq, "seq.repeated", $"After {_next - 1} comes {envelope.Seq} once more."));
            _range = null;
        }

        if (envelope.RecordedAt < _recordedAt)
        {
            Say(new Fault(envelope.Seq, "time.back", "The event was recorded before the one in front of it."));
        }

        _next = Math.Max(_next, envelope.Seq + 1);
        _recordedAt = Math.Max(_recordedAt, envelope.RecordedAt);
        _lastType = envelope.EventType;
        _range?.Append(TreeHash.Leaf(entry));
        Reach();
    }

    private void Content(Envelope envelope, ExportLine line)
    {
        if (line.Content is null || line.Salt is null)
        {
            _erased++;
            _missing.Add(envelope.Seq);
            if (envelope.EventType == EpochStart.EventType)
            {
                _epochs.Add(new EpochStart(envelope.Seq, null)); // A receipt does not hide that an epoch started.
            }

            return;
        }

        try
        {
            if (envelope.Against(line.Content, line.Salt) is { } fault)
            {
                Say(fault);
            }
            else if (envelope.EventType == ErasureReceipt.EventType)
            {
                var isUnsigned = _ahead.Count == 0 && _held is [.., var newest] && envelope.Seq >= newest.Size;
                foreach (var (from, to) in ErasureReceipt.Ranges(line.Content, envelope.Seq))
                {
                    _unerased += _missing.Present(Math.Max(from, _first ?? 0), to);
                    _unsigned += _missing.Receipt(from, to) is var listed && isUnsigned ? listed : 0;
                }

                _receipts++;
            }
            else if (envelope.EventType == EpochStart.EventType)
            {
                _epochs.Add(EpochStart.Parse(line.Content, envelope));
            }
        }
        catch (FormatException e)
        {
            Say(new Fault(envelope.Seq, "content.malformed", e.Message));
        }
    }

    /// <summary>Compares the tree with the checkpoints of its current size.</summary>
    private void Reach()
    {
        while (_range is { } range && _ahead.TryPeek(out var checkpoint) && checkpoint.Size == range.Size)
        {
            _ahead.Dequeue();
            if (checkpoint.Root.SequenceEqual(range.Root()))
            {
                _held.Add(checkpoint);
            }
            else if (!IsForeign(checkpoint))
            {
                Say(new Fault(
                    null,
                    "checkpoint.root",
                    $"The first {range.Size} entries are not the ones that the checkpoint was signed for."));
            }
        }
    }

    private bool IsForeign(Checkpoint checkpoint) => _log is { } log && !checkpoint.IsOf(log.Tenant, log.Env);

    private void Say(Fault fault)
    {
        _faultCount++;
        if (_faults.Count < MaxFaults)
        {
            _faults.Add(fault);
        }
    }
}
