using System.Buffers;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;
using Nexus.Redaction;

namespace Nexus.Server.Platform.Hosting;

/// <summary>
/// Writes the console's JSON log lines with personal data redacted, wherever it comes from: a message, an exception or the
/// framework. Below warning level, ASP.NET Core and HTTP clients log URLs and headers, so those lines are never written.
/// </summary>
/// <param name="services">Provides the framework's formatters. Resolved lazily, because this class is one of them.</param>
internal sealed class RedactingConsoleFormatter(IServiceProvider services) : ConsoleFormatter(FormatterName)
{
    /// <summary>The formatter's name in the console's options.</summary>
    public const string FormatterName = "nexus";

    private static readonly string[] _urlLoggingCategories = ["Microsoft.AspNetCore", "System.Net.Http"];

    private readonly Lazy<ConsoleFormatter> _jsonFormatter = new(
        () => services.GetServices<ConsoleFormatter>().Single(formatter => formatter.Name == ConsoleFormatterNames.Json));

    /// <inheritdoc />
    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        var category = logEntry.Category;
        if (logEntry.LogLevel < LogLevel.Warning
            && Array.Exists(_urlLoggingCategories, prefix => category.StartsWith(prefix, StringComparison.Ordinal)))
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
            // Logging must not fail its caller, which may be the only writer of the store. The category is a name of ours and
            // safe; the message may not be.
            textWriter.WriteLine(
                $"{{\"LogLevel\":\"{logEntry.LogLevel}\",\"Category\":\"{JsonEncodedText.Encode(category)}\",\"Message\":\"A line could "
                + $"not be written: {exception.GetType().Name}\"}}");
        }
    }

    /// <summary>Redacts token by token, because a line may contain duplicate names.</summary>
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
                case JsonTokenType.Number
                    when Encoding.UTF8.GetString(reader.ValueSpan) is var number
                        && redaction.Redact(number, name) is var kept
                        && !ReferenceEquals(number, kept):
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
