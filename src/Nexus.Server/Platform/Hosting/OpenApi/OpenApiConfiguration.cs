using Microsoft.OpenApi;

namespace Nexus.Server.Platform.Hosting.OpenApi;

/// <summary>
/// Configures OpenAPI 3.1 at <c>/openapi/v1.json</c> and its page at <c>/docs</c>. The page's files are embedded, so it works
/// offline.
/// </summary>
internal static class OpenApiConfiguration
{
    private const string Description =
        """
        What agents know, what they may do, and the record of what they did.

        **Who calls:** `Authorization: Bearer` with an access token, a trusted issuer's token or an API key; or `X-API-Key`.
        **For whom:** the tenant is `X-Tenant-Id`, the query's or body's `tenant_id`, or the token's default;
          the env is `X-Env`, the query's or body's `env`, or the API key's. They must agree where several are given.
        **Errors** are problem details (RFC 9457) with a stable `code`. Unknown members of a body are refused with 422.
        **Tracing:** `X-Request-Id` and `traceparent` are taken over and echoed; every answer carries `X-Request-Id` and `X-Trace-Id`.
        **Limits:** answers carry `RateLimit` and `RateLimit-Policy`; 429 and 503 say when to try again with `Retry-After`.
        """;

    public static void AddNexusOpenApi(this IServiceCollection services) => services.AddOpenApi("v1", openApi =>
    {
        openApi.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
        openApi.CreateSchemaReferenceId = SchemaTransformer.CreateReferenceId;
        openApi.AddSchemaTransformer(SchemaTransformer.TransformAsync);
        openApi.AddOperationTransformer(OperationTransformer.TransformAsync);
        openApi.AddDocumentTransformer((document, _, _) =>
        {
            document.Info = new OpenApiInfo { Title = "Nexus", Version = "v1", Description = Description };
            document.Components ??= new OpenApiComponents();
            document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>(StringComparer.Ordinal)
            {
                ["bearer"] = new OpenApiSecurityScheme
                {
                    Type = SecuritySchemeType.Http,
                    Scheme = "bearer",
                    Description = "Our access token, a trusted issuer's, or an API key.",
                },
                ["api_key"] = new OpenApiSecurityScheme
                {
                    Type = SecuritySchemeType.ApiKey,
                    In = ParameterLocation.Header,
                    Name = "X-API-Key",
                    Description = "An API key.",
                },
            };
            document.Security =
            [
                new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference("bearer", document)] = [] },
                new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference("api_key", document)] = [] },
            ];
            SchemaTransformer.UnescapeDescriptions(document);
            return Task.CompletedTask;
        });
    });

    public static void UseApiDocs(this IApplicationBuilder app) => app.UseSwaggerUI(page =>
    {
        page.RoutePrefix = "docs";
        page.DocumentTitle = "Nexus";
        page.SwaggerEndpoint("../openapi/v1.json", "Nexus v1");
    });
}
