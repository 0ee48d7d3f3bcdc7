using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Nexus.Merkle;

/// <summary>
/// Canonical JSON (RFC 8785): equal values serialize to the same bytes, so anyone can recompute a hash. Throws
/// <see cref="FormatException"/> for input without a canonical form: integers beyond ±2^53, duplicate property names, ill-formed
/// Unicode, and nesting deeper than <see cref="MaxDepth"/>. Callers validate input before it gets here.
/// </summary>
public static class CanonicalJson
{
    /// <summary>The maximum nesting depth of arrays and objects.</summary>
    public const int MaxDepth = 64;

    /// <summary>Serializes an element to canonical UTF-8 JSON.</summary>
    public static byte[] Write(JsonElement element)
    {
        using var writer = new CanonicalWriter();
        Write(writer, element, 0);
        return writer.Written.ToArray();
    }

    /// <summary>Serializes a node to canonical UTF-8 JSON. A null reference is written as <c>null</c>.</summary>
    public static byte[] Write(JsonNode? node)
    {
        using var writer = new CanonicalWriter();
        Write(writer, node, 0);
        return writer.Written.ToArray();
    }

    private static void Write(CanonicalWriter writer, JsonElement element, int depth)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                Members(writer, element, Deeper(depth));
                break;
            case JsonValueKind.Array:
                var next = Deeper(depth);
                writer.Byte('[');
                var first = true;
                foreach (var item in element.EnumerateArray())
                {
                    Comma(writer, ref first);
                    Write(writer, item, next);
                }

                writer.Byte(']');
                break;
            case JsonValueKind.String:
                Text(writer, element);
                break;
            case JsonValueKind.Number:
                writer.Number(JsonMarshal.GetRawUtf8Value(element));
                break;
            default: // true, false and null are already canonical
                writer.Raw(JsonMarshal.GetRawUtf8Value(element));
                break;
        }
    }

    private static void Members(CanonicalWriter writer, JsonElement element, int depth)
    {
        var members = new Member[element.GetPropertyCount()];
        var count = 0;
        var ordered = true;
        foreach (var property in element.EnumerateObject())
        {
            var member = Member.Of(property);
            ordered = ordered && (count == 0 || Member.Compare(members[count - 1], member) < 0);
            members[count++] = member;
        }

        if (!ordered)
        {
            Array.Sort(members, Member.Compare);
        }

        writer.Byte('{');
        for (var index = 0; index < members.Length; index++)
        {
            if (index > 0)
            {
                writer.Byte(',');
                if (!ordered && Member.Compare(members[index - 1], members[index]) == 0)
                {
                    throw Twice();
                }
            }

            members[index].WriteName(writer);
            writer.Byte(':');
            Write(writer, members[index].Property.Value, depth);
        }

        writer.Byte('}');
    }

    private static void Text(CanonicalWriter writer, JsonElement element)
    {
        var raw = JsonMarshal.GetRawUtf8Value(element);
        if (!raw.Contains((byte)'\\'))
        {
            writer.Unescaped(raw[1..^1]);
            return;
        }

        try
        {
            writer.String(element.GetString());
        }
        catch (InvalidOperationException)
        {
            throw CanonicalWriter.NotWellFormed();
        }
    }

    private static void Write(CanonicalWriter writer, JsonNode? node, int depth)
    {
        switch (node)
        {
            case null:
                writer.Raw("null"u8);
                break;
            case JsonObject members:
                Members(writer, members, Deeper(depth));
                break;
            case JsonArray items:
                var next = Deeper(depth);
                writer.Byte('[');
                var first = true;
                foreach (var item in items)
                {
                    Comma(writer, ref first);
                    Write(writer, item, next);
                }

                writer.Byte(']');
                break;
            case JsonValue value when value.TryGetValue(out JsonElement element):
                Write(writer, element, depth);
                break;
            case JsonValue value when value.TryGetValue(out string? text):
                writer.String(text);
                break;
            case JsonValue value when value.TryGetValue(out int number):
                writer.Number(number);
                break;
            case JsonValue value when value.TryGetValue(out long number):
                writer.Number(number);
                break;
            default: // other CLR numbers, dates and so on: serialize, then parse
                using (var document = JsonDocument.Parse(Serialized(node)))
                {
                    Write(writer, document.RootElement, depth);
                }

                break;
        }
    }

    private static string Serialized(JsonNode node)
    {
        try
        {
            return node.ToJsonString();
        }
        catch (ArgumentException failure)
        {
            throw new FormatException("A number that is not finite has no JSON text.", failure);
        }
    }

    private static void Members(CanonicalWriter writer, JsonObject node, int depth)
    {
        KeyValuePair<string, JsonNode?>[] members;
        try
        {
            members = [.. node];
        }
        catch (ArgumentException) // a lazily parsed JsonObject reports duplicate names on first access
        {
            throw Twice();
        }
        catch (InvalidOperationException)
        {
            throw CanonicalWriter.NotWellFormed();
        }

        Array.Sort(members, static (left, right) => string.CompareOrdinal(left.Key, right.Key));
        writer.Byte('{');
        var first = true;
        foreach (var (name, value) in members)
        {
            Comma(writer, ref first);
            writer.String(name);
            writer.Byte(':');
            Write(writer, value, depth);
        }

        writer.Byte('}');
    }

    private static void Comma(CanonicalWriter writer, ref bool first)
    {
        if (!first)
        {
            writer.Byte(',');
        }

        first = false;
    }

    private static int Deeper(int depth) =>
        depth < MaxDepth ? depth + 1 : throw new FormatException("JSON is nested too deeply.");

    private static FormatException Twice() => new("A name stands twice in one object.");

    // Decoded is the unescaped name in UTF-8; null if the name contains no escapes.
    private readonly record struct Member(JsonProperty Property, byte[]? Decoded)
    {
        private ReadOnlySpan<byte> Name => Decoded ?? JsonMarshal.GetRawUtf8PropertyName(Property);

        public static Member Of(JsonProperty property)
        {
            if (!JsonMarshal.GetRawUtf8PropertyName(property).Contains((byte)'\\'))
            {
                return new Member(property, null);
            }

            try
            {
                return new Member(property, Encoding.UTF8.GetBytes(property.Name));
            }
            catch (InvalidOperationException)
            {
                throw CanonicalWriter.NotWellFormed();
            }
        }

        public void WriteName(CanonicalWriter writer)
        {
            if (Decoded is null)
            {
                writer.Unescaped(Name);
            }
            else
            {
                writer.String(Property.Name);
            }
        }

        // RFC 8785 sorts by UTF-16 code units. UTF-8 byte order is the same except for U+E000 to U+FFFF (lead bytes EE and EF),
        // which must sort after the surrogate pairs of supplementary code points (lead bytes F0 to F4).
        public static int Compare(Member one, Member other)
        {
            var left = one.Name;
            var right = other.Name;
            var common = left.CommonPrefixLength(right);
            if (common == left.Length || common == right.Length)
            {
                return left.Length - right.Length;
            }

            return Order(left[common]) - Order(right[common]);
        }

        private static int Order(byte lead) => lead is 0xEE or 0xEF ? lead + 0x10 : lead;
    }
}
