using System.Net.Http.Headers;
using System.Text.Json;

namespace Nexus.Tests.Routes;

/// <summary>A refusal as seen by a caller.</summary>
internal sealed record Answer(int Status, string ContentType, string? Code, string Challenge, string Headers, string Body)
{
    /// <summary>Headers that may differ between two responses without revealing anything about the resource.</summary>
    private static readonly string[] _ofTheMoment = ["Date", "RateLimit", "Server"];

    /// <summary>Sends a request and reads the response. A body that is not a JSON object has no code.</summary>
    public static async Task<Answer> OfAsync(HttpClient client, HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        var contentType = response.Content.Headers.ContentType?.MediaType ?? "";
        var body = response.IsSuccessStatusCode ? "" : await response.Content.ReadAsStringAsync(cancellationToken);
        return new Answer(
            (int)response.StatusCode, contentType, CodeOf(contentType, body),
            string.Join(", ", response.Headers.WwwAuthenticate),
            StableHeaders(response.Headers) + StableHeaders(response.Content.Headers),
            body);
    }

    /// <summary>Returns whether the response is a problem with this status and code.</summary>
    public bool IsProblem(int status, string code) => Status == status && Code == code && ContentType == "application/problem+json";

    /// <inheritdoc/>
    public override string ToString() => $"{Status} {ContentType} {Code} {Challenge}";

    private static string? CodeOf(string contentType, string body)
    {
        if (contentType != "application/problem+json")
        {
            return null;
        }

        using var problem = JsonDocument.Parse(body);
        return problem.RootElement.TryGetProperty("code", out var code) ? code.GetString() : null;
    }

    private static string StableHeaders(HttpHeaders headers) => string.Concat(headers
        .Where(header => !_ofTheMoment.Contains(header.Key, StringComparer.OrdinalIgnoreCase))
        .OrderBy(header => header.Key, StringComparer.Ordinal)
        .Select(header => $"{header.Key}: {string.Join(", ", header.Value)}\n"));
}
