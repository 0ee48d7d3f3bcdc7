using System.Text;
using System.Text.Json.Nodes;
using Nexus.Redaction.Context;
using Nexus.Redaction.Detectors;
using Nexus.Redaction.Text;

namespace Nexus.Redaction;

/// <summary>
/// Redacts texts and JSON, in values and in property names, and counts what it finds. Input without findings is returned as the same
/// instance. A mutable struct, as most events contain nothing to redact and should allocate nothing: keep it in one local variable.
/// </summary>
public struct RedactionSession
{
    /// <summary>
    /// Removing one finding may reveal another (a context word comes nearer, digits no longer continue a longer number). Only crafted
    /// texts still reveal more after this many rounds; they are replaced as a whole.
    /// </summary>
    private const int MaxRounds = 4;

    private readonly Pseudonyms? _pseudonyms;
    private readonly string _tenantId;

    internal RedactionSession(Pseudonyms? pseudonyms, string tenantId) => (_pseudonyms, _tenantId) = (pseudonyms, tenantId);

    /// <summary>What was redacted so far; null if nothing was.</summary>
    public PiiCounts? Counts { get; private set; }

    /// <summary>Redacts a text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="propertyName">The name of the JSON property that holds the text, if there is one: it may say what a number is.</param>
    /// <returns>The text with placeholders instead of findings; the same instance if there are none.</returns>
    public string Redact(string text, string? propertyName = null) => Redact(text, new JsonPropertyName(propertyName));

    /// <summary>Redacts JSON. The input is not changed.</summary>
    /// <param name="node">The JSON; null is the JSON null.</param>
    /// <returns>The same instance if there are no findings; otherwise a redacted copy without a parent.</returns>
    public JsonNode? Redact(JsonNode? node) => Redact(node, default);

    private string Redact(string text, JsonPropertyName name)
    {
        if (!PreFilter.MayMatch(text))
        {
            return text;
        }

        for (var round = 0; ; round++)
        {
            var findings = Scanner.Find(text, name);
            if (findings.Count == 0)
            {
                return text;
            }

            if (round == MaxRounds)
            {
                Count(findings[0].Kind);
                return Placeholder.Create(findings[0].Kind, null);
            }

            text = Replace(text, findings);
        }
    }

    private JsonNode? Redact(JsonNode? node, JsonPropertyName name) => node switch
    {
        JsonObject properties => RedactObject(properties, name),
        JsonArray items => RedactArray(items, name),
        JsonValue value => RedactValue(value, name),
        _ => node,
    };

    private JsonObject RedactObject(JsonObject properties, JsonPropertyName outer)
    {
        JsonObject? redacted = null;
        UniquePropertyNames? names = null;
        for (var index = 0; index < properties.Count; index++)
        {
            var (name, value) = properties.GetAt(index);
            var (newName, newValue) = (Redact(name, default(JsonPropertyName)), Redact(value, outer.Child(name)));
            if (redacted is null && (!ReferenceEquals(name, newName) || !ReferenceEquals(value, newValue)))
            {
                redacted = [];
                names = new UniquePropertyNames(properties);
                for (var earlier = 0; earlier < index; earlier++)
                {
                    redacted.Add(properties.GetAt(earlier).Key, properties.GetAt(earlier).Value?.DeepClone());
                }
            }

            redacted?.Add(
                ReferenceEquals(name, newName) ? name : names!.Reserve(newName),
                ReferenceEquals(value, newValue) ? value?.DeepClone() : newValue);
        }

        return redacted ?? properties;
    }

    private JsonArray RedactArray(JsonArray items, JsonPropertyName name)
    {
        JsonArray? redacted = null;
        for (var index = 0; index < items.Count; index++)
        {
            var item = items[index];
            var newItem = Redact(item, name);
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

    private JsonValue RedactValue(JsonValue value, JsonPropertyName name)
    {
        if (JsonValueText.Read(value, name) is not { } text)
        {
            return value;
        }

        var redacted = Redact(text, name);
        return ReferenceEquals(text, redacted) ? value : JsonValue.Create(redacted);
    }

    private string Replace(string text, List<Finding> findings)
    {
        var result = new StringBuilder(text.Length);
        var at = 0;
        foreach (var finding in findings)
        {
            // Two findings may meet inside one original character that was normalized to several.
            var start = Math.Max(at, finding.Start);
            var end = Math.Max(start, finding.End);
            var pseudonym = _pseudonyms?.Create(_tenantId, finding.Kind, text[start..end]);
            result.Append(text, at, start - at).Append(Placeholder.Create(finding.Kind, pseudonym));
            at = end;
            Count(finding.Kind);
        }

        return result.Append(text, at, text.Length - at).ToString();
    }

    private void Count(PiiKind kind) => (Counts ??= new PiiCounts()).Add(kind);
}
