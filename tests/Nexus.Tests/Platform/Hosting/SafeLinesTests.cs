using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;
using Nexus.Server.Platform.Hosting;



namespace Nexus.Tests.Platform.Hosting;

/// <summary>Log lines as written by the formatter.</summary>
public sealed class SafeLinesTests
{
    [Fact]
    public void Failing_formatter_does_not_throw()
    {
        using var line = Line("Nexus.\"Store\"", (_, _) => throw new FormatException("heliodor"));
        line.RootElement.GetProperty("Category").GetString().ShouldBe("Nexus.\"Store\"");
        line.RootElement.GetProperty("LogLevel").GetString().ShouldBe("Error");
        line.RootElement.GetProperty("Message").GetString().ShouldBe("A line could not be written: FormatException");
    }

    [Fact]
    public void Long_malformed_message_is_one_line_without_PII()
    {
        using var line = Line("Nexus", (state, _) => state, "\ud800\0\n\"{[" + new string('x', 1_000_000) + " mail ada@example.org");
        line.RootElement.GetProperty("Message").GetString()!.ShouldEndWith(" mail [EMAIL]");
    }

    private static JsonDocument Line(string category, Func<string, Exception?, string> format, string state = "state")
    {
        using var services = new ServiceCollection().AddLogging(logging => logging.AddNexusLogging()).BuildServiceProvider();
        var formatter = services.GetServices<ConsoleFormatter>()
            .Single(formatter => formatter.Name == RedactingConsoleFormatter.FormatterName);
        using var written = new StringWriter(CultureInfo.InvariantCulture);
        formatter.Write(new LogEntry<string>(LogLevel.Error, category, default, state, null, format), null, written);
        var line = written.ToString();
        line.TrimEnd().ShouldNotContain('\n');
        return JsonDocument.Parse(line);
    }
}
