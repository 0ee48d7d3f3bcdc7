using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Nexus.Server.Platform.Tenancy;

namespace Nexus.Tests.Platform.Hosting;

/// <summary>The OpenAPI document and the documentation page.</summary>
public sealed class ApiDocumentTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Document_lists_every_route_with_action_and_no_other()
    {
        var host = await NexusHost.SharedAsync("sqlite");
        var mapped = host.Services.GetServices<EndpointDataSource>().SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()
            .Where(route => route.Metadata.GetMetadata<EndpointAction>() is not null)
            .SelectMany(
                route =>
                    route.Metadata.GetRequiredMetadata<IHttpMethodMetadata>().HttpMethods.Select(
                        method => $"{method} /{route.RoutePattern.RawText!.Trim('/')}"))
            .Distinct();
        var described = Operations(await DocumentAsync(host))
            .Where(operation => !operation.Body.TryGetProperty("security", out _))
            .Select(operation => operation.Name);
        described.ShouldBe(mapped, ignoreOrder: true);
    }

    [Fact]
    public async Task Every_operation_documents_summary_responses_and_path_parameters()
    {
        var operations = Operations(await DocumentAsync(await NexusHost.SharedAsync("sqlite"))).ToList();
        operations.Select(operation => operation.Body.GetProperty("operationId").GetString()).ShouldBeUnique();
        foreach (var (name, body) in operations)
        {
            body.GetProperty("summary").GetString().ShouldNotBeNullOrEmpty(name);
            body.GetProperty("tags").GetArrayLength().ShouldBe(1, name);
            var answers = body.GetProperty("responses").EnumerateObject().ToList();
            var good = answers.Single(answer => answer.Name[0] == '2');
            (good.Name == "204"
                || good.Value.GetProperty("content").EnumerateObject().Single().Value.TryGetProperty("schema", out _)).ShouldBeTrue(
                name);
            answers.ShouldContain(answer => answer.Name == "default", name);
            answers.Where(answer => answer.Name[0] != '2')
                .All(answer => answer.Value.GetProperty("content").TryGetProperty("application/problem+json", out _))
                .ShouldBeTrue(name);
            var parameters = Parameters(body);
            parameters.Where(parameter => parameter.StartsWith("path", StringComparison.Ordinal))
                .ShouldBe(
                    Regex.Matches(name, @"\{(?<name>\w+)\}", RegexOptions.NonBacktracking)
                        .Select(match => "path " + match.Groups["name"].Value),
                    ignoreOrder: true,
                    name);
            if (name.StartsWith("GET", StringComparison.Ordinal))
            {
                body.TryGetProperty("requestBody", out _).ShouldBeFalse(name);
            }
        }
    }

    [Fact]
    public async Task Document_is_OpenAPI_3_1_with_precise_types_and_valid_refs()
    {
        var document = await DocumentAsync(await NexusHost.SharedAsync("sqlite"));
        document.GetProperty("openapi").GetString()!.ShouldStartWith("3.1.");
        var schemas = document.GetProperty("components").GetProperty("schemas");
        var text = document.GetRawText();
        Regex.Matches(text, @"""#/components/schemas/(?<name>[^""]+)""", RegexOptions.NonBacktracking)
            .Select(match => match.Groups["name"].Value)
            .Distinct()
            .Where(name => !schemas.TryGetProperty(name, out _)).ShouldBeEmpty();
        var query = schemas.GetProperty("SearchQuery").GetProperty("properties");
        Types(query.GetProperty("top_k")).ShouldBe(["null", "integer"], ignoreOrder: true);
        Types(schemas.GetProperty("Card").GetProperty("properties").GetProperty("created_at")).ShouldBe(["string"]);
        Types(schemas.GetProperty("Card").GetProperty("properties").GetProperty("header")).ShouldBe(["object"]);
        schemas.GetProperty("ProblemDetails").GetProperty("properties").TryGetProperty("code", out _).ShouldBeTrue();
        text.ShouldNotContain("&lt;");
        var put = Operations(document).Single(operation => operation.Name == "PUT /nexus/cards/{card_id}").Body;
        Parameters(put)
            .ShouldBe(
                ["path card_id", "header X-Tenant-Id", "header X-Env", "header Idempotency-Key", "header If-Match"],
                ignoreOrder: true);
    }

    [Fact]
    public async Task Docs_page_loads_local_resources_only()
    {
        using var http = (await NexusHost.SharedAsync("sqlite")).Anonymous();
        using var first = await http.GetAsync("/docs", Cancellation);
        first.StatusCode.ShouldBe(HttpStatusCode.MovedPermanently);
        var page = await http.GetStringAsync("/docs/index.html", Cancellation);
        var parts = Regex.Matches(page, @"(?:src|href)=""(?<name>[^""]+)""", RegexOptions.NonBacktracking)
            .Select(match => match.Groups["name"].Value)
            .ToList();
        parts.Count.ShouldBeGreaterThan(3);
        foreach (var part in parts)
        {
            part.ShouldNotContain("//");
            using var answer = await http.GetAsync(new Uri(new Uri("/docs/", UriKind.Relative) + part, UriKind.Relative), Cancellation);
            answer.StatusCode.ShouldBe(HttpStatusCode.OK, part);
        }

        (await http.GetStringAsync("/docs/index.js", Cancellation)).ShouldContain("../openapi/v1.json");
    }

    private static async Task<JsonElement> DocumentAsync(NexusHost host)
    {
        using var http = host.Anonymous();
        return JsonElement.Parse(await http.GetStringAsync("/openapi/v1.json", Cancellation));
    }

    private static IEnumerable<(string Name, JsonElement Body)> Operations(JsonElement document) =>
        from path in document.GetProperty("paths").EnumerateObject()
        from operation in path.Value.EnumerateObject()
        select ($"{operation.Name.ToUpperInvariant()} {path.Name}", operation.Value);

    private static List<string> Parameters(JsonElement operation) => operation.TryGetProperty("parameters", out var parameters)
        ? [.. parameters.EnumerateArray().Select(parameter => $"{parameter.GetProperty("in")} {parameter.GetProperty("name")}")]
        : [];

    private static IEnumerable<string?> Types(JsonElement schema) =>
        schema.GetProperty("type") is { ValueKind: JsonValueKind.Array } several
            ? several.EnumerateArray().Select(type => type.GetString())
            : [schema.GetProperty("type").GetString()];
}
