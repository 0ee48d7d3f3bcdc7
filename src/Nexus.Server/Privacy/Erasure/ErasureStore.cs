using System.Text.Json;
using System.Text.Json.Nodes;
using Nexus.Server.Audit.Events;
using Nexus.Server.Identity;
using Nexus.Server.Identity.Members;
using Nexus.Server.Platform.Http;
using Nexus.Server.Platform.Storage;
using Nexus.Server.Platform.Tenancy;

namespace Nexus.Server.Privacy.Erasure;

/// <summary>
/// Erasures in the store: asked for, approved, read. Their own events name the person in the content only, which the erasure takes with
/// everything else.
/// </summary>
internal sealed class ErasureStore(EventLog log, PrivacyOptions options)
{
    /// <summary>The <see cref="WriteSession.NotifyAsync"/> topic of an erasure that can be done.</summary>
    public const string Topic = "erasure";

    private const string Columns =
        """
        select tenant_id as TenantId, env, erasure_id as ErasureId, user_id as UserId, state, reason, requested_by as RequestedBy, approvals, account, counts,
          erased_seqs as ErasedSeqs, purged, created_at as CreatedAt, updated_at as UpdatedAt, done_at as DoneAt from erasures
        """;

    /// <summary>The person is the tenant's last owner.</summary>
    public static Problem LastOwner { get; } = new(
        ProblemCodes.PrivacyLastOwner, "This person is the tenant's last owner. Make somebody else owner first, then try again.");

    private static Problem FourEyesRequired { get; } = new(
        ProblemCodes.PrivacyFourEyes, "An erasure must be approved by another person: an owner or admin who neither requested it nor is erased by it.");

    /// <summary>Asks for a person's erasure; leaves <c>erasure_requested</c>. One that is under way already is answered again, and leaves nothing.</summary>
    /// <exception cref="ProblemException">409 <c>privacy.last_owner</c>; 403 for who is stronger than the caller.</exception>
    public async ValueTask<ErasureJob> RequestAsync(WriteSession session, RequestContext context, string userId)
    {
        // Another env's log is another lane: two that ask there at once meet here.
        await session.LockAsync($"erasure {context.TenantId} {userId}");
        if (await FindByPersonAsync(session, userId) is { } underWay)
        {
            return underWay;
        }

        var member = await StoredMembership.FindAsync(session, context.TenantId, userId);
        if (userId != context.UserId && member?.Role > context.Role)
        {
            throw new ProblemException(AuthProblems.InsufficientRole(member.Role));
        }

        if (await IdentityPersonalData.IsLastOwnerAsync(session, userId))
        {
            throw new ProblemException(LastOwner);
        }

        return await AddAsync(session, context, Id.New(), userId, options.ErasureApprovals == 1, null);
    }

    /// <summary>Stores an erasure; leaves <c>erasure_requested</c>.</summary>
    /// <param name="session">The write.</param>
    /// <param name="context">Who asks.</param>
    /// <param name="erasureId">Its id.</param>
    /// <param name="userId">Whose.</param>
    /// <param name="isApproved">Whether nobody else need approve it.</param>
    /// <param name="reason">Why the service asks by itself.</param>
    public async ValueTask<ErasureJob> AddAsync(WriteSession session, RequestContext context, string erasureId, string userId, bool isApproved, string? reason)
    {
        var input = new JsonObject { ["user_id"] = userId };
        if (reason is not null)
        {
            input["reason"] = reason;
        }

        var asked = await log.AppendAsync(session, context, new NewEvent("erasure_requested", "erasure", erasureId) { Surface = "privacy", SubjectId = userId, Input = input });
        var state = isApproved ? ErasureStates.Approved : ErasureStates.Requested;
        await session.ExecuteAsync(
            """
            insert into erasures (tenant_id, env, erasure_id, user_id, state, reason, requested_by, approvals, account, created_at, updated_at, seq)
            values (@TenantId, @Env, @erasureId, @userId, @state, @reason, @requestedBy, @approvals, false, @RecordedAt, @RecordedAt, @Seq)
            """,
            new
            {
                session.Scope.TenantId, session.Scope.Env, erasureId, userId, state, reason, requestedBy = context.UserId, approvals = SerializeIds(IsHuman(context) ? [context.UserId] : []), asked.RecordedAt, asked.Seq,
            });
        await NotifyWorkerAsync(session, state, erasureId);
        return (await FindAsync(session, erasureId))!;
    }

    /// <summary>Approves an erasure; leaves <c>erasure_approved</c>.</summary>
    /// <exception cref="ProblemException">404; 403 <c>privacy.four_eyes</c>; 409 where it waits for nobody.</exception>
    public async ValueTask<ErasureJob> ApproveAsync(WriteSession session, RequestContext context, string erasureId)
    {
        var found = await FindAsync(session, erasureId) ?? throw new ProblemException(Problem.NotFound);
        if (found.State != ErasureStates.Requested)
        {
            throw new ProblemException(new Problem(ProblemCodes.PrivacyNotWaiting, "This erasure is not waiting for approval."));
        }

        if (context.UserId == found.UserId || found.Approvers.Contains(context.UserId) || !IsHuman(context))
        {
            throw new ProblemException(FourEyesRequired);
        }

        IReadOnlyList<string> wanting = [.. found.Approvers, context.UserId];
        await StoreApprovalAsync(session, context, found, wanting.Count >= options.ErasureApprovals ? ErasureStates.Approved : ErasureStates.Requested, wanting);
        return (await FindAsync(session, erasureId))!;
    }

    /// <summary>
    /// Has an erasure done that the journal knows and a restored database does not know as begun: it leaves <c>erasure_requested</c>, or
    /// <c>erasure_approved</c> where it waits for somebody in the database. Nothing where it is under way or over. Where another of the same
    /// person does it, it ends here: begun at a later start, it would take what that person, who may have come back, has made since.
    /// </summary>
    public async ValueTask<bool> ResumeAsync(WriteSession session, RequestContext context, ErasureJournalEntry noted)
    {
        const string Restored = "The database was restored from before this erasure.";
        await session.LockAsync($"erasure {context.TenantId} {noted.UserId}");
        var own = await FindAsync(session, noted.ErasureId);
        var known = own ?? await FindByPersonAsync(session, noted.UserId);
        if (known is null)
        {
            await AddAsync(session, context, noted.ErasureId, noted.UserId, isApproved: true, Restored);
            return true;
        }

        if (known.State == ErasureStates.Requested)
        {
            await StoreApprovalAsync(session, context, known, ErasureStates.Approved, known.Approvers, Restored);
        }

        if (own is null)
        {
            await AddRefusedAsync(session, context, noted.ErasureId, $"Erasure {known.ErasureId} does it: the database was restored from before this one.");
        }

        return true;
    }

    /// <summary>Stores an erasure that is over before it began, and does not say whose it was; leaves <c>erasure_requested</c>.</summary>
    private async ValueTask AddRefusedAsync(WriteSession session, RequestContext context, string erasureId, string reason)
    {
        var asked = await log.AppendAsync(session, context, new NewEvent("erasure_requested", "erasure", erasureId) { Surface = "privacy", Input = new JsonObject { ["reason"] = reason } });
        await session.ExecuteAsync(
            $"""
            insert into erasures (tenant_id, env, erasure_id, state, reason, requested_by, approvals, account, created_at, updated_at, done_at, seq)
            values (@TenantId, @Env, @erasureId, '{ErasureStates.Refused}', @reason, @requestedBy, '[]', false, @RecordedAt, @RecordedAt, @RecordedAt, @Seq)
            """,
            new { session.Scope.TenantId, session.Scope.Env, erasureId, reason, requestedBy = context.UserId, asked.RecordedAt, asked.Seq });
    }

    private async ValueTask StoreApprovalAsync(WriteSession session, RequestContext context, ErasureJob row, string state, IReadOnlyList<string> wanting, string? reason = null)
    {
        var approved = await log.AppendAsync(session, context, new NewEvent("erasure_approved", "erasure", row.ErasureId) { Surface = "privacy" });
        await session.ExecuteAsync(
            "update erasures set state = @state, reason = @reason, approvals = @approvals, updated_at = @RecordedAt, seq = @Seq where tenant_id = @TenantId and env = @Env and erasure_id = @ErasureId",
            new { row.TenantId, row.Env, row.ErasureId, state, reason, approvals = SerializeIds(wanting), approved.RecordedAt, approved.Seq });
        await NotifyWorkerAsync(session, state, row.ErasureId);
    }

    /// <summary>Whether it is somebody with eyes who asks. A key's would be a second pair of whoever made it, so it may ask, and counts for nobody.</summary>
    private static bool IsHuman(RequestContext context) => context.Auth is { IsApiKey: false } && context.ActorType == ActorTypes.Human;

    /// <summary>An erasure asked for in the session's tenant and env, or null.</summary>
    public static ValueTask<ErasureJob?> FindAsync(ReadSession session, string erasureId) => session.FirstOrDefaultAsync<ErasureJob>(
        Columns + " where tenant_id = @TenantId and env = @Env and erasure_id = @erasureId", new { session.Scope.TenantId, session.Scope.Env, erasureId });

    /// <summary>A page of erasures, newest first.</summary>
    public static ValueTask<List<ErasureJob>> ListAsync(ReadSession session, string? before, int limit) => session.QueryAsync<ErasureJob>(
        Columns + " where tenant_id = @TenantId and env = @Env" + (before is null ? "" : " and erasure_id < @before") + " order by erasure_id desc limit @limit",
        new { session.Scope.TenantId, session.Scope.Env, before, limit });

    /// <summary>A page of erasures, oldest first.</summary>
    public static ValueTask<List<ErasureJob>> ListAfterAsync(ReadSession session, string after, int limit) => session.QueryAsync<ErasureJob>(
        Columns + " where tenant_id = @TenantId and env = @Env and erasure_id > @after order by erasure_id limit @limit", new { session.Scope.TenantId, session.Scope.Env, after, limit });

    /// <summary>The erasures of all tenants that can be done, oldest first. Needs a scope across tenants.</summary>
    public static ValueTask<List<ErasureJob>> ListDueAsync(ReadSession session) => session.QueryAsync<ErasureJob>(
        Columns + $" where state in ('{ErasureStates.Approved}', '{ErasureStates.Running}') order by erasure_id limit 100");

    /// <summary>The erasures of all tenants that are done, but for the store's files, oldest first. Needs a scope across tenants.</summary>
    public static ValueTask<List<ErasureJob>> ListUnpurgedAsync(ReadSession session) => session.QueryAsync<ErasureJob>(
        Columns + $" where state = '{ErasureStates.Done}' and not purged order by erasure_id limit 100");

    /// <summary>A list of ids as it is stored.</summary>
    public static string SerializeIds(IReadOnlyList<string> ids) => JsonSerializer.Serialize(ids, StrictJson.TypeInfo<IReadOnlyList<string>>());

    private static ValueTask<ErasureJob?> FindByPersonAsync(ReadSession session, string userId) =>
        session.FirstOrDefaultAsync<ErasureJob>(Columns + " where tenant_id = @TenantId and user_id = @userId", new { session.Scope.TenantId, userId });

    private static async ValueTask NotifyWorkerAsync(WriteSession session, string state, string erasureId)
    {
        if (state == ErasureStates.Approved)
        {
            await session.NotifyAsync(Topic, erasureId);
        }
    }
}
