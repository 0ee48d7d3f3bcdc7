using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Nexus.Client;
using Nexus.Flags;
using Nexus.Server.Gates;
using Nexus.Server.Http;
using Nexus.Server.Idempotency;
using Nexus.Server.Paging;
using Nexus.Server.Storage;
using Nexus.Server.Tenancy;

namespace Nexus.Server.FeatureFlags;

/// <summary>Feature flags: <c>/feature-flags</c>. Who writes for <c>t_system</c> writes for every tenant that wrote nothing of its own.</summary>
internal static class FlagEndpoints
{
    /// <summary>The largest file of an import, in bytes.</summary>
    private const long MaxImport = 16 << 20;

    /// <summary>Maps the routes.</summary>
    public static void MapFeatureFlags(this IEndpointRouteBuilder app)
    {
        var flags = app.MapGroup("/feature-flags").WithTags("Feature flags");
        flags.MapGet("", FlagRecordFields.GetAsync).Does("flags_read", Role.Viewer).WithSummary("Read what is on");
        flags.MapPut("", FlagRecordFields.PutAsync).Does("flags_write", Role.Admin).WithMetadata(new TakesIfMatch(false)).WithSummary("Turn things on and off");
        flags.MapGet("definitions", ListAsync).Does("flags_read", Role.Viewer).WithSummary("List flags as they count, by key");
        flags.MapPost("definitions", ImportAsync).Does("flags_write", Role.Admin).TakesUpTo(MaxImport).WithMetadata(new ReadsBody(typeof(JsonElement)))
            .WithSummary("Import a flagd file: all of its flags, or none");
        flags.MapGet("definitions/{key}", GetAsync).Does("flags_read", Role.Viewer).WithSummary("Read a flag as it counts, or as it counted then");
        flags.MapPut("definitions/{key}", PutAsync).Does("flags_write", Role.Admin).WithMetadata(new TakesIfMatch(false)).WithMetadata(new ReadsBody(typeof(JsonElement)))
            .WithSummary("Define a flag, or change the state or default of one that t_system defines");
        flags.MapDelete("definitions/{key}", DeleteAsync).Does("flags_write", Role.Admin).WithMetadata(new TakesIfMatch(false)).Produces(StatusCodes.Status204NoContent)
            .WithSummary("Take back what the tenant wrote of a flag");
        flags.MapPost("definitions/{key}/explain", ExplainAsync).Does("flags_explain", Role.Viewer, mutates: false).WithSummary("Say what a flag is for a context, step by step");
        flags.MapGet("evaluators", EvaluatorsAsync).Does("flags_read", Role.Viewer).WithSummary("Read the shared logic that $ref names");
        flags.MapPut("evaluators", PutEvaluatorsAsync).Does("flags_write", Role.Admin).WithMetadata(new TakesIfMatch(false)).WithMetadata(new ReadsBody(typeof(JsonElement)))
            .WithSummary("Replace the tenant's shared logic");
    }

    private static async Task<PageAnswer<FlagRecord>> ListAsync(RequestContext context, PageRequest page, FlagCache flags, CancellationToken cancellation)
    {
        var configuration = await flags.GetAsync(context.Scope, cancellation);
        var found = configuration.Flags.Where(flag => page.After is null || string.CompareOrdinal(flag.Key, page.After) > 0).Take(page.Limit + 1).Select(flag => ToWire(context, flag)).ToList();
        return page.Answer(found, flag => flag.Key);
    }

    private static async Task<Results<Answer<FlagRecord>, Problem>> GetAsync(
        RequestContext context, string key, FlagCache flags, Database database, TimeProvider time, CancellationToken cancellation, string? at = null)
    {
        var configuration = at is null
            ? await flags.GetAsync(context.Scope, cancellation)
            : await database.ReadAsync(context.Scope, session => FlagMoment.ReadAsync(session, at, time.Micros()), cancellation);
        return configuration.Find(FlagKey.Of(key)) is { } flag ? Answer<FlagRecord>.Of(ToWire(context, flag), ETags.Of(OwnVersion(configuration, flag.Key))) : Problem.NotFound;
    }

    private static async Task<Answer<FlagRecord>> PutAsync(
        RequestContext context, string key, HttpRequest request, FlagWrites writes, Mutations mutations, CancellationToken cancellation)
    {
        var sent = FlagBody.Read(request);
        key = FlagKey.Of(key);
        if (key == FlagStore.Evaluators)
        {
            throw new ProblemException(Problem.Invalid("flag.invalid", "key", "must not begin with $: PUT /feature-flags/evaluators replaces the shared logic."));
        }

        await writes.PrepareAsync(context, [], cancellation);
        return await mutations.RunAsync(
            context,
            async session => ToWire(context, (await writes.WriteAsync(session, context, before => Matched(before, key, request, sent), key)).Find(key)!),
            cancellation,
            flag => ETags.Of(flag.Version));
    }

    private static async Task<IResult> DeleteAsync(RequestContext context, string key, HttpRequest request, FlagWrites writes, Mutations mutations, CancellationToken cancellation)
    {
        key = FlagKey.Of(key);
        await writes.PrepareAsync(context, [], cancellation);
        return await mutations.RunAsync(
            context,
            async session =>
            {
                await writes.WriteAsync(
                    session,
                    context,
                    before => key != FlagStore.Evaluators && before.Layer!.Find(key) is not null ? Matched(before, key, request, null) : throw new ProblemException(Problem.NotFound),
                    key);
            },
            cancellation);
    }

    private static async Task<Answer<FlagImport>> ImportAsync(RequestContext context, HttpRequest request, FlagWrites writes, Mutations mutations, CancellationToken cancellation)
    {
        var changes = FlagBody.ReadFile(request);
        var prepared = await writes.PrepareAsync(context, changes, cancellation);
        return await mutations.RunAsync(
            context,
            async session => new FlagImport
            {
                Version = (await writes.WriteAsync(session, context, _ => changes, prepared: prepared)).Layer!.Version,
                Imported = changes.Count(change => change.Key != FlagStore.Evaluators),
            },
            cancellation);
    }

    private static async Task<Results<Answer<FlagExplanation>, Problem>> ExplainAsync(
        RequestContext context, string key, JsonBody<FlagExplainRequest> body, FlagCache flags, TimeProvider time, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var asked = body.Value.Context is { ValueKind: not JsonValueKind.Null } given ? EvaluationContext.FromJson(given, now) : EvaluationContext.CreateEmpty(now);
        if (asked is null)
        {
            throw new ProblemException(Problem.Invalid("context", "must be a JSON object."));
        }

        key = FlagKey.Of(key);
        var configuration = await flags.GetAsync(context.Scope, cancellation);
        if (configuration.Find(key) is null)
        {
            return Problem.NotFound;
        }

        var (result, steps) = configuration.Set.Explain(key, asked);
        return Answer<FlagExplanation>.Of(new FlagExplanation
        {
            Key = key,
            Value = result.Value,
            Variant = result.Variant,
            Reason = result.Reason,
            ErrorCode = result.ErrorCode,
            ErrorDetails = result.ErrorDetails,
            Layer = NameOf(result.Origin!.Layer),
            Steps = [.. steps.Select(step => new FlagExplanationStep { Path = step.Path, Operator = step.Operator, Inputs = step.Inputs, Outcome = step.Outcome, Remark = step.Remark })],
        });
    }

    private static async Task<Answer<JsonElement>> EvaluatorsAsync(RequestContext context, FlagCache flags, CancellationToken cancellation)
    {
        var configuration = await flags.GetAsync(context.Scope, cancellation);
        return Answer<JsonElement>.Of(FlagBody.ToObject(configuration.Evaluators()), ETags.Of(OwnVersion(configuration, FlagStore.Evaluators)));
    }

    private static async Task<Answer<JsonElement>> PutEvaluatorsAsync(RequestContext context, HttpRequest request, FlagWrites writes, Mutations mutations, CancellationToken cancellation)
    {
        var sent = FlagBody.Read(request);
        long version = 0;
        await writes.PrepareAsync(context, [], cancellation);
        return await mutations.RunAsync(
            context,
            async session =>
            {
                var after = await writes.WriteAsync(session, context, before => Matched(before, FlagStore.Evaluators, request, sent), FlagStore.Evaluators);
                version = OwnVersion(after, FlagStore.Evaluators);
                return FlagBody.ToObject(after.Evaluators());
            },
            cancellation,
            _ => ETags.Of(version));
    }

    /// <summary>Who decided, as the contract names it.</summary>
    public static string NameOf(FlagLayer layer) => layer switch
    {
        FlagLayer.Tenant => "tenant",
        FlagLayer.TenantZero => "tenant-0",
        _ => "default",
    };

    private static (string Key, string? Definition)[] Matched(FlagConfiguration before, string key, HttpRequest request, JsonElement? json)
    {
        ETags.Match(request, OwnVersion(before, key), isRequired: false);
        return [(key, json is { } given ? FlagRow.Text(given) : null)];
    }

    private static long OwnVersion(FlagConfiguration configuration, string key) => configuration.Layer?.Find(key)?.Version ?? 0;

    private static FlagRecord ToWire(RequestContext context, LayeredFlag flag) => new()
    {
        Key = flag.Key,
        Layer = NameOf(flag.Entry.Origin.Layer),
        Version = flag.Entry.Origin.Version,
        LogSize = flag.Entry.Origin.LogSize,
        Definition = flag.Definition,
        Change = flag.Row is { IsPartial: true } row && row.TenantId == context.TenantId ? row.Json : null,
        UpdatedAt = flag.Row is { } written ? Times.FromMicros(written.UpdatedAt) : null,
        UpdatedBy = flag.Row is { } own && own.TenantId == context.TenantId ? own.UpdatedBy : null,
    };
}
