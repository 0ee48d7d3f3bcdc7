using System.Text.Json;

namespace Nexus.Testing;

/// <summary>The response to a caller.</summary>
internal sealed record Reply(int Status, string Body, IReadOnlyDictionary<string, string> Headers)
{
    public JsonElement Json => JsonElement.Parse(Body);

    /// <summary>The code of a problem; null for any other response.</summary>
    public string? Code =>
        this["Content-Type"] is "application/problem+json" && Json.TryGetProperty("code", out var code) ? code.GetString() : null;

    /// <summary>Returns a header, or null.</summary>
    public string? this[string header] => Headers.GetValueOrDefault(header);

    public static async Task<Reply> ReadAsync(HttpResponseMessage response, CancellationToken cancelled) => new(
        (int)response.StatusCode,
        await response.Content.ReadAsStringAsync(cancelled),
        response.Headers.Concat(response.Content.Headers)
            .ToDictionary(header => header.Key, header => string.Join(", ", header.Value), StringComparer.OrdinalIgnoreCase));

    /// <summary>Expects 200 and returns the body.</summary>
    public JsonElement Ok()
    {
        Status.ShouldBe(200, Body);
        return Json;
    }

    /// <summary>Expects a problem with this status and code.</summary>
    public Reply Refused(int status, string code)
    {
        ToString().ShouldBe($"{status} {code}", Body);
        return this;
    }

    public override string ToString() => $"{Status} {Code}".TrimEnd();
}
