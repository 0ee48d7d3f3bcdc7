namespace Nexus.Server.Platform.Http;

/// <summary>Settings <c>Nexus:Cors</c>: which pages of other origins may evaluate flags with a token of their own.</summary>
internal sealed class CorsOptions
{
    /// <summary>Where alone it holds: the console's own routes are never shared.</summary>
    private const string Path = "/ofrep";

    /// <summary>Origins such as <c>https://app.example.com</c>; none: no other origin.</summary>
    public IList<string> Origins { get; set; } = [];

    /// <summary>What is wrong with them.</summary>
    public IEnumerable<string> Validate() => Origins
        .Where(origin => !Uri.TryCreate(origin, UriKind.Absolute, out var url) || url.GetLeftPart(UriPartial.Authority) != origin || url.Scheme is not ("http" or "https"))
        .Select(origin => $"Nexus:Cors:Origins: '{origin}' is no origin, such as https://app.example.com.");

    /// <summary>Lets those pages in, before the chain: a preflight carries no token.</summary>
    public void Apply(IApplicationBuilder app)
    {
        if (Origins.Count > 0)
        {
            app.UseWhen(http => http.Request.Path.StartsWithSegments(Path, StringComparison.Ordinal), ofrep => ofrep.UseCors(policy => policy
                .WithOrigins([.. Origins])
                .WithMethods("GET", "POST")
                .WithHeaders("Authorization", "Content-Type", "If-None-Match", "X-API-Key", "X-Tenant-Id", "X-Env", "X-Request-Id", "traceparent")
                .WithExposedHeaders("ETag", "X-Request-Id", "Retry-After")
                .SetPreflightMaxAge(TimeSpan.FromHours(1))));
        }
    }
}
