using System.Text.Json.Nodes;
using Nexus.Redaction;

namespace Nexus.Tests.Pii;

/// <summary>Texts and JSON as an event of a tenant without pseudonyms would keep them.</summary>
internal static class Redacted
{
    public static string Text(string text) => new Redactor(null).For("t_a").Of(text);

    public static string Json(string json) => new Redactor(null).For("t_a").Of(JsonNode.Parse(json))!.ToJsonString(new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    /// <summary>What was found of one kind, in the order in which it stands.</summary>
    public static string[] Found(PiiKind kind, string text) => [.. Scan.Of(text).Where(finding => finding.Kind == kind).Select(finding => text[finding.Start..finding.End])];

    /// <summary>A text holds these, and nothing else, of one kind.</summary>
    public static void ShouldHold(this string text, PiiKind kind, params string[] values) => Found(kind, text).ShouldBe(values, text);

    /// <summary>A text holds nothing at all.</summary>
    public static void ShouldHoldNothing(this string text) => Text(text).ShouldBeSameAs(text, text);
}
