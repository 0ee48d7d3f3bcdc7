using System.Reflection;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using Nexus.Client;
using Nexus.Server.Platform.Http;
using Nexus.Server.Platform.Paging;
using Nexus.Server.Platform.Tenancy;

namespace Nexus.Server.Platform.Hosting.OpenApi;

/// <summary>
/// Adds to the OpenAPI document what the framework cannot infer, from the metadata of the routes: context, headers, paging, and
/// the responses of the admission chain and the body reader.
/// </summary>
internal static class OperationTransformer
{
    /// <summary>Completes the description of a route.</summary>
    public static async Task TransformAsync(
        OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        var path = "/" + context.Description.RelativePath;
        var action = metadata.OfType<EndpointAction>().FirstOrDefault();
        var ifMatch = metadata.OfType<IfMatchMetadata>().FirstOrDefault();
        if (metadata.OfType<RequestBodyMetadata>().FirstOrDefault() is { } reads)
        {
            operation.RequestBody = new OpenApiRequestBody
            {
                Required = reads.IsRequired,
                Content = new Dictionary<string, OpenApiMediaType>(StringComparer.Ordinal)
                {
                    ["application/json"] = new() { Schema = await GetSchemaReferenceAsync(context, reads.Record, cancellationToken) },
                },
            };
        }

        operation.OperationId = CreateOperationId(context.Description.HttpMethod!, path);
        var parameters = operation.Parameters ?? [];
        operation.Parameters = parameters;
        foreach (var name in GetPathParameters(path).Where(name => !parameters.Any(known => known.Name == name)))
        {
            parameters.Add(CreateParameter(name, ParameterLocation.Path, "", new OpenApiSchema { Type = JsonSchemaType.String }));
        }

        if (metadata.OfType<MethodInfo>()
            .Any(handler => handler.GetParameters().Any(parameter => parameter.ParameterType == typeof(PageRequest))))
        {
            parameters.Add(
                CreateParameter(
                    "limit",
                    ParameterLocation.Query,
                    "Most records of the page.",
                    new OpenApiSchema { Type = JsonSchemaType.Integer, Minimum = "1", Maximum = "100", Default = 50 }));
            parameters.Add(
                CreateParameter(
                    "cursor",
                    ParameterLocation.Query,
                    "`next_cursor` of the page before; good for the same tenant, env and filters.",
                    StringSchema()));
        }

        if (action is null)
        {
            operation.Security = [];
        }
        else if (action.MinimumRole > Role.None)
        {
            parameters.Add(
                CreateParameter(
                    "X-Tenant-Id",
                    ParameterLocation.Header,
                    "The tenant, such as `t_acme`; the token's default where absent.",
                    new OpenApiSchema { Type = JsonSchemaType.String, Pattern = "^t_[a-z0-9_-]{1,62}$" }));
            parameters.Add(
                CreateParameter(
                    "X-Env",
                    ParameterLocation.Header,
                    "The env; needed unless the query, the body or the API key names it.",
                    new OpenApiSchema
                    {
                        Type = JsonSchemaType.String,
                        Enum = [.. Envs.All.Select(env => (System.Text.Json.Nodes.JsonNode)env)],
                    }));
            operation.Description = Join(operation.Description, $"Action `{action.Name}`; {action.MinimumRole.ToWireName()} or stronger.");
        }

        if (action?.Mutates == true)
        {
            parameters.Add(
                CreateParameter(
                    "Idempotency-Key",
                    ParameterLocation.Header,
                    "Repeats within 24 h answer as the first did and do nothing.",
                    new OpenApiSchema { Type = JsonSchemaType.String, MinLength = 1, MaxLength = 255 }));
        }

        if (ifMatch is not null)
        {
            var parameter = CreateParameter("If-Match", ParameterLocation.Header, "The ETag that was read.", StringSchema());
            parameter.Required = ifMatch.IsRequired;
            parameters.Add(parameter);
        }

        await AddProblemResponsesAsync(operation, context, action, ifMatch, parameters, cancellationToken);
    }

    private static async Task AddProblemResponsesAsync(
        OpenApiOperation operation, OpenApiOperationTransformerContext context, EndpointAction? action, IfMatchMetadata? ifMatch,
        IList<IOpenApiParameter> parameters, CancellationToken cancellationToken)
    {
        var responses = operation.Responses ??= [];
        foreach (var status in responses.Keys.Where(status => status[0] != '2').ToList())
        {
            responses.Remove(status);
        }

        var schema = await GetSchemaReferenceAsync(context, typeof(ProblemDetails), cancellationToken);
        var hasBody = operation.RequestBody is not null;
        var statuses = new List<(string Status, string Why)> { ("default", "Any other refusal; 503 may be repeated.") };
        void May(bool when, string status, string why) => statuses.AddRange(when ? [(status, why)] : []);
        May(hasBody || parameters.Count > 0, "400", "Malformed, or context that is missing, malformed or contradictory.");
        May(action is not null || hasBody, "401", action is null
            ? "The credential in the body is not good."
            : "No token, or one that does not verify.");
        May(action is not null, "403", "No member, a role too weak, a kill switch or a quota.");
        May(parameters.Any(parameter => parameter.In == ParameterLocation.Path), "404", "Not there, or another tenant's.");
        May(action?.Mutates == true, "409", "Taken, or an idempotency key in flight or of a secret answer.");
        May(ifMatch is not null, "412", "Changed since it was read.");
        May(ifMatch?.IsRequired == true, "428", "`If-Match` is missing.");
        May(hasBody, "413", "The body is too large.");
        May(hasBody, "415", "Another content type.");
        May(hasBody || action?.Mutates == true, "422", "A rule of the body is broken, or an idempotency key came with another payload.");
        May(action is not null || hasBody, "429", "Too many; `Retry-After` says when to go on.");
        foreach (var (status, why) in statuses.OrderBy(refusal => refusal.Status, StringComparer.Ordinal))
        {
            responses[status] = new OpenApiResponse
            {
                Description = why,
                Content = new Dictionary<string, OpenApiMediaType>(StringComparer.Ordinal)
                {
                    ["application/problem+json"] = new() { Schema = schema },
                },
            };
        }
    }

    private static async Task<OpenApiSchemaReference> GetSchemaReferenceAsync(
        OpenApiOperationTransformerContext context, Type record, CancellationToken cancellationToken)
    {
        context.Document!.AddComponent(record.Name, await context.GetOrCreateSchemaAsync(record, null, cancellationToken));
        return new OpenApiSchemaReference(record.Name, context.Document);
    }

    /// <summary>Returns an id such as <c>get_nexus_cards_card_id</c>, which is stable as long as the route is.</summary>
    private static string CreateOperationId(string method, string path) =>
        method.ToLowerInvariant() + "_" + string.Join('_', path.Split(['/', '{', '}', '-', '.'], StringSplitOptions.RemoveEmptyEntries));

    private static IEnumerable<string> GetPathParameters(string path) =>
        path.Split('/').Where(part => part is ['{', .., '}']).Select(part => part[1..^1]);

    private static OpenApiParameter CreateParameter(string name, ParameterLocation place, string about, OpenApiSchema schema) =>
        new()
        {
            Name = name, In = place, Required = place == ParameterLocation.Path, Description = about.Length == 0
            ? null
            : about, Schema = schema
        };

    private static OpenApiSchema StringSchema() => new() { Type = JsonSchemaType.String };

    private static string Join(string? first, string second) => string.IsNullOrEmpty(first) ? second : first + " " + second;
}
