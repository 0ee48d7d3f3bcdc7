using Nexus.Redaction;
using Nexus.Server.Audit.Events;
using Nexus.Server.Audit.Ingest;
using Nexus.Server.Audit.Queries;
using Nexus.Server.Audit.Runs;
using Nexus.Server.Audit.Transparency;
using Nexus.Server.Platform.PersonalData;

namespace Nexus.Server.Audit;

/// <summary>Wires the log: its one way in, callers' own events, lists and exports, runs, and what makes it provable.</summary>
internal static class AuditServices
{
    /// <summary>Adds the services; nothing in them needs the store until it is open.</summary>
    /// <param name="services">The services.</param>
    /// <param name="log">The section <c>Nexus:Log</c>.</param>
    /// <param name="pii">The section <c>Nexus:Pii</c>.</param>
    /// <param name="publicUrl">The service's public URL, if one is configured.</param>
    /// <param name="folder">The data folder, where signed checkpoints are kept outside the database.</param>
    public static void AddAudit(this IServiceCollection services, LogOptions log, PiiOptions pii, string? publicUrl, string folder)
    {
        services.AddEventLog(pii);
        services.AddSingleton<IPersonalData, EventPersonalData>();
        services.AddSingleton<EventStream>().AddSingleton<LogDownload>().AddSingleton<EventExport>();
        services.AddRuns();
        services.AddTransparencyLog(log, publicUrl, Path.Combine(folder, "signed"));
    }

    /// <summary>Maps the routes.</summary>
    public static void MapAudit(this IEndpointRouteBuilder app)
    {
        app.MapEvents();
        app.MapAuditQueries();
        app.MapLog();
        app.MapRuns();
    }
}
