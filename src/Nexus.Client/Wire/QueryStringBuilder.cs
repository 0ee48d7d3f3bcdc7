using System.Globalization;
using System.Text;

namespace Nexus.Client;

/// <summary>A query string under construction; members without a value are left out.</summary>
internal sealed class QueryStringBuilder
{
    private readonly StringBuilder _text = new();

    public QueryStringBuilder Add(string name, string? value)
    {
        if (value is not null)
        {
            _text.Append(_text.Length == 0 ? '?' : '&').Append(name).Append('=').Append(Uri.EscapeDataString(value));
        }

        return this;
    }

    public QueryStringBuilder Add(string name, int? value) => Add(name, value?.ToString(CultureInfo.InvariantCulture));

    public QueryStringBuilder Add(string name, DateTimeOffset? value) => Add(name, value is { } time ? UtcTime.Format(time) : null);

    /// <summary>This query with one more member, which leaves this one as it is.</summary>
    public string With(string name, string? value)
        => value is null ? _text.ToString() : $"{_text}{(_text.Length == 0 ? '?' : '&')}{name}={Uri.EscapeDataString(value)}";

    public override string ToString() => _text.ToString();
}
