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
internal sealed partial class ErasureRun(
    Database database, IEnumerable<IPersonalData> kinds, PersonalIdentity identity, ErasureReceipts receipts, ErasureProgress progress, ErasureJournal journal, IndexCleaning indexes,
    TimeProvider time, ILogger<ErasureRun> logger)
{
    /// <summary>Somebody may go on writing about the person for ever.</summary>
    private const int MostPasses = 10;

    private const int MostPurges = 5;
    private static readonly TimeSpan _pause = TimeSpan.FromSeconds(1);

    /// <summary>How long a request may go on with what it asks for, once its body is there and its caller was found a member.</summary>
    private static readonly TimeSpan _settling = TimeSpan.FromSeconds(2);

    private readonly IPersonalData[] _kinds = kinds.ToArray();
    private readonly string[] _tables = [.. kinds.SelectMany(kind => kind.Tables).Concat(PersonalIdentity.Tables).Distinct(StringComparer.Ordinal)];

    /// <summary>Runs one to its end, or until another node has it.</summary>
    /// <exception cref="StoreUnavailableException">The store cannot be reached; run it again.</exception>
    public async Task RunAsync(ErasureRow row, CancellationToken cancellation)
    {
        if (!await progress.TryHoldAsync(row, cancellation))
        {
            return;
        }

        try
        {
            // Without a name all is taken, and only the store's files are left.
            if (row.UserId is null || await TakeAsync(row, cancellation))
            {
                await progress.DoneAsync(row, receipts.In(row.Scope, row.ErasureId, "").Context, await PurgeAsync(row, cancellation), cancellation);
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            await progress.LetGoAsync(row);
            throw;
        }
    }

    /// <summary>Takes everything; false where it was refused.</summary>
    private async Task<bool> TakeAsync(ErasureRow row, CancellationToken cancellation)
    {
        var hasActed = await HasActedAsync(row, cancellation);
        var mayAct = hasActed || await database.ReadAsync(row.Scope with { CrossTenant = true }, session => PersonalIdentity.IsMemberAsync(session, row.UserId!), cancellation);
        if (await EndMembershipAsync(row, hasActed, cancellation) is not { } account)
        {
            return false;
        }

        // What the person asked for before is done by then. Other nodes believe what they read of members for a while where a notice does not reach them.
        await (mayAct ? Task.Delay(_settling + (database.IsShared ? Memberships.MaxAge : TimeSpan.Zero), time, cancellation) : Task.CompletedTask);
        await CollectAsync(row, cancellation);
        for (var pass = 0; pass < MostPasses && await PassAsync(row, account, cancellation); pass++)
        {
        }

        await CleanAsync(row, Logs(row, account), cancellation);
        await progress.TakenAsync(row, Logs(row, account), cancellation);
        return true;
    }

    /// <summary>Whether the log knows the person as a caller.</summary>
    private async Task<bool> HasActedAsync(ErasureRow row, CancellationToken cancellation)
    {
        foreach (var scope in Scopes(row))
        {
            if (await database.ReadAsync(scope, session => EventPersonalData.HasActedAsync(session, row.UserId!), cancellation))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Lines up what the log says the person made.</summary>
    private async Task CollectAsync(ErasureRow row, CancellationToken cancellation)
    {
        foreach (var scope in Scopes(row))
        {
            await foreach (var ids in PagesAsync(scope, (session, after) => EventPersonalData.MadeAsync(session, new Person(row.UserId!), after), cancellation))
            {
                await database.WriteAsync(scope, session => QueueAsync(session, row.ErasureId, ids), cancellation);
            }
        }
    }

    private static async ValueTask<bool> QueueAsync(WriteSession session, string erasureId, string[] ids)
    {
        await ErasureItems.QueueAsync(session, erasureId, ids);
        return true;
    }

    /// <summary>Takes the person's place in the tenant; whether their account went too. Null: they are its last owner, and it is refused.</summary>
    private async Task<bool?> EndMembershipAsync(ErasureRow row, bool hasActed, CancellationToken cancellation)
    {
        var scope = row.Scope with { CrossTenant = true };
        return await database.WriteAsync<bool?>(
            scope,
            async session =>
            {
                if (await PersonalIdentity.IsLastOwnerAsync(session, row.UserId!))
                {
                    await ErasureProgress.RefuseAsync(session, row, ErasureStore.LastOwner.Detail, time.Micros());
                    return null;
                }

                // Here, so that what is refused is not noted, and before anything is erased: a restore must not bring back what this write takes.
                journal.Note(new JournalEntry(row.Scope, row.ErasureId, row.UserId!));
                var account = await identity.EraseAsync(session, receipts.In(row.Scope, row.ErasureId, row.UserId!), row.RequestedBy == row.UserId, hasActed);
                await ErasureProgress.RunningAsync(session, row, account, time.Micros());
                return account || row.Account;
            },
            cancellation);
    }

    /// <summary>Takes all that there is now; whether there was anything.</summary>
    private async Task<bool> PassAsync(ErasureRow row, bool account, CancellationToken cancellation)
    {
        var any = false;
        foreach (var kind in _kinds)
        {
            foreach (var scope in Logs(row, account).Values.Where(scope => kind.IsOfAccounts || scope.TenantId == row.TenantId))
            {
                await progress.TryHoldAsync(row, cancellation);
                any |= await EraseAsync(row, kind, scope, cancellation);
            }
        }

        return any;
    }

    private async Task<bool> EraseAsync(ErasureRow row, IPersonalData kind, Scope scope, CancellationToken cancellation)
    {
        var any = false;
        var person = new Person(row.UserId!, row.ErasureId);
        var erasing = receipts.In(scope, row.ErasureId, row.UserId!);
        await foreach (var ids in PagesAsync(scope, (session, after) => kind.FindAsync(session, person, after), cancellation))
        {
            foreach (var some in ids.Chunk(kind.AtOnce))
            {
                any = true;
                await database.WriteAsync(scope, session => EraseAsync(session, kind, erasing, some), cancellation);
            }
        }

        while (kind.IsLinked && await database.ReadAsync(scope, session => ErasureItems.WaitingAsync(session, row.ErasureId, kind.AtOnce), cancellation) is { Count: > 0 } waiting)
        {
            any = true;
            await database.WriteAsync(scope, session => EraseAsync(session, kind, erasing, [.. waiting]), cancellation);
        }

        return any;
    }

    /// <summary>Things that are made of one another go together with their links, and what was made of them is lined up in the same write.</summary>
    private async ValueTask<bool> EraseAsync(WriteSession session, IPersonalData kind, Erasing erasing, string[] ids)
    {
        if (!kind.IsLinked)
        {
            await kind.EraseAsync(session, erasing, ids);
            return true;
        }

        await LineageLinks.FollowAsync(session, erasing.ErasureId, column => session.In(column, "ids"), ids);
        foreach (var linked in _kinds.Where(other => other.IsLinked))
        {
            await linked.EraseAsync(session, erasing, ids);
        }

        await ErasureItems.TookAsync(session, erasing.ErasureId, ids);
        return true;
    }

    /// <summary>Removes the files of what was taken, and then what remembers them.</summary>
    private async Task CleanAsync(ErasureRow row, Dictionary<string, Scope> logs, CancellationToken cancellation)
    {
        foreach (var scope in logs.Values)
        {
            foreach (var kind in _kinds)
            {
                await kind.CleanAsync(scope, row.ErasureId, cancellation);
            }

            // A log begins with its first write: an env that holds nothing stays without one.
            if (await database.ReadAsync(scope, session => ErasureItems.AnyAsync(session, row.ErasureId), cancellation))
            {
                await database.WriteAsync(scope, session => ErasureItems.ForgetAsync(session, row.ErasureId), cancellation);
            }
        }
    }

    /// <summary>Tries again to empty the store's files of an erasure that is done but for that; leaves <c>erasure_purged</c> where it could.</summary>
    public async Task PurgeAgainAsync(ErasureRow row, CancellationToken cancellation)
    {
        var isPurged = await indexes.CleanAsync(row.TenantId, cancellation) & await database.PurgeAsync(_tables, isRepeat: true, cancellation);
        await progress.PurgedAsync(row, receipts.In(row.Scope, row.ErasureId, "").Context, isPurged, cancellation);
    }

    private async Task<bool> PurgeAsync(ErasureRow row, CancellationToken cancellation)
    {
        var (areIndexesClean, isStoreClean) = (false, false);
        for (var attempt = 1; ; attempt++)
        {
            areIndexesClean = areIndexesClean || await indexes.CleanAsync(row.TenantId, cancellation);
            isStoreClean = isStoreClean || await database.PurgeAsync(_tables, isRepeat: attempt > 1, cancellation);
            if (areIndexesClean && isStoreClean)
            {
                return true;
            }

            if (attempt == MostPurges)
            {
                LogNotPurged(row.ErasureId);
                return false;
            }

            await Task.Delay(_pause, time, cancellation);
            await progress.TryHoldAsync(row, cancellation);
        }
    }

    /// <summary>Pages that hold something; what is erased meanwhile does not come again.</summary>
    private async IAsyncEnumerable<string[]> PagesAsync(
        Scope scope, Func<ReadSession, string, ValueTask<FoundPage>> find, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        for (var after = ""; ;)
        {
            var at = after;
            var page = await database.ReadAsync(scope, session => find(session, at), cancellation);
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

    private static IEnumerable<Scope> Scopes(ErasureRow row) => Envs.All.Select(env => new Scope(row.TenantId, env));

    /// <summary>Where the person's data is, by the names that the erasure's record has for them: the envs, and tenant-0's log of sign-ins where the account went too.</summary>
    private static Dictionary<string, Scope> Logs(ErasureRow row, bool account)
    {
        var logs = Scopes(row).ToDictionary(scope => scope.Env, StringComparer.Ordinal);
        if (account && row.TenantId != Scope.SystemTenant)
        {
            logs[Scope.SystemTenant] = new Scope(Scope.SystemTenant, Scope.System.Env);
        }

        return logs;
    }

    [LoggerMessage(LogLevel.Warning, "Erasure {ErasureId} is done, but the store's files may still hold some of it: something goes on reading. It is tried again until they do not")]
    private partial void LogNotPurged(string erasureId);
}
