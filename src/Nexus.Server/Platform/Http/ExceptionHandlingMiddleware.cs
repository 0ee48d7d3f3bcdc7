using Nexus.Server.Platform.Storage;

namespace Nexus.Server.Platform.Http;

/// <summary>
/// The outermost middleware: names the request and turns whatever comes out of it into problem details.
/// The log gets the detail, the caller a code and a safe sentence.
/// </summary>
internal sealed partial class ExceptionHandlingMiddleware(RequestDelegate next, ILogger<ExceptionHandlingMiddleware> logger)
{
    /// <summary>Runs the request.</summary>
    public async Task InvokeAsync(HttpContext http)
    {
        var ids = RequestIds.Assign(http);
        using var trace = ids.StartActivity(http.Response);
        using var scope = logger.BeginScope(ids);
        try
        {
            await next(http);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            // The caller has disconnected; there is nobody to answer.
            return;
        }
        catch (Exception exception) when (!http.Response.HasStarted)
        {
            var problem = ToProblem(http, exception);
            if (problem.Status >= 500)
            {
                LogFailed(exception, problem.Status, (http.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText);
            }

            // Headers of the gates stay; headers that described the answer that was not sent go.
            http.Response.ContentLength = null;
            http.Response.Headers.ETag = default;
            http.Response.Headers.Link = default;
            await problem.ExecuteAsync(http);
            return;
        }

        if (!http.Response.HasStarted && http.Response.ContentLength is null && ProblemForStatus(http) is { } bare)
        {
            await bare.ExecuteAsync(http);
        }
    }

    /// <summary>A body over its route's limit.</summary>
    public static Problem BodyTooLarge { get; } = new(ProblemCodes.BodyTooLarge, "The body is larger than this route accepts.");

    private static Problem ToProblem(HttpContext http, Exception exception) => exception switch
    {
        ProblemException refusal => refusal.Problem,
        StoreUnavailableException => Problem.Unavailable,
        BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } => BodyTooLarge,
        BadHttpRequestException { StatusCode: StatusCodes.Status400BadRequest } when RequestParameters.FindError(http) is { } error =>
            Problem.Invalid(ProblemCodes.RequestMalformed, [error]),
        BadHttpRequestException bad => new Problem(
            ProblemCodes.RequestMalformed,
            bad.StatusCode == StatusCodes.Status408RequestTimeout
                ? "The body arrived too slowly."
                : "The body ended early or is not framed as HTTP requires.")
        {
            Status = bad.StatusCode,
        },
        _ =>
            new Problem(ProblemCodes.Internal, "An internal error occurred. Give the request id to the operator, who finds it in the log."),
    };

    /// <summary>Statuses that the framework answers without a body.</summary>
    private static Problem? ProblemForStatus(HttpContext http) => http.Response.StatusCode switch
    {
        StatusCodes.Status400BadRequest => RequestParameters.FindError(http) is { } error
            ? Problem.Invalid(ProblemCodes.RequestMalformed, [error])
            : new Problem(ProblemCodes.RequestMalformed, "A value in the path or query is malformed."),
        StatusCodes.Status404NotFound =>
            new Problem(
                ProblemCodes.RouteUnknown, $"No route matches {http.Request.Method} {Suggestions.Quote(http.Request.Path)}. See /docs."),
        StatusCodes.Status405MethodNotAllowed => new Problem(
            ProblemCodes.RouteMethod,
            $"This route does not allow {http.Request.Method}. Allowed: {http.Response.Headers.Allow}."),
        StatusCodes.Status415UnsupportedMediaType =>
            RequestBody.UnsupportedContentType(http.Request, RequestParameters.GetAcceptedContentTypes(http)),
        _ => null,
    };

    [LoggerMessage(LogLevel.Error, "Answered {Status} on {Route}")]
    private partial void LogFailed(Exception exception, int status, string? route);
}
