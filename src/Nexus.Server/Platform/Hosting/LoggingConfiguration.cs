using Microsoft.Extensions.Logging.Console;

namespace Nexus.Server.Platform.Hosting;

/// <summary>
/// Configures logging: one JSON object per line on standard error, with request and trace ids. URLs, bodies and personal data are
/// never logged.
/// </summary>
internal static class LoggingConfiguration
{
    /// <summary>Adds logging. The section <c>Logging</c> changes levels.</summary>
    public static ILoggingBuilder AddNexusLogging(this ILoggingBuilder logging)
    {
        logging.AddConsole(
            console =>
                (console.FormatterName, console.LogToStandardErrorThreshold) = (RedactingConsoleFormatter.FormatterName, LogLevel.Trace));
        logging.AddConsoleFormatter<RedactingConsoleFormatter, ConsoleFormatterOptions>();
        logging.Services.Configure<JsonConsoleFormatterOptions>(json => json.IncludeScopes = true);
        // A degraded check is told on /readyz, and would be logged at every probe.
        logging.AddFilter("Microsoft.Extensions.Diagnostics.HealthChecks", LogLevel.Error);
        // Its scope would put the path of every request into every line.
        logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None);
        return logging.AddFilter("Microsoft", LogLevel.Warning).AddFilter("System", LogLevel.Warning);
    }
}
