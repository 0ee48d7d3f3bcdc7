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
        logging.AddConsole(console => (console.FormatterName, console.LogToStandardErrorThreshold) = (RedactingConsoleFormatter.FormatterName, LogLevel.Trace));
        logging.AddConsoleFormatter<RedactingConsoleFormatter, ConsoleFormatterOptions>();
        logging.Services.Configure<JsonConsoleFormatterOptions>(json => json.IncludeScopes = true);
        // Its scope would add the request path to every line.
        logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None);
        return logging.AddFilter("Microsoft", LogLevel.Warning).AddFilter("System", LogLevel.Warning);
    }
}
