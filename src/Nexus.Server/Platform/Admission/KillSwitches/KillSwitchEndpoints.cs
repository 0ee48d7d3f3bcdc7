using System.Text.Json;
using System.Text.Json.Nodes;
using Nexus.Client;
using Nexus.Server.Audit.Events;
using Nexus.Server.Platform.Http;
using Nexus.Server.Platform.Idempotency;
using Nexus.Server.Platform.Storage;
using Nexus.Server.Platform.Tenancy;

namespace Nexus.Server.Platform.Admission.KillSwitches;

/// <summary>What an owner or admin has switched off: <c>/kill-switches</c>.</summary>
internal static class KillSwitchEndpoints
{
    /// <summary>Maps the routes.</summary>
    public static void MapKillSwitches(this IEndpointRouteBuilder app)
    {
        var switches = app.MapGroup("/kill-switches").WithTags("Kill switches");
        switches.MapGet("", GetAsync).Does("kill_switch_read", Role.Admin).WithSummary("Read what is switched off; null where nothing ever was");
        switches.MapPut("", PutAsync).Does(KillSwitchGate.OwnAction, Role.Admin).WithSummary("Switch agents, providers or actions off and on");
    }

    private static async Task<Answer<KillSwitch?>> GetAsync(RequestContext context, Database database, CancellationToken cancellation) =>
        Answer<KillSwitch?>.Of(await database.ReadAsync(context.Scope, KillSwitchStore.ReadAsync, cancellation));

    private static async Task<Answer<KillSwitch>> PutAsync(RequestContext context, JsonBody<KillSwitchUpdate> body, Mutations mutations, EventLog log, CancellationToken cancellation)
    {
        var update = body.Value;
        if (update.DisabledActions?.Contains(KillSwitchGate.OwnAction, StringComparer.Ordinal) == true)
        {
            throw new ProblemException(Problem.Invalid("disabled_actions", $"{KillSwitchGate.OwnAction} cannot be switched off."));
        }

        foreach (var names in (IReadOnlyList<string>?[])[update.DisabledActions, update.DisableProviders])
        {
            if (names is { Count: > 200 } || names?.Any(name => name is not { Length: >= 1 and <= 100 }) == true)
            {
                throw new ProblemException(Problem.Invalid("$", "a list holds at most 200 names of 1 to 100 characters."));
            }
        }

        return await mutations.RunAsync(
            context,
            async session =>
            {
                var before = await KillSwitchStore.ReadAsync(session);
                var id = before?.Id ?? Id.New();
                var changed = await log.AppendAsync(session, context, new NewEvent("kill_switch_updated", "kill_switch", id)
                {
                    Surface = "gates",
                    Input = JsonSerializer.SerializeToNode(update, WireJson.Default.KillSwitchUpdate)!.AsObject(),
                    Output = before is null ? null : new JsonObject { ["before"] = JsonSerializer.SerializeToNode(before, WireJson.Default.KillSwitch) },
                });
                var now = Times.FromMicros(changed.RecordedAt);
                var after = new KillSwitch
                {
                    Id = id,
                    TenantId = context.TenantId,
                    Env = context.Env,
                    DisableProviders = update.DisableProviders ?? before?.DisableProviders ?? [],
                    DisableAutonomy = update.DisableAutonomy ?? before?.DisableAutonomy ?? false,
                    DisabledActions = update.DisabledActions ?? before?.DisabledActions ?? [],
                    CreatedAt = before?.CreatedAt ?? now,
                    UpdatedAt = now,
                };
                await KillSwitchStore.SaveAsync(session, after, changed.Seq);
                return after;
            },
            cancellation);
    }
}
