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
            // The caller has gone; there is nobody to answer.
            return;
        }
        catch (Exception exception) when (!http.Response.HasStarted)
        {
            var problem = ToProblem(exception);
            if (problem.Status >= 500)
            {
                LogFailed(exception, problem.Status, (http.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText);
            }

            // What a gate said of its state stays; what spoke of the answer that did not come goes.
            http.Response.ContentLength = null;
            http.Response.Headers.ETag = default;
            http.Response.Headers.Link = default;
            await problem.ExecuteAsync(http);
            return;
        }

        if (!http.Response.HasStarted && http.Response.ContentLength is null && ProblemForStatus(http.Response.StatusCode) is { } bare)
        {
            await bare.ExecuteAsync(http);
        }
    }

    private static Problem ToProblem(Exception exception) => exception switch
    {
        ProblemException refusal => refusal.Problem,
        StoreUnavailableException => Problem.Unavailable,
        BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } => BodyTooLarge,
        BadHttpRequestException bad => new Problem(bad.StatusCode, "request.malformed", "The request cannot be read."),
        _ => new Problem(StatusCodes.Status500InternalServerError, "internal", "Something went wrong on our side. The request id finds it in the log."),
    };

    /// <summary>A body over its route's limit.</summary>
    public static Problem BodyTooLarge { get; } = new(StatusCodes.Status413PayloadTooLarge, "body.too_large", "The body is larger than this route takes.");

    /// <summary>Statuses that the framework answers without a body.</summary>
    private static Problem? ProblemForStatus(int status) => status switch
    {
        StatusCodes.Status400BadRequest => new Problem(status, "request.malformed", "A value of the path or query cannot be read."),
        StatusCodes.Status404NotFound => new Problem(status, "route.unknown", "There is no such route."),
        StatusCodes.Status405MethodNotAllowed => new Problem(status, "route.method", "The route does not take this method."),
        StatusCodes.Status415UnsupportedMediaType => new Problem(status, "body.content_type", "The route does not take this content type."),
        _ => null,
    };

    [LoggerMessage(LogLevel.Error, "Answered {Status} on {Route}")]
    private partial void LogFailed(Exception exception, int status, string? route);
}
