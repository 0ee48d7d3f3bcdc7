using System.Buffers;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;
using Nexus.Redaction;

namespace Nexus.Server.Platform.Hosting;

/// <summary>
/// The console's JSON lines without personal data, whatever a level, an exception's message or the framework puts into them. What
/// ASP.NET Core and HTTP clients say below a warning is URLs and headers, and is not written at any level.
/// </summary>
/// <param name="services">Has the framework's formatters; asked when there is a line, as this is one of them.</param>
internal sealed class RedactingConsoleFormatter(IServiceProvider services) : ConsoleFormatter(FormatterName)
{
    /// <summary>How the console's options name it.</summary>
    public const string FormatterName = "nexus";

    private static readonly string[] _urlLoggingCategories = ["Microsoft.AspNetCore", "System.Net.Http"];

    private readonly Lazy<ConsoleFormatter> _jsonFormatter = new(() => services.GetServices<ConsoleFormatter>().Single(formatter => formatter.Name == ConsoleFormatterNames.Json));

    /// <inheritdoc />
    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        var category = logEntry.Category;
        if (logEntry.LogLevel < LogLevel.Warning && Array.Exists(_urlLoggingCategories, told => category.StartsWith(told, StringComparison.Ordinal)))
        {
            return;
        }

        try
        {
            using var line = new StringWriter(CultureInfo.InvariantCulture);
            _jsonFormatter.Value.Write(logEntry, scopeProvider, line);
            var json = Encoding.UTF8.GetBytes(line.ToString());
            if (json.Length > 0)
            {
                textWriter.WriteLine(Encoding.UTF8.GetString(Redact(json).WrittenSpan));
            }
        }
        catch (Exception exception)
        {
            // Whoever logs goes on, be it the only writer of the store. Where it happened is a name of ours; what was said is in doubt.
            textWriter.WriteLine($"{{\"LogLevel\":\"{logEntry.LogLevel}\",\"Category\":\"{JsonEncodedText.Encode(category)}\",\"Message\":\"A line could not be written: {exception.GetType().Name}\"}}");
        }
    }

    /// <summary>Token by token, since what is logged may have a name twice.</summary>
    private static ArrayBufferWriter<byte> Redact(byte[] json)
    {
        var safe = new ArrayBufferWriter<byte>(json.Length);
        using var target = new Utf8JsonWriter(safe, new JsonWriterOptions { SkipValidation = true });
        var redaction = new Redactor(null).CreateSession("");
        string? name = null;
        for (var reader = new Utf8JsonReader(json); reader.Read();)
        {
            switch (reader.TokenType)
            {
                case JsonTokenType.StartObject:
                    target.WriteStartObject();
                    break;
                case JsonTokenType.EndObject:
                    target.WriteEndObject();
                    break;
                case JsonTokenType.StartArray:
                    target.WriteStartArray();
                    break;
                case JsonTokenType.EndArray:
                    target.WriteEndArray();
                    break;
                case JsonTokenType.PropertyName:
                    name = reader.GetString();
                    target.WritePropertyName(redaction.Redact(name!));
                    break;
                case JsonTokenType.String:
                    target.WriteStringValue(redaction.Redact(reader.GetString()!, name));
                    break;
                case JsonTokenType.Number when Encoding.UTF8.GetString(reader.ValueSpan) is var number && redaction.Redact(number, name) is var kept && !ReferenceEquals(number, kept):
                    target.WriteStringValue(kept);
                    break;
                default:
                    target.WriteRawValue(reader.ValueSpan, skipInputValidation: true);
                    break;
            }
        }

        return safe;
    }
}
