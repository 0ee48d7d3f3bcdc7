using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Nexus.Client;

/// <summary>Writes times as RFC 3339 in UTC with <c>Z</c>, to the microsecond, without trailing zeros.</summary>
public sealed class UtcTime : JsonConverter<DateTimeOffset>
{
    /// <inheritdoc/>
    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var value = reader.GetDateTimeOffset();
        return value.ToUniversalTime();
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options)
        => writer.WriteStringValue(Format(value));

    /// <summary>Formats a time as in JSON, for headers, cursors and CSV.</summary>
    public static string Format(DateTimeOffset value)
        => value.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFF'Z'", CultureInfo.InvariantCulture);
}
