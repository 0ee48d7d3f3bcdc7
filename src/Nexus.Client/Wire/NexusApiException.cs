namespace Nexus.Client;

/// <summary>
/// The server refused a request or returned an unexpected response; in the latter case <see cref="Code"/> begins with <c>client.</c>.
/// If the server cannot be reached, an <see cref="HttpRequestException"/> is thrown instead.
/// </summary>
#pragma warning disable RCS1194 // The standard constructors would create an exception without problem details.
public sealed class NexusApiException : Exception
#pragma warning restore RCS1194
{
    /// <summary>Creates the exception from the problem details of a response.</summary>
    public NexusApiException(ProblemDetails problem, TimeSpan? retryAfter = null, Exception? innerException = null)
        : base(GetMessage(problem), innerException)
    {
        Problem = problem;
        RetryAfter = retryAfter;
    }

    /// <summary>The complete problem details.</summary>
    public ProblemDetails Problem { get; }

    /// <summary>HTTP status.</summary>
    public int Status => Problem.Status;

    /// <summary>Stable code for programs, such as <c>auth.role</c>.</summary>
    public string Code => Problem.Code ?? "client.unknown";

    /// <summary>A message for people. Contains no internals.</summary>
    public string Detail => Problem.Detail ?? Message;

    /// <summary>Id of the request, as in the server's log.</summary>
    public string? RequestId => Problem.RequestId;

    /// <summary>The server's <c>Retry-After</c>, on 429 and 503.</summary>
    public TimeSpan? RetryAfter { get; }

    private static string GetMessage(ProblemDetails problem)
    {
        ArgumentNullException.ThrowIfNull(problem);
        return problem.Detail ?? problem.Title ?? $"The server answered {problem.Status}.";
    }
}
