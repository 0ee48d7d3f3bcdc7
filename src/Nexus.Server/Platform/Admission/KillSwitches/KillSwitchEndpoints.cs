using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.HttpResults;
using Nexus.Client;
using Nexus.Server.Audit.Events;
using Nexus.Server.Platform.Http;
using Nexus.Server.Platform.Idempotency;
using Nexus.Server.Platform.Storage;
using Nexus.Server.Platform.Tenancy;

namespace Nexus.Server.Platform.Admission.KillSwitches;

/// <summary>Kill switches of a tenant and env: <c>/kill-switches</c>.</summary>
internal static class KillSwitchEndpoints
{
    public static void MapKillSwitches(this IEndpointRouteBuilder app)
    {
        var switches = app.MapGroup("/kill-switches").WithTags("Kill switches");
        switches.MapGet("", GetAsync).RequireAction("kill_switch_read", Role.Admin)
            .WithSummary("Read the kill switches; null where none was ever set");
        switches.MapPut("", PutAsync)
            .RequireAction(KillSwitchGate.WriteAction, Role.Admin)
            .WithSummary("Switch agents, providers or actions off and on");
    }

    private static async Task<EntityResult<KillSwitch?>> GetAsync(
        RequestContext context, Database database, CancellationToken cancellationToken) =>
        EntityResult<KillSwitch?>.Create(await database.ReadAsync(context.Scope, KillSwitchStore.ReadAsync, cancellationToken));

    private static async Task<Results<EntityResult<KillSwitch>, Problem>> PutAsync(
        RequestContext context, JsonBody<KillSwitchUpdate> body, IdempotentWriter mutations, EventLog log,
        CancellationToken cancellationToken)
    {
        var update = body.Value;
        if (update.DisabledActions?.Contains(KillSwitchGate.WriteAction, StringComparer.Ordinal) == true)
        {
            return Problem.Invalid(
                "disabled_actions", $"must not contain {KillSwitchGate.WriteAction}, or nothing could be switched on again.");
        }

        foreach (var (field, names) in (ReadOnlySpan<(string, IReadOnlyList<string>?)>)
            [("disabled_actions", update.DisabledActions), ("disable_providers", update.DisableProviders)])
        {
            if (names is { Count: > 200 } || names?.Any(name => name is not { Length: >= 1 and <= 100 }) == true)
            {
                return Problem.Invalid(field, "must be at most 200 names of 1 to 100 characters.");
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
                    Output = before is null
                        ? null
                        : new JsonObject { ["before"] = JsonSerializer.SerializeToNode(before, WireJson.Default.KillSwitch) },
                });
                var now = Timestamps.FromMicros(changed.RecordedAt);
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
            cancellationToken);
    }
}
