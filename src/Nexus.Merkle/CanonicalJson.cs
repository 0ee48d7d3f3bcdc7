using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Nexus.Merkle;

/// <summary>
/// Canonical JSON (RFC 8785): one text for one value, so that its hash can be checked anywhere. Throws
/// <see cref="FormatException"/> for what has no canonical text: whole numbers beyond ±2^53, a name twice in one object,
/// ill-formed Unicode, and nesting deeper than <see cref="MaxDepth"/>. Callers refuse those at the door.
/// </summary>
public static class CanonicalJson
{
    /// <summary>How deep arrays and objects may nest.</summary>
    public const int MaxDepth = 64;

    /// <summary>The canonical UTF-8 text of an element.</summary>
    public static byte[] Write(JsonElement element)
    {
        using var writer = new CanonicalWriter();
        Write(writer, element, 0);
        return writer.Written.ToArray();
    }

    /// <summary>The canonical UTF-8 text of a node; null is JSON's <c>null</c>.</summary>
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
            default: // true, false and null are canonical as they stand
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
            default: // another CLR number, a date or the like: its JSON text is read back
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
        catch (ArgumentException) // a parsed object finds out when it is first read
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

    // A property and, only where its name holds escapes, that name as UTF-8.
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

        // RFC 8785 orders by UTF-16 code units. UTF-8 bytes order alike but for U+E000 to U+FFFF (lead bytes EE and EF),
        // which stand behind the surrogates that code points above them (F0 to F4) are made of.
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
