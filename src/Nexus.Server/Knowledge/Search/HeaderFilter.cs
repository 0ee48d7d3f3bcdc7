using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Nexus.Merkle;

namespace Nexus.Server.Knowledge.Search;

/// <summary>Equality on <c>card_type</c>, <c>version</c> or a header key; several values mean any of them.</summary>
/// <param name="Key">A top-level key of the header, compared ordinally.</param>
/// <param name="Values">Canonical values, see <see cref="Canonicalize"/>; none of them matches nothing.</param>
internal sealed record HeaderFilter(string Key, IReadOnlyList<string> Values)
{
    /// <summary>A key with its value, or with a list of values of which any will do.</summary>
    public static HeaderFilter Parse(string key, JsonElement value) => new(key, ReadValues(value));

    /// <summary>What a card can be found under: its type, its version and each value of each header key.</summary>
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

    /// <summary>One text for equal JSON values, different texts for different ones: <c>1</c>, <c>1.0</c> and <c>1e0</c>
    /// are equal, <c>1</c> and <c>"1"</c> are not, and objects are equal whatever the order of their members.</summary>
    public static string Canonicalize(JsonElement value) => Encoding.UTF8.GetString(CanonicalJson.Write(value));

    private static List<string> ReadValues(JsonElement value) =>
        value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray().Select(Canonicalize)] : [Canonicalize(value)];

    private static string CanonicalizeText(string text) => Encoding.UTF8.GetString(CanonicalJson.Write(JsonValue.Create(text)));
}
