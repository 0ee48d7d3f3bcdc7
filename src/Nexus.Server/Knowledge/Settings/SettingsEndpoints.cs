using Nexus.Server.Audit.Events;
using Nexus.Server.Platform.Storage;
using Nexus.Server.Platform.Tenancy;

namespace Nexus.Server.Knowledge.Settings;

/// <summary>Settings: <c>/nexus/settings</c>. They are cards, read from the store and not from the search index.</summary>
internal static class SettingsEndpoints
{
    /// <summary>Maps the routes.</summary>
    public static void MapSettings(this IEndpointRouteBuilder app)
    {
        var settings = app.MapGroup("/nexus/settings").WithTags("Settings");
        Map("surface", "surface_settings", true, "Read the newest surface settings");
        Map("apps", "app_definition", false, "Read the app definitions, newest first");
        Map("connectors", "connector_config", false, "Read the connector configurations, newest first");

        void Map(string kind, string cardType, bool onlyNewest, string summary) => settings.MapGet(
            kind,
            async (RequestContext context, Database database, EventLog log, CancellationToken cancellationToken) =>
            {
                await database.WriteAsync(
                    context.Scope,
                    session => log.AppendAsync(session, context, new NewEvent("settings_read", "settings", kind)),
                    cancellationToken);
                return new SettingsCardsResult(context.Scope, database, cardType, onlyNewest);
            }).RequireAction("settings_read", Role.Viewer).WithSummary(summary);
    }
}
