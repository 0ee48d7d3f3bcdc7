using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Nexus.Server.Http;

/// <summary>OpenAPI 3.1 at <c>/openapi/v1.json</c> and its page at <c>/docs</c>, whose files are in the program: it works offline.</summary>
internal static class OpenApi
{
    /// <summary>Adds the document.</summary>
    public static void AddNexusOpenApi(this IServiceCollection services) => services.AddOpenApi("v1", openApi =>
    {
        openApi.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
        openApi.AddDocumentTransformer((document, _, _) =>
        {
            document.Info = new OpenApiInfo
            {
                Title = "Nexus",
                Version = "v1",
                Description = "What agents know, what they may do, and the proof of what they did. Every route takes X-Tenant-Id and X-Env; without them the token's default tenant counts.",
            };
            document.Components ??= new OpenApiComponents();
            document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>(StringComparer.Ordinal)
            {
                ["bearer"] = new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer", Description = "Our access token, a trusted issuer's, or an API key." },
                ["api_key"] = new OpenApiSecurityScheme { Type = SecuritySchemeType.ApiKey, In = ParameterLocation.Header, Name = "X-API-Key" },
                ["tenant"] = new OpenApiSecurityScheme { Type = SecuritySchemeType.ApiKey, In = ParameterLocation.Header, Name = "X-Tenant-Id", Description = "The tenant, such as t_acme." },
                ["env"] = new OpenApiSecurityScheme { Type = SecuritySchemeType.ApiKey, In = ParameterLocation.Header, Name = "X-Env", Description = "dev, staging or prod." },
            };
            document.Security =
            [
                new OpenApiSecurityRequirement
                {
                    [new OpenApiSecuritySchemeReference("bearer", document)] = [],
                    [new OpenApiSecuritySchemeReference("tenant", document)] = [],
                    [new OpenApiSecuritySchemeReference("env", document)] = [],
                },
            ];
            return Task.CompletedTask;
        });
    });

    /// <summary>Serves the page.</summary>
    public static void UseDocs(this IApplicationBuilder app) => app.UseSwaggerUI(page =>
    {
        page.RoutePrefix = "docs";
        page.DocumentTitle = "Nexus";
        page.SwaggerEndpoint("../openapi/v1.json", "Nexus v1");
    });
}
