using System.Text.Json;

namespace Nexus.Flags.Values;

/// <summary>JSON as values. Of a name that stands twice in an object the last counts.</summary>
internal static class JsonValues
{
    /// <summary>A value of JSON.</summary>
    /// <exception cref="InvalidOperationException">A text holds half a surrogate pair.</exception>
    public static Value Read(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => Value.Of(ReadMembers(element, isRoot: false)),
        JsonValueKind.Array => ReadItems(element),
        JsonValueKind.String => Value.Of(element.GetString()!),
        JsonValueKind.Number => Value.Of(element.GetDouble()),
        JsonValueKind.True => Value.True,
        JsonValueKind.False => Value.False,
        _ => Value.Null,
    };

    /// <inheritdoc cref="Read" />
    public static Members ReadMembers(JsonElement element, bool isRoot)
    {
        var count = element.GetPropertyCount();
        var names = new List<string>(count);
        var values = new List<Value>(count);
        HashSet<string>? seen = null;
        foreach (var property in element.EnumerateObject())
        {
            var (name, value) = (property.Name, Read(property.Value));
            seen ??= new HashSet<string>(count, StringComparer.Ordinal);
            if (seen.Add(name))
            {
                names.Add(name);
                values.Add(value);
            }
            else
            {
                values[names.IndexOf(name)] = value;
            }
        }

        return Members.Of([.. names], [.. values], isRoot);
    }

    private static Value ReadItems(JsonElement element)
    {
        var items = new Value[element.GetArrayLength()];
        var index = 0;
        foreach (var item in element.EnumerateArray())
        {
            items[index++] = Read(item);
        }

        return Value.Of(items);
    }
}
