using System.Collections.Concurrent;
using System.Text;
using Nexus.Merkle;
using Nexus.Server.Audit.Events;
using Nexus.Server.Platform.Http;
using Nexus.Server.Platform.Storage;

namespace Nexus.Server.Audit.Transparency;

/// <summary>
/// Signs the checkpoints of a log. Before it signs a tree, it hashes every event since the last checkpoint again, and verifies
/// that the last checkpoint in the database and the one kept outside are earlier states of that tree. So sizes never go back and
/// each size has one root, across restarts and nodes. If two nodes sign at the same time, the second detects this in its
/// transaction and starts over.
/// </summary>
internal sealed partial class CheckpointSigner(
    Database database, SignedCheckpointFolder folder, LogKeyStore keys, LogName name, LogHealth health, TimeProvider time,
    ILogger<CheckpointSigner> logger)
{
    private const int Page = 1_000;
    private const int LockCount = 64;

    private readonly SemaphoreSlim[] _locks = [.. Enumerable.Range(0, LockCount).Select(_ => new SemaphoreSlim(1))];

    // The outside checkpoint for which a log was found to be forked. Logs only grow, so it stays forked.
    private readonly ConcurrentDictionary<Scope, SignedCheckpoint> _forked = new();

    /// <summary>Raised when a checkpoint is durable and may leave the process.</summary>
    public event Action<Scope>? Published;

    /// <summary>Returns a checkpoint of the log's current state, signed by every active key.</summary>
    /// <exception cref="ProblemException">503 <c>log.behind_signed</c> or <c>log.inconsistent</c>.</exception>
    /// <exception cref="StoreUnavailableException">The store or the folder cannot be written.</exception>
    public async Task<SignedCheckpoint> SignAsync(Scope scope, CancellationToken cancellationToken)
    {
        var log = new Scope(scope.TenantId, scope.Env);
        var turn = _locks[(int)((uint)log.GetHashCode() % LockCount)];
        await turn.WaitAsync(cancellationToken);
        try
        {
            SignedCheckpoint? signed;
            do
            {
                signed = await TrySignAsync(log, cancellationToken);
            }
            while (signed is null);

            health.ReportSigned(log);
            return signed;
        }
        catch (LogForkedException)
        {
            throw Refuse(log, LogHealth.BehindSigned);
        }
        catch (LogInconsistentException)
        {
            throw Refuse(log, LogHealth.Inconsistent);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            LogNotKept(exception);
            throw new StoreUnavailableException("What is signed cannot be kept.", exception);
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>Signs the log, or returns null if another node signed it in the meantime.</summary>
    private async ValueTask<SignedCheckpoint?> TrySignAsync(Scope log, CancellationToken cancellationToken)
    {
        // The order matters: it ensures that the head is never behind the checkpoint read before it.
        var kept = folder.FindLast(log);
        var last = await database.ReadAsync(log, CheckpointStore.FindLastAsync, cancellationToken);
        var head = await database.ReadAsync(log, LogHeads.FindAsync, cancellationToken)
            ?? new LogHead { Range = new CompactRange().ToBytes() };
        var signing = await keys.GetSigningKeysAsync(cancellationToken);
        if (last is not null && kept == last && last.Epoch == head.Epoch && last.Size == head.Size && last.KeyNumber == signing[0].Number)
        {
            return last;
        }

        var root = await VerifyTreeAsync(log, head, last, kept, cancellationToken);
        var signed = last;
        if (last is null || last.Epoch != head.Epoch || last.Size != head.Size || last.KeyNumber != signing[0].Number)
        {
            var note = new Checkpoint(name.GetOrigin(log, head.Epoch), head.Size, root).Sign(signing.Select(key => key.Key));
            signed = new SignedCheckpoint(head.Epoch, head.Size, signing[0].Number, note.ToString());
            if (!await StoreAsync(log, signed, last, cancellationToken))
            {
                return null;
            }
        }

        if (kept != signed)
        {
            folder.Save(log, signed!);
        }

        Published?.Invoke(log);
        return signed;
    }

    /// <summary>Verifies the tree of the log's head and returns its root.</summary>
    /// <exception cref="LogForkedException">The tree is not a continuation of what was signed.</exception>
    /// <exception cref="LogInconsistentException">The tree does not match the stored events.</exception>
    private async ValueTask<byte[]> VerifyTreeAsync(
        Scope log, LogHead head, SignedCheckpoint? last, SignedCheckpoint? kept, CancellationToken cancellationToken)
    {
        // After a new epoch started, the kept checkpoint belongs to another tree.
        kept = kept is not null && kept.Epoch < head.Epoch ? null : kept;
        if (kept is not null && (kept.Epoch > head.Epoch || kept.Size > head.Size || _forked.GetValueOrDefault(log) == kept))
        {
            throw new LogForkedException();
        }

        var signedSize = last?.Size ?? 0;
        if (signedSize > head.Size || last?.Epoch > head.Epoch)
        {
            throw new LogInconsistentException("The log's head is behind its checkpoints.");
        }

        var range = await database.ReadAsync(log, session => new LogTree(session).GetRangeAsync(signedSize), cancellationToken);
        if (last is not null && !range.Root().AsSpan().SequenceEqual(last.Root))
        {
            throw new LogInconsistentException("The last checkpoint is not of this tree.");
        }

        if (kept is not null && kept.Size < signedSize)
        {
            await VerifyEarlierAsync(log, kept, last!, cancellationToken);
        }

        for (var at = signedSize; ; at = range.Size)
        {
            if (kept?.Size == at && !range.Root().AsSpan().SequenceEqual(kept.Root))
            {
                _forked[log] = kept;
                throw new LogForkedException();
            }

            if (at == head.Size)
            {
                break;
            }

            // Stop at the size of the kept checkpoint first, to compare the root there.
            var end = Math.Min(at + Page, kept is not null && kept.Size > at ? Math.Min(kept.Size, head.Size) : head.Size);
            foreach (var entry in await ReadEntriesAsync(log, at, end, cancellationToken))
            {
                range.Append(TreeHash.Leaf(Encoding.UTF8.GetBytes(entry)));
            }
        }

        var root = range.Root();
        return root.AsSpan().SequenceEqual(CompactRange.FromBytes(head.Range).Root())
            ? root
            : throw new LogInconsistentException("The events are not those the head counts.");
    }

    /// <summary>
    /// Handles the case that another node has signed a larger tree: verifies that the checkpoint kept by this node is an earlier
    /// state of it.
    /// </summary>
    private async ValueTask VerifyEarlierAsync(Scope log, SignedCheckpoint kept, SignedCheckpoint last, CancellationToken cancellationToken)
    {
        var proof = kept.Size == 0
            ? []
            : await database.ReadAsync(
                log,
                session => new LogTree(session).GetHashesAsync(LeafRange.Consistency(kept.Size, last.Size)),
                cancellationToken);
        if (!new ConsistencyProof(kept.Size, last.Size, proof).Verify(kept.Root, last.Root))
        {
            _forked[log] = kept;
            throw new LogForkedException();
        }
    }

    private async ValueTask<List<string>> ReadEntriesAsync(Scope log, long from, long to, CancellationToken cancellationToken)
    {
        var entries = await database.ReadAsync(log, session => StoredEventReader.ListEntriesAsync(session, from, to), cancellationToken);
        return entries.Count == to - from ? entries : throw new LogInconsistentException("Events of the log are missing.");
    }

    /// <summary>Adds a checkpoint to the history. Returns false if another was added in the meantime.</summary>
    private async ValueTask<bool> StoreAsync(
        Scope log, SignedCheckpoint signed, SignedCheckpoint? last, CancellationToken cancellationToken) =>
        await database.WriteAsync(
            log,
            async session =>
            {
                // The write holds the log's head, so nobody else signs or begins an epoch until it is committed.
                var isFirst = await CheckpointStore.FindLastAsync(session) == last
                    && (await LogHeads.FindAsync(session))?.Epoch == signed.Epoch;
                if (isFirst)
                {
                    await CheckpointStore.InsertAsync(session, signed, time.GetUtcNowMicros());
                }

                return isFirst;
            },
            cancellationToken);

    private ProblemException Refuse(Scope log, Problem problem)
    {
        if (health.ReportRefused(log, problem))
        {
            LogRefused(problem.Code, log.TenantId, log.Env);
        }

        return new ProblemException(problem);
    }

    [LoggerMessage(LogLevel.Error, "The log of {TenantId} {Env} is not signed: {Code}")]
    private partial void LogRefused(string code, string tenantId, string env);

    [LoggerMessage(LogLevel.Error, "A checkpoint could not be kept outside the database, and so was not given out")]
    private partial void LogNotKept(Exception exception);

    /// <summary>The log is not a continuation of what was signed.</summary>
    private sealed class LogForkedException() : Exception("The log is not the one that was signed before.");
}
