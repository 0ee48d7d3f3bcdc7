using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.HttpResults;
using Nexus.Client;
using Nexus.Server.Platform.Http;
using Nexus.Server.Platform.Idempotency;
using Nexus.Server.Platform.Storage;
using Nexus.Server.Platform.Tenancy;

namespace Nexus.Server.FeatureFlags;

/// <summary>The record of five fields: each is the default of a built-in flag, and writing one changes that flag's default.</summary>
internal static class BuiltInFlagEndpoints
{
    private static readonly string[] _keys = ["ws_enabled", "sse_enabled", "gesture_logging", "replay_mode", "visibility_mode"];

    /// <summary><c>GET /feature-flags</c>.</summary>
    public static async Task<EntityResult<Client.FeatureFlags>> GetAsync(
        RequestContext context, FlagCache flags, CancellationToken cancellationToken)
    {
        var configuration = await flags.GetAsync(context.Scope, cancellationToken);
        return EntityResult<Client.FeatureFlags>.Create(
            ToWire(context.Scope, configuration),
            ETags.FromRevision(GetVersion(configuration)));
    }

    /// <summary><c>PUT /feature-flags</c>.</summary>
    public static async Task<Results<EntityResult<Client.FeatureFlags>, Problem>> PutAsync(
        RequestContext context, JsonBody<FeatureFlagsUpdate> body, HttpRequest request, FlagWriter writes, IdempotentWriter mutations,
        CancellationToken cancellationToken)
    {
        if (ReadChanges(body.Value, out var wanted) is { } invalid)
        {
            return invalid;
        }

        long version = 0;
        await writes.PrepareAsync(context, [], cancellationToken);
        return await mutations.RunAsync(
            context,
            async session =>
            {
                var after = await writes.WriteAsync(session, context, before =>
                {
                    ETags.RequireMatch(request, GetVersion(before), isRequired: false);
                    return
                    [
                        .. wanted.Select(
                            field =>
                                (field.Key, (string?)FlagRow.ToCanonicalJson(CreateChange(before.Layer!.Find(field.Key), field.Variant)))),
                    ];
                });
                version = GetVersion(after);
                return ToWire(context.Scope, after);
            },
            cancellationToken,
            _ => ETags.FromRevision(version));
    }

    /// <summary>Whether callers may open the OFREP event stream.</summary>
    public static bool IsSseEnabled(FlagConfiguration configuration) =>
        BuiltInFlags.GetValue(configuration.Find("sse_enabled")!).GetBoolean();

    private static Problem? ReadChanges(FeatureFlagsUpdate update, out List<(string Key, string Variant)> changes)
    {
        changes = [];
        var errors = new List<FieldError>();
        foreach (var (key, value) in (ReadOnlySpan<(string, string?)>)
            [
                ("ws_enabled", update.WsEnabled?.ToString()), ("sse_enabled", update.SseEnabled?.ToString()),
                ("gesture_logging", update.GestureLogging?.ToString()), ("replay_mode", update.ReplayMode),
                ("visibility_mode", update.VisibilityMode),
            ])
        {
            if (value is not null && BuiltInFlags.FindVariant(key, value) is { } variant)
            {
                changes.Add((key, variant));
            }
            else if (value is not null)
            {
                var variants = BuiltInFlags.Definitions[key].GetProperty("variants").EnumerateObject().Select(known => known.Name);
                errors.Add(FieldError.UnknownValue(key, key, value, variants));
            }
        }

        return errors.Count > 0 ? Problem.Invalid(ProblemCodes.BodyInvalid, errors)
            : changes.Count == 0 ? Problem.Invalid("$", "must contain at least one of: " + string.Join(", ", _keys) + ".")
            : null;
    }

    /// <summary>Whoever sets a field means it, so a flag that was disabled is on again.</summary>
    private static JsonElement CreateChange(FlagRow? own, string variant)
    {
        var change = new JsonObject { ["defaultVariant"] = variant };
        if (own?.Json.TryGetProperty("state", out _) == true)
        {
            change["state"] = "ENABLED";
        }

        return JsonSerializer.SerializeToElement(change, WireJson.Default.JsonObject);
    }

    private static long GetVersion(FlagConfiguration configuration) =>
        configuration.Layer!.Rows.Where(row => _keys.Contains(row.Key)).Select(row => row.Version).DefaultIfEmpty().Max();

    private static Client.FeatureFlags ToWire(Scope scope, FlagConfiguration configuration)
    {
        JsonElement Value(string key) => BuiltInFlags.GetValue(configuration.Find(key)!);
        return new Client.FeatureFlags
        {
            TenantId = scope.TenantId,
            Env = scope.Env,
            WsEnabled = Value("ws_enabled").GetBoolean(),
            SseEnabled = Value("sse_enabled").GetBoolean(),
            GestureLogging = Value("gesture_logging").GetBoolean(),
            ReplayMode = Value("replay_mode").GetString()!,
            VisibilityMode = Value("visibility_mode").GetString()!,
        };
    }
}
