using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Nexus.Redaction;

namespace Nexus.Tests.Redaction;

/// <summary>Redacts without pseudonyms, and asserts what is found.</summary>
internal static class Redacted
{
    private static readonly JsonSerializerOptions _unescaped = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Text(string text) => new Redactor(null).CreateSession("t_a").Redact(text);

    public static string Json(string json) =>
        new Redactor(null).CreateSession("t_a").Redact(JsonNode.Parse(json))!.ToJsonString(_unescaped);

    /// <summary>The findings of one kind, in order of position.</summary>
    public static string[] Found(PiiKind kind, string text) =>
        [.. Scanner.Find(text).Where(finding => finding.Kind == kind).Select(finding => text[finding.Start..finding.End])];

    /// <summary>Asserts that the findings of one kind are exactly these. Findings of other kinds are ignored.</summary>
    public static void ShouldContainExactly(this string text, PiiKind kind, params string[] values) =>
        Found(kind, text).ShouldBe(values, text);

    /// <summary>Asserts that there are no findings of any kind.</summary>
    public static void ShouldContainNothing(this string text) => Text(text).ShouldBeSameAs(text, text);
}
