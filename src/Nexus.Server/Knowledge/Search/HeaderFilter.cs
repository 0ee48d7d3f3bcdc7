using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Nexus.Merkle;

namespace Nexus.Server.Knowledge.Search;

/// <summary>Equality on <c>card_type</c>, <c>version</c> or a header key; several values mean any of them.</summary>
/// <param name="Key">A top-level key of the header, compared ordinally.</param>
/// <param name="Values">Canonical values, see <see cref="Canonical"/>; none of them matches nothing.</param>
internal sealed record HeaderFilter(string Key, IReadOnlyList<string> Values)
{
    /// <summary>A key with its value, or with a list of values of which any will do.</summary>
    public static HeaderFilter Parse(string key, JsonElement value) => new(key, Elements(value));

    /// <summary>What a card can be found under: its type, its version and each value of each header key.</summary>
    public static IReadOnlySet<(string Key, string Value)> Of(string cardType, string version, string headerJson)
    {
        var found = new HashSet<(string, string)> { ("card_type", Quote(cardType)), ("version", Quote(version)) };
        using var header = JsonDocument.Parse(headerJson);
        foreach (var member in header.RootElement.EnumerateObject())
        {
            if (member.Name is "card_type" or "version") continue;
            foreach (var value in Elements(member.Value)) found.Add((member.Name, value));
        }

        return found;
    }

    /// <summary>One text for equal JSON values, different texts for different ones: <c>1</c>, <c>1.0</c> and <c>1e0</c>
    /// are equal, <c>1</c> and <c>"1"</c> are not, and objects are equal whatever the order of their members.</summary>
    public static string Canonical(JsonElement value) => Encoding.UTF8.GetString(CanonicalJson.Write(value));

    private static List<string> Elements(JsonElement value) =>
        value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray().Select(Canonical)] : [Canonical(value)];

    private static string Quote(string text) => Encoding.UTF8.GetString(CanonicalJson.Write(JsonValue.Create(text)));
}
