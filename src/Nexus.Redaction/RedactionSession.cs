using System.Text;
using System.Text.Json.Nodes;

namespace Nexus.Redaction;

/// <summary>
/// The redaction of one event: texts and JSON, in values and in names, with a count of what was found. What holds nothing comes back
/// as the same instance.
/// </summary>
internal struct RedactionSession(Pseudonyms? pseudonyms, string tenantId)
{
    /// <summary>
    /// Taking one thing out may show another that it hid (a word that was too far away, digits that were the middle of more). A text that
    /// goes on like that was made to, and goes as a whole.
    /// </summary>
    private const int MaxRounds = 4;

    /// <summary>What was found; null for nothing.</summary>
    public PiiCounts? Found { get; private set; }

    /// <summary>A text without its personal data.</summary>
    /// <param name="text">Any text.</param>
    /// <param name="name">The JSON member that holds it: its name says what numbers are.</param>
    public string Of(string text, MemberName name = default)
    {
        if (!Glance.MayHold(text))
        {
            return text;
        }

        for (var round = 0; ; round++)
        {
            var found = Scan.Of(text, name);
            if (found.Count == 0)
            {
                return text;
            }

            if (round == MaxRounds)
            {
                Count(found[0].Kind);
                return Placeholder.Of(found[0].Kind, null);
            }

            text = Without(text, found);
        }
    }

    /// <summary>JSON without its personal data: the same instance, or another that has no parent.</summary>
    /// <param name="node">Any JSON.</param>
    /// <param name="name">The member that holds it.</param>
    public JsonNode? Of(JsonNode? node, MemberName name = default) => node switch
    {
        JsonObject members => OfMembers(members, name),
        JsonArray items => OfItems(items, name),
        JsonValue value => OfValue(value, name),
        _ => node,
    };

    private JsonObject OfMembers(JsonObject members, MemberName outer)
    {
        JsonObject? redacted = null;
        MemberNames? names = null;
        for (var index = 0; index < members.Count; index++)
        {
            var (name, value) = members.GetAt(index);
            var (newName, newValue) = (Of(name), Of(value, outer.Of(name)));
            if (redacted is null && (!ReferenceEquals(name, newName) || !ReferenceEquals(value, newValue)))
            {
                redacted = [];
                names = new MemberNames(members);
                for (var earlier = 0; earlier < index; earlier++)
                {
                    redacted.Add(members.GetAt(earlier).Key, members.GetAt(earlier).Value?.DeepClone());
                }
            }

            redacted?.Add(ReferenceEquals(name, newName) ? name : names!.Free(newName), ReferenceEquals(value, newValue) ? value?.DeepClone() : newValue);
        }

        return redacted ?? members;
    }

    private JsonArray OfItems(JsonArray items, MemberName name)
    {
        JsonArray? redacted = null;
        for (var index = 0; index < items.Count; index++)
        {
            var item = items[index];
            var newItem = Of(item, name);
            if (redacted is null && !ReferenceEquals(item, newItem))
            {
                redacted = [];
                for (var earlier = 0; earlier < index; earlier++)
                {
                    redacted.Add(items[earlier]?.DeepClone());
                }
            }

            redacted?.Add(ReferenceEquals(item, newItem) ? item?.DeepClone() : newItem);
        }

        return redacted ?? items;
    }

    private JsonValue OfValue(JsonValue value, MemberName name)
    {
        if (JsonText.Of(value, name) is not { } text)
        {
            return value;
        }

        var redacted = Of(text, name);
        return ReferenceEquals(text, redacted) ? value : JsonValue.Create(redacted);
    }

    private string Without(string text, List<Finding> found)
    {
        var result = new StringBuilder(text.Length);
        var at = 0;
        foreach (var finding in found)
        {
            // Two findings may begin and end in one character that was read as several.
            var start = Math.Max(at, finding.Start);
            result.Append(text, at, start - at).Append(Placeholder.Of(finding.Kind, pseudonyms?.Of(tenantId, finding.Kind, text[start..Math.Max(start, finding.End)])));
            at = Math.Max(start, finding.End);
            Count(finding.Kind);
        }

        return result.Append(text, at, text.Length - at).ToString();
    }

    private void Count(PiiKind kind) => (Found ??= new PiiCounts()).Add(kind);
}
