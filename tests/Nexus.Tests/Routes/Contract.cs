using Microsoft.AspNetCore.Authorization;
using Nexus.Server.Platform.Tenancy;

namespace Nexus.Tests.Routes;

/// <summary>
/// Every route a second time: its action, the minimum role, and whether it changes anything. The sweep uses these rows and fails
/// if the server has another route or different metadata.
/// </summary>
internal static class Contract
{
    // open: without a token. token: any authenticated caller, without a tenant. Otherwise the minimum role of a member.
    private const string Text =
        """
        GET    /.well-known/jwks.json                        open
        GET    /.well-known/log-keys.pem                     open
        GET    /audit/checkpoint                             audit_read              admin  reads
        GET    /audit/events                                 audit_read              admin  reads
        GET    /audit/events/stream                          audit_read              admin  reads
        GET    /audit/events/{event_id}                      audit_read              admin  reads
        GET    /audit/export                                 audit_export            admin  reads
        GET    /audit/proof/consistency                      audit_read              admin  reads
        GET    /audit/proof/inclusion                        audit_read              admin  reads
        POST   /auth/login                                   open
        POST   /auth/logout                                  logout                  token  writes
        GET    /auth/me                                      account_read            token  reads
        POST   /auth/password                                password_change         token  writes
        POST   /auth/redeem                                  open
        POST   /auth/refresh                                 open
        POST   /auth/setup                                   open
        POST   /auth/signup                                  open
        POST   /events                                       event_write             member writes
        POST   /events/batch                                 event_write             member writes
        GET    /feature-flags                                flags_read              viewer reads
        PUT    /feature-flags                                flags_write             admin  writes
        GET    /feature-flags/definitions                    flags_read              viewer reads
        POST   /feature-flags/definitions                    flags_write             admin  writes
        DELETE /feature-flags/definitions/{key}              flags_write             admin  writes
        GET    /feature-flags/definitions/{key}              flags_read              viewer reads
        PUT    /feature-flags/definitions/{key}              flags_write             admin  writes
        POST   /feature-flags/definitions/{key}/explain      flags_explain           viewer reads
        GET    /feature-flags/evaluators                     flags_read              viewer reads
        PUT    /feature-flags/evaluators                     flags_write             admin  writes
        POST   /gates/check                                  gates_check             viewer reads
        GET    /healthz                                      open
        GET    /kill-switches                                kill_switch_read        admin  reads
        PUT    /kill-switches                                kill_switch_write       admin  writes
        GET    /maybes/items                                 maybes_read             member reads
        POST   /maybes/items                                 maybes_create           member writes
        DELETE /maybes/items/{id}                            maybes_delete           member writes
        GET    /maybes/items/{id}                            maybes_read             member reads
        PATCH  /maybes/items/{id}                            maybes_update           member writes
        GET    /nexus/atoms                                  atom_read               viewer reads
        POST   /nexus/atoms/create-from-raw                  atom_create             member writes
        GET    /nexus/atoms/ops                              atom_read               viewer reads
        GET    /nexus/atoms/{atom_id}                        atom_read               viewer reads
        GET    /nexus/cards                                  card_read               viewer reads
        POST   /nexus/cards                                  card_create             member writes
        POST   /nexus/cards/batch                            card_create             member writes
        DELETE /nexus/cards/{card_id}                        card_delete             member writes
        GET    /nexus/cards/{card_id}                        card_read               viewer reads
        PUT    /nexus/cards/{card_id}                        card_update             member writes
        GET    /nexus/cards/{card_id}/revisions              card_read               viewer reads
        POST   /nexus/influence-pack                         pack_create             member writes
        GET    /nexus/influence-pack/{pack_id}               pack_read               viewer reads
        GET    /nexus/influence-pack/{pack_id}/text          pack_read               viewer reads
        GET    /nexus/lineage/{kind}/{id}                    lineage_read            viewer reads
        DELETE /nexus/memory/session/{session_id}            memory_write            member writes
        GET    /nexus/memory/session/{session_id}            memory_read             viewer reads
        POST   /nexus/memory/session/{session_id}/turn       memory_write            member writes
        GET    /nexus/raw                                    raw_read                viewer reads
        POST   /nexus/raw/presign-upload                     raw_presign             member writes
        POST   /nexus/raw/register                           raw_register            member writes
        POST   /nexus/raw/uploads                            open
        DELETE /nexus/raw/{asset_id}                         raw_delete              admin  writes
        GET    /nexus/raw/{asset_id}                         raw_read                viewer reads
        GET    /nexus/raw/{asset_id}/content                 raw_read                viewer reads
        GET    /nexus/runs                                   runs_read               viewer reads
        GET    /nexus/runs/{run_id}                          runs_read               viewer reads
        POST   /nexus/search                                 search                  viewer reads
        GET    /nexus/settings/apps                          settings_read           viewer reads
        GET    /nexus/settings/connectors                    settings_read           viewer reads
        GET    /nexus/settings/surface                       settings_read           viewer reads
        POST   /ofrep/v1/evaluate/flags                      flags_evaluate          viewer reads
        POST   /ofrep/v1/evaluate/flags/{key}                flags_evaluate          viewer reads
        GET    /ofrep/v1/stream                              open
        GET    /openapi/{documentName}.json                  open
        GET    /privacy/erasures                             erasure_read            admin  reads
        POST   /privacy/erasures                             erasure_request         member writes
        GET    /privacy/erasures/{erasure_id}                erasure_read            viewer reads
        POST   /privacy/erasures/{erasure_id}/approve        erasure_approve         admin  writes
        GET    /privacy/subject-export                       subject_export          viewer reads
        GET    /privacy/train-prefs                          train_pref_read         viewer reads
        POST   /privacy/train-prefs/tenant                   train_pref_tenant_write admin  writes
        POST   /privacy/train-prefs/user                     train_pref_user_write   member writes
        GET    /privacy/training-export                      training_export         admin  reads
        GET    /readyz                                       open
        GET    /setup                                        open
        GET    /tenants                                      tenants_read            token  reads
        POST   /tenants                                      tenant_create           token  writes
        PATCH  /tenants/{tenant_id}                          tenant_update           admin  writes
        GET    /tenants/{tenant_id}/api-keys                 api_keys_read           admin  reads
        POST   /tenants/{tenant_id}/api-keys                 api_key_create          admin  writes
        DELETE /tenants/{tenant_id}/api-keys/{key_id}        api_key_delete          admin  writes
        GET    /tenants/{tenant_id}/members                  members_read            admin  reads
        POST   /tenants/{tenant_id}/members                  member_add              admin  writes
        DELETE /tenants/{tenant_id}/members/{user_id}        member_remove           viewer writes
        PATCH  /tenants/{tenant_id}/members/{user_id}        member_update           admin  writes
        POST   /tenants/{tenant_id}/reset-links              reset_link_create       admin  writes
        """;

    private static Row Open { get; } = new("", Role.None, Writes: false, IsOpen: true);

    /// <summary>The rows by method and pattern.</summary>
    public static IReadOnlyDictionary<string, Row> Rows { get; } = Text.Split('\n')
        .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        .ToDictionary(words => $"{words[0]} {words[1]}", words => Read(words[2..]), StringComparer.Ordinal);

    /// <summary>Converts the metadata of a running server's route to a row.</summary>
    public static Row? Of(MappedRoute route) => (route.HasMetadata<IAllowAnonymous>(), route.Action) switch
    {
        (true, null) => Open,
        (false, { Name.Length: > 0 } action) => new Row(action.Name, action.MinimumRole, action.Mutates, IsOpen: false),
        _ => null,
    };

    private static Row Read(string[] words) => words switch
    {
        ["open"] => Open,
        [var action, "token", "reads" or "writes"] => new Row(action, Role.None, words[2] == "writes", IsOpen: false),
        [var action, var name, "reads" or "writes"] when Roles.TryParse(name, out var role) =>
            new Row(action, role, words[2] == "writes", IsOpen: false),
        _ => throw new FormatException(string.Join(' ', words)),
    };

    /// <summary>A route in the contract.</summary>
    /// <param name="Action">The action's name in gates and events.</param>
    /// <param name="WeakestRole">
    /// The minimum role. <see cref="Role.None"/>: any authenticated caller, or anyone if the route is open.
    /// </param>
    /// <param name="Writes">Whether the route changes anything besides the log.</param>
    /// <param name="IsOpen">Whether the route responds without a token.</param>
    public sealed record Row(string Action, Role WeakestRole, bool Writes, bool IsOpen)
    {
        public override string ToString() =>
            IsOpen ? "open" : $"{Action} {(WeakestRole == Role.None ? "token" : WeakestRole.ToWireName())} {(Writes ? "writes" : "reads")}";
    }
}
