using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Mvc;
using Nexus.Client;
using Nexus.Server.Audit.Events;
using Nexus.Server.Platform.Http;
using Nexus.Server.Platform.Idempotency;
using Nexus.Server.Platform.Storage;
using Nexus.Server.Platform.Tenancy;
using Nexus.Server.Privacy.SubjectAccess;
using Stored = Nexus.Server.Privacy.Training.StoredTrainingPreference;

namespace Nexus.Server.Privacy.Training;

/// <summary>Training preferences of people and tenants: <c>/privacy/train-prefs</c>.</summary>
internal static class PreferenceEndpoints
{
    public static void MapTrainingPreferences(this IEndpointRouteBuilder app)
    {
        var preferences = app.MapGroup("/privacy/train-prefs").WithTags("Privacy");
        preferences.MapGet("", GetAsync)
            .RequireAction("train_pref_read", Role.Viewer)
            .WithSummary("Read what counts for a person now, and why");
        preferences.MapPost("tenant", SetTenantAsync)
            .RequireAction("train_pref_tenant_write", Role.Admin)
            .WithMetadata(new IfMatchMetadata(false))
            .WithSummary("Say whether the tenant's content may be trained on");
        preferences.MapPost("user", SetUserAsync)
            .RequireAction("train_pref_user_write", Role.Member)
            .WithMetadata(new IfMatchMetadata(false))
            .WithSummary("Say whether content by or about yourself may be trained on");
    }

    private static async Task<EntityResult<Client.TrainingPreferences>> GetAsync(
        RequestContext context, Database database, CancellationToken cancellationToken, [FromQuery(Name = "user_id")] string? userId = null)
    {
        var person = userId ?? context.UserId;
        BodyValidation.RequirePersonId(person, "user_id");
        DataSubjectRules.CheckSelfOrAdmin(context, person);
        var effective = await database.ReadAsync(
            context.Scope,
            session => TrainingPreferenceService.ReadAsync(session, [person]),
            cancellationToken);
        return EntityResult<Client.TrainingPreferences>.Create(new Client.TrainingPreferences
        {
            TenantId = context.TenantId,
            Env = context.Env,
            TrainOk = effective.Decide(person, null).IsAllowed,
            Preferences = [.. effective.ListFor(person).Select(preference => preference.ToWire(context.Scope))],
        });
    }

    private static async Task<EntityResult<Client.TrainingPreference>> SetTenantAsync(
        RequestContext context, JsonBody<TenantPreferenceRequest> body, HttpRequest request, EventLog log, IdempotentWriter mutations,
        CancellationToken cancellationToken) =>
        await SetAsync(context, "", body.Value.OptOut, request, log, mutations, cancellationToken);

    private static async Task<EntityResult<Client.TrainingPreference>> SetUserAsync(
        RequestContext context, JsonBody<UserPreferenceRequest> body, HttpRequest request, EventLog log, IdempotentWriter mutations,
        CancellationToken cancellationToken)
    {
        BodyValidation.RequirePersonId(body.Value.UserId, "user_id");
        return body.Value.UserId == context.UserId
            ? await SetAsync(context, context.UserId, body.Value.OptOut, request, log, mutations, cancellationToken)
            : throw new ProblemException(
                new Problem(ProblemCodes.PrivacyNotOwn, "`user_id` must be your own: only a person sets this preference for themselves."));
    }

    private static async Task<EntityResult<Client.TrainingPreference>> SetAsync(
        RequestContext context, string userId, bool optOut, HttpRequest request, EventLog log, IdempotentWriter mutations,
        CancellationToken cancellationToken) =>
        await mutations.RunAsync(
            context,
            async session =>
            {
                var before = await TrainingPreferenceService.FindAsync(session, context.TenantId, userId);
                ETags.RequireMatch(request, before?.Version ?? 0, isRequired: false);
                var version = (before?.Version ?? 0) + 1;

                // The user id is in the content, which can be erased, and not in the envelope, which cannot.
                var changed = await log.AppendAsync(session, context, new NewEvent("training_preference_updated", "training_preference")
                {
                    Surface = "privacy",
                    Input = new JsonObject { ["whose"] = userId.Length == 0 ? "tenant" : "user", ["opt_out"] = optOut },
                    Output = new JsonObject
                    {
                        ["before"] = ToSnapshot(before?.OptOut, before?.Version),
                        ["after"] = ToSnapshot(optOut, version),
                    },
                });
                var after = new Stored
                {
                    TenantId = context.TenantId,
                    Env = context.Env,
                    UserId = userId,
                    OptOut = optOut,
                    Version = version,
                    UpdatedAt = changed.RecordedAt,
                    UpdatedBy = context.UserId,
                };
                await TrainingPreferenceService.SaveAsync(session, after, changed.Seq);
                EventLog.MarkPreferencesStored(session);
                return after.ToWire(session.Scope);
            },
            cancellationToken,
            preference => ETags.FromRevision(preference.Version));

    private static JsonObject? ToSnapshot(bool? optOut, long? version) =>
        optOut is null ? null : new JsonObject { ["opt_out"] = optOut, ["version"] = version };
}
