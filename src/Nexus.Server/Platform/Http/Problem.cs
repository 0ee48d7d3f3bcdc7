using System.Text.Json;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.WebUtilities;
using Nexus.Client;

namespace Nexus.Server.Platform.Http;

/// <summary>A refusal: what RFC 9457 says to the caller. The one way from an outcome to a status of 400 and up.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Code">Stable and dotted; programs compare it.</param>
/// <param name="Detail">A sentence for people, with no SQL, path, type name or stack.</param>
internal sealed record Problem(int Status, string Code, string Detail) : IResult, IEndpointMetadataProvider
{
    /// <summary>Field → messages, of a body that broke a rule.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>>? Errors { get; init; }

    /// <summary>The gate that refused, its action and what lifts it.</summary>
    public string? Gate { get; init; }

    /// <inheritdoc cref="Gate" />
    public string? Action { get; init; }

    /// <inheritdoc cref="Gate" />
    public DateTimeOffset? LiftsAt { get; init; }

    /// <inheritdoc cref="Gate" />
    public string? LiftedBy { get; init; }

    /// <summary>Seconds for <c>Retry-After</c>.</summary>
    public int? RetryAfter { get; init; }

    /// <summary>A body that breaks one rule of one field.</summary>
    public static Problem Invalid(string field, string message) => Invalid("body.invalid", field, message);

    /// <summary>A body that breaks one rule of one field, with a code of its own.</summary>
    public static Problem Invalid(string code, string field, string message) =>
        new(StatusCodes.Status422UnprocessableEntity, code, $"{field}: {message}")
        {
            Errors = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal) { [field] = [message] },
        };

    /// <summary>A missing resource, or another tenant's: the two look alike.</summary>
    public static Problem NotFound { get; } = new(StatusCodes.Status404NotFound, "not_found", "There is no such resource in this tenant and env.");

    /// <summary>The resource is not in the state that <c>If-Match</c> names.</summary>
    public static Problem PreconditionFailed { get; } = new(StatusCodes.Status412PreconditionFailed, "precondition.failed", "The resource has changed since the version that If-Match names. Read it again.");

    /// <summary>The store cannot take the work now.</summary>
    public static Problem Unavailable { get; } = new(StatusCodes.Status503ServiceUnavailable, "unavailable", "The service cannot do this now; try again. With an idempotency key nothing is done twice.") { RetryAfter = 1 };

    /// <inheritdoc />
    public Task ExecuteAsync(HttpContext httpContext)
    {
        var ids = RequestIds.Get(httpContext);
        var response = httpContext.Response;
        response.StatusCode = Status;
        response.ContentType = "application/problem+json";
        response.Headers.CacheControl = "no-store";
        if (RetryAfter is { } seconds)
        {
            response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        }

        if (Status == StatusCodes.Status401Unauthorized)
        {
            response.Headers.WWWAuthenticate = "Bearer";
        }

        var details = new ProblemDetails
        {
            Type = "urn:nexus:problem:" + Code,
            Title = ReasonPhrases.GetReasonPhrase(Status),
            Status = Status,
            Detail = Detail,
            Instance = httpContext.Request.Path,
            Code = Code,
            RequestId = ids.RequestId,
            TraceId = ids.TraceId,
            Errors = Errors,
            Gate = Gate,
            Action = Action,
            LiftsAt = LiftsAt,
            LiftedBy = LiftedBy,
        };
        return JsonSerializer.SerializeAsync(response.Body, details, WireJson.Default.ProblemDetails, httpContext.RequestAborted);
    }

    /// <summary>Tells OpenAPI that a route may be refused.</summary>
    public static void PopulateMetadata(System.Reflection.MethodInfo method, EndpointBuilder builder) =>
        builder.Metadata.Add(new ProducesResponseTypeMetadata(StatusCodes.Status400BadRequest, typeof(ProblemDetails), ["application/problem+json"]));
}

/// <summary>Carries a refusal out of a write, whose savepoint is rolled back.</summary>
internal sealed class ProblemException(Problem problem) : Exception(problem.Detail)
{
    /// <summary>What the caller is told.</summary>
    public Problem Problem { get; } = problem;
}
