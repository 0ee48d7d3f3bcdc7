using Nexus.Server.Audit.Ingest;
using Nexus.Server.Identity;
using Nexus.Server.Identity.Members;
using Nexus.Server.Knowledge.Lineage;
using Nexus.Server.Knowledge.Search;
using Nexus.Server.Platform.PersonalData;
using Nexus.Server.Platform.Storage;
using Nexus.Server.Platform.Tenancy;

namespace Nexus.Server.Privacy.Erasure;

/// <summary>
/// Does an erasure, in whole transactions each of which leaves something to find for the next: run again after a crash it does the rest,
/// and run twice it does nothing more.
/// </summary>
internal sealed partial class ErasureRunner(
    Database database, IEnumerable<IPersonalData> kinds, IdentityPersonalData identity, ErasureReceiptWriter receipts, ErasureProgressStore progress, ErasureJournal journal, IndexCompactor indexes,
    TimeProvider time, ILogger<ErasureRunner> logger)
{
    /// <summary>Somebody may go on writing about the person for ever.</summary>
    private const int MaxPasses = 10;

    private const int MaxPurges = 5;
    private static readonly TimeSpan _purgeRetryDelay = TimeSpan.FromSeconds(1);

    /// <summary>How long a request may go on with what it asks for, once its body is there and its caller was found a member.</summary>
    private static readonly TimeSpan _settleTime = TimeSpan.FromSeconds(2);

    private readonly IPersonalData[] _kinds = [.. kinds.OrderBy(kind => kind.Phase)];
    private readonly string[] _tables = [.. kinds.SelectMany(kind => kind.Tables).Concat(IdentityPersonalData.Tables).Distinct(StringComparer.Ordinal)];

    /// <summary>Runs one to its end, or until another node has it.</summary>
    /// <exception cref="StoreUnavailableException">The store cannot be reached; run it again.</exception>
    public async Task RunAsync(ErasureJob row, CancellationToken cancellationToken)
    {
        if (!await progress.TryAcquireLeaseAsync(row, cancellationToken))
        {
            return;
        }

        try
        {
            // Without a name all is taken, and only the store's files are left.
            if (row.UserId is null || await EraseAllAsync(row, cancellationToken))
            {
                await progress.MarkDoneAsync(row, receipts.CreateContext(row.Scope, row.ErasureId, "").Context, await PurgeAsync(row, cancellationToken), cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            await progress.ReleaseLeaseAsync(row);
            throw;
        }
    }

    /// <summary>Takes everything; false where it was refused.</summary>
    private async Task<bool> EraseAllAsync(ErasureJob row, CancellationToken cancellationToken)
    {
        var hasActed = await HasActedAsync(row, cancellationToken);
        var mayAct = hasActed || await database.ReadAsync(row.Scope with { CrossTenant = true }, session => IdentityPersonalData.IsMemberAsync(session, row.UserId!), cancellationToken);
        if (await EndMembershipAsync(row, hasActed, cancellationToken) is not { } account)
        {
            return false;
        }

        // What the person asked for before is done by then. Other nodes believe what they read of members for a while where a notice does not reach them.
        await (mayAct ? Task.Delay(_settleTime + (database.IsShared ? MembershipResolver.MaxAge : TimeSpan.Zero), time, cancellationToken) : Task.CompletedTask);
        await QueueCreatedItemsAsync(row, cancellationToken);
        for (var pass = 0; pass < MaxPasses && await RunPassAsync(row, account, cancellationToken); pass++)
        {
        }

        await CleanUpAsync(row, GetLogScopes(row, account), cancellationToken);
        await progress.RecordErasedAsync(row, GetLogScopes(row, account), cancellationToken);
        return true;
    }

    /// <summary>Whether the log knows the person as a caller.</summary>
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

    /// <summary>Lines up what the log says the person made.</summary>
    private async Task QueueCreatedItemsAsync(ErasureJob row, CancellationToken cancellationToken)
    {
        foreach (var scope in GetScopes(row))
        {
            await foreach (var ids in ReadPagesAsync(scope, (session, after) => EventPersonalData.FindCreatedItemsAsync(session, new DataSubject(row.UserId!), after), cancellationToken))
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

    /// <summary>Takes the person's place in the tenant; whether their account went too. Null: they are its last owner, and it is refused.</summary>
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

                // Here, so that what is refused is not noted, and before anything is erased: a restore must not bring back what this write takes.
                journal.Append(new ErasureJournalEntry(row.Scope, row.ErasureId, row.UserId!));
                var account = await identity.EraseAsync(session, receipts.CreateContext(row.Scope, row.ErasureId, row.UserId!), row.RequestedBy == row.UserId, hasActed);
                await ErasureProgressStore.MarkRunningAsync(session, row, account, time.GetUtcNowMicros());
                return account || row.Account;
            },
            cancellationToken);
    }

    /// <summary>Takes all that there is now; whether there was anything.</summary>
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

        while (kind.HasLineage && await database.ReadAsync(scope, session => ErasureItemStore.ListPendingAsync(session, row.ErasureId, kind.BatchSize), cancellationToken) is { Count: > 0 } waiting)
        {
            any = true;
            await database.WriteAsync(scope, session => EraseAsync(session, kind, erasing, [.. waiting]), cancellationToken);
        }

        return any;
    }

    /// <summary>Things that are made of one another go together with their links, and what was made of them is lined up in the same write.</summary>
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

    /// <summary>Removes the files of what was taken, and then what remembers them.</summary>
    private async Task CleanUpAsync(ErasureJob row, Dictionary<string, Scope> logs, CancellationToken cancellationToken)
    {
        foreach (var scope in logs.Values)
        {
            foreach (var kind in _kinds)
            {
                await kind.CleanUpAsync(scope, row.ErasureId, cancellationToken);
            }

            // A log begins with its first write: an env that holds nothing stays without one.
            if (await database.ReadAsync(scope, session => ErasureItemStore.AnyAsync(session, row.ErasureId), cancellationToken))
            {
                await database.WriteAsync(scope, session => ErasureItemStore.DeleteAllAsync(session, row.ErasureId), cancellationToken);
            }
        }
    }

    /// <summary>Tries again to empty the store's files of an erasure that is done but for that; leaves <c>erasure_purged</c> where it could.</summary>
    public async Task RetryPurgeAsync(ErasureJob row, CancellationToken cancellationToken)
    {
        var isPurged = await indexes.CompactAsync(row.TenantId, cancellationToken) & await database.PurgeAsync(_tables, isRepeat: true, cancellationToken);
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

    /// <summary>Pages that hold something; what is erased meanwhile does not come again.</summary>
    private async IAsyncEnumerable<string[]> ReadPagesAsync(
        Scope scope, Func<ReadSession, string, ValueTask<IdPage>> find, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
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

    /// <summary>Where the person's data is, by the names that the erasure's record has for them: the envs, and tenant-0's log of sign-ins where the account went too.</summary>
    private static Dictionary<string, Scope> GetLogScopes(ErasureJob row, bool account)
    {
        var logs = GetScopes(row).ToDictionary(scope => scope.Env, StringComparer.Ordinal);
        if (account && row.TenantId != Scope.SystemTenantId)
        {
            logs[Scope.SystemTenantId] = new Scope(Scope.SystemTenantId, Scope.System.Env);
        }

        return logs;
    }

    [LoggerMessage(LogLevel.Warning, "Erasure {ErasureId} is done, but the store's files may still hold some of it: something goes on reading. It is tried again until they do not")]
    private partial void LogNotPurged(string erasureId);
}
