using System.Text.Json;
using System.Text.Json.Nodes;
using Nexus.Server.Audit.Events;
using Nexus.Server.Identity;
using Nexus.Server.Identity.Members;
using Nexus.Server.Platform.Http;
using Nexus.Server.Platform.Storage;
using Nexus.Server.Platform.Tenancy;

namespace Nexus.Server.Privacy.Erasure;

/// <summary>Stores erasures. Their own events name the person only in the content, which is erased with everything else.</summary>
internal sealed class ErasureStore(EventLog log, PrivacyOptions options)
{
    /// <summary>The <see cref="WriteSession.NotifyAsync"/> topic for an erasure that is ready to run.</summary>
    public const string Topic = "erasure";

    private const string Columns =
        """
        select tenant_id as TenantId, env, erasure_id as ErasureId, user_id as UserId, state, reason, requested_by as RequestedBy,
          approvals, account, counts,
          erased_seqs as ErasedSeqs, purged, created_at as CreatedAt, updated_at as UpdatedAt, done_at as DoneAt from erasures
        """;

    /// <summary>The response if the person is the tenant's last owner.</summary>
    public static Problem LastOwner { get; } = new(
        ProblemCodes.PrivacyLastOwner, "This person is the tenant's last owner. Make somebody else owner first, then try again.");

    private static Problem FourEyesRequired { get; } = new(
        ProblemCodes.PrivacyFourEyes,
        "An erasure must be approved by another person: an owner or admin who neither requested it nor is erased by it.");

    /// <summary>
    /// Requests a person's erasure and records <c>erasure_requested</c>. If one is already in progress, returns it and records
    /// nothing.
    /// </summary>
    /// <exception cref="ProblemException">
    /// 409 <c>privacy.last_owner</c>; 403 if the person's role is stronger than the caller's.
    /// </exception>
    public async ValueTask<ErasureJob> RequestAsync(WriteSession session, RequestContext context, string userId)
    {
        // Each env has its own write lock, so requests from two envs are serialized here.
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

    /// <summary>Stores an erasure and records <c>erasure_requested</c>.</summary>
    /// <param name="userId">The person to erase.</param>
    /// <param name="isApproved">Whether no further approval is needed.</param>
    /// <param name="reason">Why the service requests it by itself; null if a user does.</param>
    public async ValueTask<ErasureJob> AddAsync(
        WriteSession session, RequestContext context, string erasureId, string userId, bool isApproved, string? reason)
    {
        var input = new JsonObject { ["user_id"] = userId };
        if (reason is not null)
        {
            input["reason"] = reason;
        }

        var requested = await log.AppendAsync(
            session,
            context,
            new NewEvent("erasure_requested", "erasure", erasureId) { Surface = "privacy", SubjectId = userId, Input = input });
        var state = isApproved ? ErasureStates.Approved : ErasureStates.Requested;
        await session.ExecuteAsync(
            """
            insert into erasures (tenant_id, env, erasure_id, user_id, state, reason, requested_by, approvals, account, created_at,
              updated_at, seq)
            values (@TenantId, @Env, @erasureId, @userId, @state, @reason, @requestedBy, @approvals, false, @RecordedAt, @RecordedAt, @Seq)
            """,
            new
            {
                session.Scope.TenantId, session.Scope.Env, erasureId, userId, state, reason, requestedBy = context.UserId,
                approvals = SerializeIds(IsHuman(context) ? [context.UserId] : []), requested.RecordedAt, requested.Seq,
            });
        await NotifyWorkerAsync(session, state, erasureId);
        return (await FindAsync(session, erasureId))!;
    }

    /// <summary>Approves an erasure and records <c>erasure_approved</c>.</summary>
    /// <exception cref="ProblemException">404; 403 <c>privacy.four_eyes</c>; 409 if it does not wait for approval.</exception>
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

        IReadOnlyList<string> approvers = [.. found.Approvers, context.UserId];
        await StoreApprovalAsync(
            session,
            context,
            found,
            approvers.Count >= options.ErasureApprovals ? ErasureStates.Approved : ErasureStates.Requested,
            approvers);
        return (await FindAsync(session, erasureId))!;
    }

    /// <summary>
    /// Resumes an erasure from the journal that a restored database does not have as started. Records <c>erasure_requested</c>,
    /// or <c>erasure_approved</c> if it still waits for approval in the database. Does nothing if it is in progress or finished.
    /// If another erasure of the same person covers it, it is closed here. Otherwise a later start would run it and erase what
    /// that person, who may have joined again, has created since.
    /// </summary>
    public async ValueTask<bool> ResumeAsync(WriteSession session, RequestContext context, ErasureJournalEntry entry)
    {
        const string Restored = "The database was restored from before this erasure.";
        await session.LockAsync($"erasure {context.TenantId} {entry.UserId}");
        var own = await FindAsync(session, entry.ErasureId);
        var existing = own ?? await FindByPersonAsync(session, entry.UserId);
        if (existing is null)
        {
            await AddAsync(session, context, entry.ErasureId, entry.UserId, isApproved: true, Restored);
            return true;
        }

        if (existing.State == ErasureStates.Requested)
        {
            await StoreApprovalAsync(session, context, existing, ErasureStates.Approved, existing.Approvers, Restored);
        }

        if (own is null)
        {
            await AddRefusedAsync(
                session,
                context,
                entry.ErasureId,
                $"Erasure {existing.ErasureId} does it: the database was restored from before this one.");
        }

        return true;
    }

    /// <summary>Stores an erasure that is already closed and does not name the person. Records <c>erasure_requested</c>.</summary>
    private async ValueTask AddRefusedAsync(WriteSession session, RequestContext context, string erasureId, string reason)
    {
        var requested = await log.AppendAsync(
            session,
            context,
            new NewEvent("erasure_requested", "erasure", erasureId)
            {
                Surface = "privacy",
                Input = new JsonObject { ["reason"] = reason },
            });
        await session.ExecuteAsync(
            $"""
            insert into erasures (tenant_id, env, erasure_id, state, reason, requested_by, approvals, account, created_at, updated_at,
              done_at, seq)
            values (@TenantId, @Env, @erasureId, '{ErasureStates.Refused}', @reason, @requestedBy, '[]', false, @RecordedAt, @RecordedAt,
              @RecordedAt, @Seq)
            """,
            new
            {
                session.Scope.TenantId, session.Scope.Env, erasureId, reason, requestedBy = context.UserId, requested.RecordedAt,
                requested.Seq,
            });
    }

    private async ValueTask StoreApprovalAsync(
        WriteSession session, RequestContext context, ErasureJob row, string state, IReadOnlyList<string> approvers, string? reason = null)
    {
        var approved = await log.AppendAsync(
            session,
            context,
            new NewEvent("erasure_approved", "erasure", row.ErasureId) { Surface = "privacy" });
        await session.ExecuteAsync(
            """
            update erasures set state = @state, reason = @reason, approvals = @approvals, updated_at = @RecordedAt, seq = @Seq
              where tenant_id = @TenantId and env = @Env and erasure_id = @ErasureId
            """,
            new
            {
                row.TenantId, row.Env, row.ErasureId, state, reason, approvals = SerializeIds(
                approvers), approved.RecordedAt, approved.Seq
            });
        await NotifyWorkerAsync(session, state, row.ErasureId);
    }

    /// <summary>
    /// Returns whether the caller counts as a person for approvals. An API key may request an erasure, but its approval would be
    /// a second vote of the person who created it.
    /// </summary>
    private static bool IsHuman(RequestContext context) => context.Auth is { IsApiKey: false } && context.ActorType == ActorTypes.Human;

    /// <summary>Returns an erasure requested in the session's tenant and env, or null.</summary>
    public static ValueTask<ErasureJob?> FindAsync(ReadSession session, string erasureId) => session.FirstOrDefaultAsync<ErasureJob>(
        Columns + " where tenant_id = @TenantId and env = @Env and erasure_id = @erasureId",
        new { session.Scope.TenantId, session.Scope.Env, erasureId });

    /// <summary>Returns a page of erasures, newest first.</summary>
    public static ValueTask<List<ErasureJob>> ListAsync(ReadSession session, string? before, int limit) => session.QueryAsync<ErasureJob>(
        Columns
            + " where tenant_id = @TenantId and env = @Env"
            + (before is null ? "" : " and erasure_id < @before")
            + " order by erasure_id desc limit @limit",
        new { session.Scope.TenantId, session.Scope.Env, before, limit });

    /// <summary>Returns a page of erasures, oldest first.</summary>
    public static ValueTask<List<ErasureJob>> ListAfterAsync(ReadSession session, string after, int limit) =>
        session.QueryAsync<ErasureJob>(
            Columns + " where tenant_id = @TenantId and env = @Env and erasure_id > @after order by erasure_id limit @limit",
            new { session.Scope.TenantId, session.Scope.Env, after, limit });

    /// <summary>Returns the erasures of all tenants that are ready to run, oldest first. Needs a cross-tenant scope.</summary>
    public static ValueTask<List<ErasureJob>> ListDueAsync(ReadSession session) => session.QueryAsync<ErasureJob>(
        Columns + $" where state in ('{ErasureStates.Approved}', '{ErasureStates.Running}') order by erasure_id limit 100");

    /// <summary>
    /// Returns the erasures of all tenants that are done except for purging the store's files, oldest first. Needs a cross-tenant
    /// scope.
    /// </summary>
    public static ValueTask<List<ErasureJob>> ListUnpurgedAsync(ReadSession session) => session.QueryAsync<ErasureJob>(
        Columns + $" where state = '{ErasureStates.Done}' and not purged order by erasure_id limit 100");

    /// <summary>Returns a list of ids in its stored form.</summary>
    public static string SerializeIds(IReadOnlyList<string> ids) =>
        JsonSerializer.Serialize(ids, StrictJson.TypeInfo<IReadOnlyList<string>>());

    private static ValueTask<ErasureJob?> FindByPersonAsync(ReadSession session, string userId) =>
        session.FirstOrDefaultAsync<ErasureJob>(
            Columns + " where tenant_id = @TenantId and user_id = @userId",
            new { session.Scope.TenantId, userId });

    private static async ValueTask NotifyWorkerAsync(WriteSession session, string state, string erasureId)
    {
        if (state == ErasureStates.Approved)
        {
            await session.NotifyAsync(Topic, erasureId);
        }
    }
}
