using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Nexus.Client;
using Nexus.Flags;
using Nexus.Server.FeatureFlags.Ofrep;
using Nexus.Server.Platform.Http;
using Nexus.Server.Platform.Idempotency;
using Nexus.Server.Platform.Paging;
using Nexus.Server.Platform.Storage;
using Nexus.Server.Platform.Tenancy;

namespace Nexus.Server.FeatureFlags;

/// <summary>
/// Feature flags: <c>/feature-flags</c>. Who writes for <c>t_system</c> writes for every tenant that wrote nothing of its own.
/// </summary>
internal static class FlagEndpoints
{
    /// <summary>The largest file of an import, in bytes.</summary>
    private const long MaxImportBytes = 16 << 20;

    /// <summary>Maps the routes.</summary>
    public static void MapFeatureFlags(this IEndpointRouteBuilder app)
    {
        app.MapOfrep();
        var flags = app.MapGroup("/feature-flags").WithTags("Feature flags");
        flags.MapGet("", BuiltInFlagEndpoints.GetAsync).RequireAction("flags_read", Role.Viewer).WithSummary("Read the built-in flags");
        flags.MapPut("", BuiltInFlagEndpoints.PutAsync).RequireAction("flags_write", Role.Admin).WithMetadata(new IfMatchMetadata(false))
            .WithSummary("Change the built-in flags");
        flags.MapGet("definitions", ListAsync).RequireAction("flags_read", Role.Viewer).WithSummary("List effective flags, by key");
        flags.MapPost("definitions", ImportAsync)
            .RequireAction("flags_write", Role.Admin)
            .WithBodyLimit(MaxImportBytes)
            .WithMetadata(new RequestBodyMetadata(typeof(JsonElement)))
            .WithSummary("Import a flagd file: all of its flags, or none");
        flags.MapGet("definitions/{key}", GetAsync).RequireAction("flags_read", Role.Viewer)
            .WithSummary("Read an effective flag, now or at an earlier moment");
        flags.MapPut("definitions/{key}", PutAsync)
            .RequireAction("flags_write", Role.Admin)
            .WithMetadata(new IfMatchMetadata(false))
            .WithMetadata(new RequestBodyMetadata(typeof(JsonElement)))
            .WithSummary("Define a flag, or change the state or default of one that t_system defines");
        flags.MapDelete("definitions/{key}", DeleteAsync).RequireAction("flags_write", Role.Admin).WithMetadata(new IfMatchMetadata(false))
            .WithSummary("Remove your tenant's override");
        flags.MapPost("definitions/{key}/explain", ExplainAsync).RequireAction("flags_explain", Role.Viewer, mutates: false)
            .WithSummary("Explain a flag's evaluation step by step");
        flags.MapGet("evaluators", GetEvaluatorsAsync).RequireAction("flags_read", Role.Viewer)
            .WithSummary("Read the shared logic that $ref refers to");
        flags.MapPut("evaluators", PutEvaluatorsAsync)
            .RequireAction("flags_write", Role.Admin)
            .WithMetadata(new IfMatchMetadata(false))
            .WithMetadata(new RequestBodyMetadata(typeof(JsonElement)))
            .WithSummary("Replace the tenant's shared logic");
    }

    private static async Task<PageResult<FlagRecord>> ListAsync(
        RequestContext context, PageRequest page, FlagCache flags, CancellationToken cancellationToken)
    {
        var configuration = await flags.GetAsync(context.Scope, cancellationToken);
        var found = configuration.Flags.Where(flag => page.After is null || string.CompareOrdinal(flag.Key, page.After) > 0)
            .Take(page.Limit + 1)
            .Select(flag => ToWire(context, flag))
            .ToList();
        return page.ToResult(found, flag => flag.Key);
    }

    private static async Task<Results<EntityResult<FlagRecord>, Problem>> GetAsync(
        RequestContext context, string key, FlagCache flags, Database database, TimeProvider time, CancellationToken cancellationToken,
        string? at = null)
    {
        var moment = at is null ? null : FlagMoment.TryParse(at);
        if (at is not null && moment is null)
        {
            return Problem.Invalid(
                ProblemCodes.AtInvalid, "at", $"must be a seq or an RFC 3339 time, for example {RequestParameters.ExampleTime}.");
        }

        var configuration = moment is null
            ? await flags.GetAsync(context.Scope, cancellationToken)
            : await database.ReadAsync(
                context.Scope, session => FlagHistory.FindAtAsync(session, moment, time.GetUtcNowMicros()), cancellationToken);
        return configuration?.Find(FlagKey.FromPath(key)) is { } flag
            ? EntityResult<FlagRecord>.Create(ToWire(context, flag), ETags.FromRevision(GetOwnVersion(configuration, flag.Key)))
            : Problem.NotFound;
    }

    private static async Task<Results<EntityResult<FlagRecord>, Problem>> PutAsync(
        RequestContext context, string key, HttpRequest request, FlagWriter writes, IdempotentWriter mutations,
        CancellationToken cancellationToken)
    {
        var sent = FlagRequestBody.Read(request);
        key = FlagKey.FromPath(key);
        if (key == FlagStore.EvaluatorsKey)
        {
            return Problem.Invalid(
                ProblemCodes.FlagInvalid, "key", "must not start with $. Use PUT /feature-flags/evaluators to replace the shared logic.");
        }

        await writes.PrepareAsync(context, [], cancellationToken);
        return await mutations.RunAsync(
            context,
            async session =>
                ToWire(
                    context,
                    (await writes.WriteAsync(session, context, before => PrepareChange(before, key, request, sent), key)).Find(key)!),
            cancellationToken,
            flag => ETags.FromRevision(flag.Version));
    }

    private static async Task<NoContent> DeleteAsync(
        RequestContext context, string key, HttpRequest request, FlagWriter writes, IdempotentWriter mutations,
        CancellationToken cancellationToken)
    {
        key = FlagKey.FromPath(key);
        await writes.PrepareAsync(context, [], cancellationToken);
        return await mutations.RunAsync(
            context,
            async session =>
            {
                await writes.WriteAsync(
                    session,
                    context,
                    before =>
                        key != FlagStore.EvaluatorsKey && before.Layer!.Find(key) is not null
                            ? PrepareChange(before, key, request, null)
                            : throw new ProblemException(Problem.NotFound),
                    key);
            },
            cancellationToken);
    }

    private static async Task<EntityResult<FlagImport>> ImportAsync(
        RequestContext context, HttpRequest request, FlagWriter writes, IdempotentWriter mutations, CancellationToken cancellationToken)
    {
        var changes = FlagRequestBody.ReadFile(request);
        var prepared = await writes.PrepareAsync(context, changes, cancellationToken);
        return await mutations.RunAsync(
            context,
            async session => new FlagImport
            {
                Version = (await writes.WriteAsync(session, context, _ => changes, prepared: prepared)).Layer!.Version,
                Imported = changes.Count(change => change.Key != FlagStore.EvaluatorsKey),
            },
            cancellationToken);
    }

    private static async Task<Results<EntityResult<FlagExplanation>, Problem>> ExplainAsync(
        RequestContext context, string key, JsonBody<FlagExplainRequest> body, FlagCache flags, TimeProvider time,
        CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var asked = body.Value.Context is { ValueKind: not JsonValueKind.Null } given
            ? EvaluationContext.FromJson(given, now)
            : EvaluationContext.CreateEmpty(now);
        if (asked is null)
        {
            return Problem.Invalid("context", "must be a JSON object.");
        }

        key = FlagKey.FromPath(key);
        var configuration = await flags.GetAsync(context.Scope, cancellationToken);
        if (configuration.Find(key) is null)
        {
            return Problem.NotFound;
        }

        var (result, steps) = configuration.Set.Explain(key, asked);
        return EntityResult<FlagExplanation>.Create(new FlagExplanation
        {
            Key = key,
            Value = result.Value,
            Variant = result.Variant,
            Reason = result.Reason,
            ErrorCode = result.ErrorCode,
            ErrorDetails = result.ErrorDetails,
            Layer = GetLayerName(result.Origin!.Layer),
            Steps =
            [
                .. steps.Select(
                    step =>
                        new FlagExplanationStep
                        {
                            Path = step.Path,
                            Operator = step.Operator,
                            Inputs = step.Inputs,
                            Outcome = step.Outcome,
                            Remark = step.Remark,
                        }),
            ],
        });
    }

    private static async Task<EntityResult<JsonElement>> GetEvaluatorsAsync(
        RequestContext context, FlagCache flags, CancellationToken cancellationToken)
    {
        var configuration = await flags.GetAsync(context.Scope, cancellationToken);
        return EntityResult<JsonElement>.Create(
            FlagRequestBody.ToJsonObject(configuration.GetEvaluators()),
            ETags.FromRevision(GetOwnVersion(configuration, FlagStore.EvaluatorsKey)));
    }

    private static async Task<EntityResult<JsonElement>> PutEvaluatorsAsync(
        RequestContext context, HttpRequest request, FlagWriter writes, IdempotentWriter mutations, CancellationToken cancellationToken)
    {
        var sent = FlagRequestBody.Read(request);
        long version = 0;
        await writes.PrepareAsync(context, [], cancellationToken);
        return await mutations.RunAsync(
            context,
            async session =>
            {
                var after = await writes.WriteAsync(
                    session,
                    context,
                    before => PrepareChange(before, FlagStore.EvaluatorsKey, request, sent),
                    FlagStore.EvaluatorsKey);
                version = GetOwnVersion(after, FlagStore.EvaluatorsKey);
                return FlagRequestBody.ToJsonObject(after.GetEvaluators());
            },
            cancellationToken,
            _ => ETags.FromRevision(version));
    }

    /// <summary>Who decided, as the contract names it.</summary>
    public static string GetLayerName(FlagLayer layer) => layer switch
    {
        FlagLayer.Tenant => "tenant",
        FlagLayer.TenantZero => "tenant-0",
        _ => "default",
    };

    private static (string Key, string? Definition)[] PrepareChange(
        FlagConfiguration before, string key, HttpRequest request, JsonElement? json)
    {
        ETags.RequireMatch(request, GetOwnVersion(before, key), isRequired: false);
        return [(key, json is { } given ? FlagRow.ToCanonicalJson(given) : null)];
    }

    private static long GetOwnVersion(FlagConfiguration configuration, string key) => configuration.Layer?.Find(key)?.Version ?? 0;

    private static FlagRecord ToWire(RequestContext context, LayeredFlag flag) => new()
    {
        Key = flag.Key,
        Layer = GetLayerName(flag.Entry.Origin.Layer),
        Version = flag.Entry.Origin.Version,
        LogSize = flag.Entry.Origin.LogSize,
        Definition = flag.Definition,
        Change = flag.Row is { IsPartial: true } row && row.TenantId == context.TenantId ? row.Json : null,
        UpdatedAt = flag.Row is { } written ? Timestamps.FromMicros(written.UpdatedAt) : null,
        UpdatedBy = flag.Row is { } own && own.TenantId == context.TenantId ? own.UpdatedBy : null,
    };
}
