using System.Text.Json;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.WebUtilities;
using Nexus.Client;

namespace Nexus.Server.Platform.Http;

/// <summary>A refusal: what RFC 9457 says to the caller. The one way from an outcome to a status of 400 and up.</summary>
/// <param name="Kind">Its code and status.</param>
/// <param name="Detail">
/// A sentence for people: what was wrong, with the value and what is allowed, and what to do next. It has no SQL, path, type name, stack
/// or secret, and quotes a caller's value only through <see cref="Suggestions.Quote"/>, which bounds it.
/// </param>
internal sealed record Problem(ProblemCode Kind, string Detail) : IResult, IEndpointMetadataProvider
{
    /// <summary>Stable and dotted; programs compare it.</summary>
    public string Code => Kind.Name;

    /// <summary>The HTTP status: the code's, unless the server below has chosen a more precise one.</summary>
    public int Status { get; init; } = Kind.Status;

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
    /// <param name="field">The path of the field, such as <c>budget.max_chars</c>; <c>$</c> for the whole body.</param>
    /// <param name="message">What follows the field's name, such as <c>must be true or false.</c>, or a sentence of its own.</param>
    public static Problem Invalid(string field, string message) => Invalid(ProblemCodes.BodyInvalid, field, message);

    /// <summary>A field or parameter that breaks one rule, with a code of its own.</summary>
    public static Problem Invalid(ProblemCode code, string field, string message) => Invalid(code, [new FieldError(field, message)]);

    /// <summary>Everything that is wrong with the fields of a body.</summary>
    public static Problem Invalid(ProblemCode code, IReadOnlyCollection<FieldError> errors) =>
        new(code, string.Join(' ', errors.Select(error => error.Sentence)))
        {
            Errors = errors.GroupBy(error => error.Field, StringComparer.Ordinal)
            .ToDictionary(
                field => field.Key, field => (IReadOnlyList<string>)[.. field.Select(error => error.Message)], StringComparer.Ordinal),
        };

    /// <summary>A missing resource, or another tenant's: the two look alike.</summary>
    public static Problem NotFound { get; } = new(ProblemCodes.NotFound, "No such resource in this tenant and env.");

    /// <summary>The resource is not in the state that <c>If-Match</c> names.</summary>
    public static Problem PreconditionFailed { get; } =
        new(
            ProblemCodes.PreconditionFailed,
            "The resource has changed since the version in If-Match. Read it again and retry with its new ETag.");

    /// <summary>The store cannot take the work now.</summary>
    public static Problem Unavailable { get; } =
        new(ProblemCodes.Unavailable, "The service is temporarily unavailable. Try again; with an Idempotency-Key nothing is done twice.")
        {
            RetryAfter = 1,
        };

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
        builder.Metadata.Add(
            new ProducesResponseTypeMetadata(StatusCodes.Status400BadRequest, typeof(ProblemDetails), ["application/problem+json"]));
}

/// <summary>
/// Aborts a write transaction with a refusal: the write's savepoint is rolled back. It also carries a refusal out of the binding and
/// parsing of parameters and bodies, which have no other way to answer. Everything else returns its <see cref="Problem"/>, so that a
/// handler's signature says which answers it has. <see cref="ExceptionHandlingMiddleware"/> turns it into the answer.
/// </summary>
internal sealed class ProblemException(Problem problem) : Exception(problem.Detail)
{
    /// <summary>What the caller is told.</summary>
    public Problem Problem { get; } = problem;
}
