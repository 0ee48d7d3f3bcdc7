using System.Globalization;
using System.Text;

namespace Nexus.Client;

/// <summary>Builds a query string. Parameters without a value are omitted.</summary>
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

    /// <summary>Returns the query string with one more parameter. Does not change the builder.</summary>
    public string With(string name, string? value)
        => value is null ? _text.ToString() : $"{_text}{(_text.Length == 0 ? '?' : '&')}{name}={Uri.EscapeDataString(value)}";

    public override string ToString() => _text.ToString();
}
