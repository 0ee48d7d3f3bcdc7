using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Nexus.Merkle;

namespace Nexus.Server.Knowledge.Search;

/// <summary>An equality filter on <c>card_type</c>, <c>version</c> or a header key. With several values, any of them matches.</summary>
/// <param name="Key">A top-level header key, compared ordinally.</param>
/// <param name="Values">Canonical values; see <see cref="Canonicalize"/>. An empty list matches nothing.</param>
internal sealed record HeaderFilter(string Key, IReadOnlyList<string> Values)
{
    /// <summary>Creates a filter from a value, or from a list of values of which any may match.</summary>
    public static HeaderFilter Parse(string key, JsonElement value) => new(key, ReadValues(value));

    /// <summary>Returns the filter values of a card: its type, its version, and each value of each header key.</summary>
    public static IReadOnlySet<(string Key, string Value)> ExtractValues(string cardType, string version, string headerJson)
    {
        var found = new HashSet<(string, string)> { ("card_type", CanonicalizeText(cardType)), ("version", CanonicalizeText(version)) };
        using var header = JsonDocument.Parse(headerJson);
        foreach (var member in header.RootElement.EnumerateObject())
        {
            if (member.Name is "card_type" or "version")
            {
                continue;
            }

            foreach (var value in ReadValues(member.Value))
            {
                found.Add((member.Name, value));
            }
        }

        return found;
    }

    /// <summary>
    /// Returns the same text for equal JSON values and different texts for different ones. <c>1</c>, <c>1.0</c> and <c>1e0</c>
    /// are equal, <c>1</c> and <c>"1"</c> are not, and the order of object members does not matter.
    /// </summary>
    public static string Canonicalize(JsonElement value) => Encoding.UTF8.GetString(CanonicalJson.Write(value));

    private static List<string> ReadValues(JsonElement value) =>
        value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray().Select(Canonicalize)] : [Canonicalize(value)];

    private static string CanonicalizeText(string text) => Encoding.UTF8.GetString(CanonicalJson.Write(JsonValue.Create(text)));
}
