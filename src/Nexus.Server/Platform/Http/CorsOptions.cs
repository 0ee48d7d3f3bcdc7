using Microsoft.Extensions.Options;

namespace Nexus.Server.Platform.Http;

/// <summary>The section <c>Nexus:Cors</c>: the origins whose pages may evaluate flags with a token of their own.</summary>
internal sealed class CorsOptions
{
    /// <summary>The only routes that other origins may call.</summary>
    private const string Path = "/ofrep";

    /// <summary>Origins such as <c>https://app.example.com</c>. Empty: no other origin.</summary>
    public IList<string> Origins { get; set; } = [];

    /// <summary>Allows these origins. Runs before admission, since a preflight request carries no token.</summary>
    public void Apply(IApplicationBuilder app)
    {
        if (Origins.Count > 0)
        {
            app.UseWhen(
                http => http.Request.Path.StartsWithSegments(Path, StringComparison.Ordinal),
                ofrep => ofrep.UseCors(policy => policy
                    .WithOrigins([.. Origins])
                    .WithMethods("GET", "POST")
                    .WithHeaders(
                        "Authorization",
                        "Content-Type",
                        "If-None-Match",
                        "X-API-Key",
                        "X-Tenant-Id",
                        "X-Env",
                        "X-Request-Id",
                        "traceparent")
                    .WithExposedHeaders("ETag", "X-Request-Id", "Retry-After")
                    .SetPreflightMaxAge(TimeSpan.FromHours(1))));
        }
    }
}

/// <summary>Validates <see cref="CorsOptions"/>.</summary>
internal sealed class CorsOptionsValidator : IValidateOptions<CorsOptions>
{
    /// <inheritdoc />
    public ValidateOptionsResult Validate(string? name, CorsOptions options)
    {
        var errors = new ValidateOptionsResultBuilder();
        for (var i = 0; i < options.Origins.Count; i++)
        {
            if (!IsOrigin(options.Origins[i]))
            {
                errors.AddError($"Nexus:Cors:Origins:{i} must be an origin such as https://app.example.com, not '{options.Origins[i]}'.");
            }
        }

        return errors.Build();
    }

    private static bool IsOrigin(string origin) => Uri.TryCreate(origin, UriKind.Absolute, out var url)
        && url.Scheme is "http" or "https"
        && url.GetLeftPart(UriPartial.Authority) == origin;
}
