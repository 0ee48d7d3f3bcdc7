using Nexus.Server.Audit.Events;
using Nexus.Server.Identity;
using Nexus.Server.Identity.Members;
using Nexus.Server.Knowledge.Lineage;
using Nexus.Server.Knowledge.Search;
using Nexus.Server.Platform.PersonalData;
using Nexus.Server.Platform.Storage;
using Nexus.Server.Platform.Tenancy;

namespace Nexus.Server.Privacy.Erasure;

/// <summary>
/// Runs an erasure in transactions that each leave enough state for the next. Running it again after a crash does the rest;
/// running it twice changes nothing.
/// </summary>
internal sealed partial class ErasureRunner(
    Database database, IEnumerable<IPersonalData> kinds, IdentityPersonalData identity, ErasureReceiptWriter receipts,
    ErasureProgressStore progress, ErasureJournal journal, IndexCompactor indexes,
    TimeProvider time, ILogger<ErasureRunner> logger)
{
    /// <summary>Limits the passes: other users may keep writing about the person.</summary>
    private const int MaxPasses = 10;

    private const int MaxPurges = 5;
    private static readonly TimeSpan _purgeRetryDelay = TimeSpan.FromSeconds(1);

    /// <summary>How long a request may continue after its body was received and its membership was checked.</summary>
    private static readonly TimeSpan _settleTime = TimeSpan.FromSeconds(2);

    private readonly IPersonalData[] _kinds = [.. kinds.OrderBy(kind => kind.Phase)];
    private readonly string[] _tables =
    [
        .. kinds.SelectMany(kind => kind.Tables).Concat(IdentityPersonalData.Tables).Distinct(StringComparer.Ordinal),
    ];

    /// <summary>Runs an erasure to its end, or until another node holds it.</summary>
    /// <exception cref="StoreUnavailableException">The store is not available. Run it again.</exception>
    public async Task RunAsync(ErasureJob row, CancellationToken cancellationToken)
    {
        if (!await progress.TryAcquireLeaseAsync(row, cancellationToken))
        {
            return;
        }

        try
        {
            // Without a user id everything is erased, and only the store's files are left.
            if (row.UserId is null || await EraseAllAsync(row, cancellationToken))
            {
                await progress.MarkDoneAsync(
                    row,
                    receipts.CreateContext(row.Scope, row.ErasureId, "").Context,
                    await PurgeAsync(row, cancellationToken),
                    cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            await progress.ReleaseLeaseAsync(row);
            throw;
        }
    }

    /// <summary>Erases all data. Returns false if the erasure was refused.</summary>
    private async Task<bool> EraseAllAsync(ErasureJob row, CancellationToken cancellationToken)
    {
        var hasActed = await HasActedAsync(row, cancellationToken);
        var mayAct = hasActed
            || await database.ReadAsync(
                row.Scope with { CrossTenant = true },
                session => IdentityPersonalData.IsMemberAsync(session, row.UserId!),
                cancellationToken);
        if (await EndMembershipAsync(row, hasActed, cancellationToken) is not { } account)
        {
            return false;
        }

        // Wait for the person's requests in flight to finish. If a notification is lost, another node may rely on its cached
        // membership for a while.
        await (mayAct
            ? Task.Delay(_settleTime + (database.IsShared ? MembershipResolver.MaxAge : TimeSpan.Zero), time, cancellationToken)
            : Task.CompletedTask);
        await QueueCreatedItemsAsync(row, cancellationToken);
        for (var pass = 0; pass < MaxPasses && await RunPassAsync(row, account, cancellationToken); pass++)
        {
        }

        await CleanUpAsync(row, GetLogScopes(row, account), cancellationToken);
        await progress.RecordErasedAsync(row, GetLogScopes(row, account), cancellationToken);
        return true;
    }

    /// <summary>Returns whether the log has events with the person as actor.</summary>
    private async Task<bool> HasActedAsync(ErasureJob row, CancellationToken cancellationToken)
    {
        foreach (var scope in GetScopes(row))
        {
            if (await database.ReadAsync(scope, session => EventPersonalData.HasActedAsync(session, row.UserId!), cancellationToken))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Queues everything that the log says the person created.</summary>
    private async Task QueueCreatedItemsAsync(ErasureJob row, CancellationToken cancellationToken)
    {
        foreach (var scope in GetScopes(row))
        {
            await foreach (var ids in ReadPagesAsync(
                scope,
                (session, after) => EventPersonalData.FindCreatedItemsAsync(session, new DataSubject(row.UserId!), after),
                cancellationToken))
            {
                await database.WriteAsync(scope, session => EnqueueAsync(session, row.ErasureId, ids), cancellationToken);
            }
        }
    }

    private static async ValueTask<bool> EnqueueAsync(WriteSession session, string erasureId, string[] ids)
    {
        await ErasureItemStore.EnqueueAsync(session, erasureId, ids);
        return true;
    }

    /// <summary>
    /// Removes the person's membership. Returns whether their account was erased too, or null if the person is the last owner and
    /// the erasure was refused.
    /// </summary>
    private async Task<bool?> EndMembershipAsync(ErasureJob row, bool hasActed, CancellationToken cancellationToken)
    {
        var scope = row.Scope with { CrossTenant = true };
        return await database.WriteAsync<bool?>(
            scope,
            async session =>
            {
                if (await IdentityPersonalData.IsLastOwnerAsync(session, row.UserId!))
                {
                    await ErasureProgressStore.RefuseAsync(session, row, ErasureStore.LastOwner.Detail, time.GetUtcNowMicros());
                    return null;
                }

                // The journal entry is written here so that a refused erasure has none, and before anything is erased so that a
                // restore cannot bring back what this transaction deletes.
                journal.Append(new ErasureJournalEntry(row.Scope, row.ErasureId, row.UserId!));
                var account = await identity.EraseAsync(
                    session,
                    receipts.CreateContext(row.Scope, row.ErasureId, row.UserId!),
                    row.RequestedBy == row.UserId,
                    hasActed);
                await ErasureProgressStore.MarkRunningAsync(session, row, account, time.GetUtcNowMicros());
                return account || row.Account;
            },
            cancellationToken);
    }

    /// <summary>Erases everything found now. Returns whether there was anything.</summary>
    private async Task<bool> RunPassAsync(ErasureJob row, bool account, CancellationToken cancellationToken)
    {
        var any = false;
        foreach (var kind in _kinds)
        {
            foreach (var scope in GetLogScopes(row, account).Values.Where(scope => kind.HasAccountData || scope.TenantId == row.TenantId))
            {
                await progress.TryAcquireLeaseAsync(row, cancellationToken);
                any |= await EraseAsync(row, kind, scope, cancellationToken);
            }
        }

        return any;
    }

    private async Task<bool> EraseAsync(ErasureJob row, IPersonalData kind, Scope scope, CancellationToken cancellationToken)
    {
        var any = false;
        var person = new DataSubject(row.UserId!, row.ErasureId);
        var erasing = receipts.CreateContext(scope, row.ErasureId, row.UserId!);
        await foreach (var ids in ReadPagesAsync(scope, (session, after) => kind.FindAsync(session, person, after), cancellationToken))
        {
            foreach (var some in ids.Chunk(kind.BatchSize))
            {
                any = true;
                await database.WriteAsync(scope, session => EraseAsync(session, kind, erasing, some), cancellationToken);
            }
        }

        while (kind.HasLineage
            && await database.ReadAsync(
                scope,
                session => ErasureItemStore.ListPendingAsync(session, row.ErasureId, kind.BatchSize),
                cancellationToken) is { Count: > 0 } waiting)
        {
            any = true;
            await database.WriteAsync(scope, session => EraseAsync(session, kind, erasing, [.. waiting]), cancellationToken);
        }

        return any;
    }

    /// <summary>
    /// Items with lineage are erased together with their links, and items derived from them are queued in the same transaction.
    /// </summary>
    private async ValueTask<bool> EraseAsync(WriteSession session, IPersonalData kind, ErasureContext erasing, string[] ids)
    {
        if (!kind.HasLineage)
        {
            await kind.EraseAsync(session, erasing, ids);
            return true;
        }

        await LineageLinks.EraseAsync(session, erasing.ErasureId, column => session.In(column, "ids"), ids);
        foreach (var linked in _kinds.Where(other => other.HasLineage))
        {
            await linked.EraseAsync(session, erasing, ids);
        }

        await ErasureItemStore.MarkErasedAsync(session, erasing.ErasureId, ids);
        return true;
    }

    /// <summary>Deletes the files of erased items, and then the queue that refers to them.</summary>
    private async Task CleanUpAsync(ErasureJob row, Dictionary<string, Scope> logs, CancellationToken cancellationToken)
    {
        foreach (var scope in logs.Values)
        {
            foreach (var kind in _kinds)
            {
                await kind.CleanUpAsync(scope, row.ErasureId, cancellationToken);
            }

            // A log starts with its first write. An env without data should stay without a log.
            if (await database.ReadAsync(scope, session => ErasureItemStore.AnyAsync(session, row.ErasureId), cancellationToken))
            {
                await database.WriteAsync(scope, session => ErasureItemStore.DeleteAllAsync(session, row.ErasureId), cancellationToken);
            }
        }
    }

    /// <summary>Tries again to purge the store's files after an erasure. Records <c>erasure_purged</c> on success.</summary>
    public async Task RetryPurgeAsync(ErasureJob row, CancellationToken cancellationToken)
    {
        var isPurged = await indexes.CompactAsync(
            row.TenantId,
            cancellationToken) & await database.PurgeAsync(_tables, isRepeat: true, cancellationToken);
        await progress.RecordPurgeAsync(row, receipts.CreateContext(row.Scope, row.ErasureId, "").Context, isPurged, cancellationToken);
    }

    private async Task<bool> PurgeAsync(ErasureJob row, CancellationToken cancellationToken)
    {
        var (areIndexesClean, isStoreClean) = (false, false);
        for (var attempt = 1; ; attempt++)
        {
            areIndexesClean = areIndexesClean || await indexes.CompactAsync(row.TenantId, cancellationToken);
            isStoreClean = isStoreClean || await database.PurgeAsync(_tables, isRepeat: attempt > 1, cancellationToken);
            if (areIndexesClean && isStoreClean)
            {
                return true;
            }

            if (attempt == MaxPurges)
            {
                LogNotPurged(row.ErasureId);
                return false;
            }

            await Task.Delay(_purgeRetryDelay, time, cancellationToken);
            await progress.TryAcquireLeaseAsync(row, cancellationToken);
        }
    }

    /// <summary>Reads the non-empty pages. Items erased in between do not appear again.</summary>
    private async IAsyncEnumerable<string[]> ReadPagesAsync(
        Scope scope, Func<ReadSession, string, ValueTask<IdPage>> find,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var after = ""; ;)
        {
            var at = after;
            var page = await database.ReadAsync(scope, session => find(session, at), cancellationToken);
            if (page.Ids.Count > 0)
            {
                yield return [.. page.Ids];
            }

            if (page.Next is not { } next)
            {
                yield break;
            }

            after = next;
        }
    }

    private static IEnumerable<Scope> GetScopes(ErasureJob row) => Envs.All.Select(env => new Scope(row.TenantId, env));

    /// <summary>
    /// Returns the scopes with the person's data, by their names in the result: the tenant's envs, and tenant-0's sign-in log if
    /// the account was erased too.
    /// </summary>
    private static Dictionary<string, Scope> GetLogScopes(ErasureJob row, bool account)
    {
        var logs = GetScopes(row).ToDictionary(scope => scope.Env, StringComparer.Ordinal);
        if (account && row.TenantId != Scope.SystemTenantId)
        {
            logs[Scope.SystemTenantId] = new Scope(Scope.SystemTenantId, Scope.System.Env);
        }

        return logs;
    }

    [LoggerMessage(
        LogLevel.Warning,
        "Erasure {ErasureId} is done, but the store's files may still hold some of it: something goes on reading. It is tried again until "
        + "they do not")]
    private partial void LogNotPurged(string erasureId);
}
