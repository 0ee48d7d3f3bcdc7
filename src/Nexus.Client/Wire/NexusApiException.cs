namespace Nexus.Client;

/// <summary>
/// The server refused a request, or answered with something that is not of the contract (<see cref="Code"/> then begins with
/// <c>client.</c>). A server that cannot be reached is an <see cref="HttpRequestException"/> instead.
/// </summary>
#pragma warning disable RCS1194 // A refusal without its problem details would say nothing: the usual constructors make no sense here.
public sealed class NexusApiException : Exception
#pragma warning restore RCS1194
{
    /// <summary>Makes one from the refusal itself.</summary>
    public NexusApiException(ProblemDetails problem, TimeSpan? retryAfter = null, Exception? innerException = null)
        : base(GetMessage(problem), innerException)
    {
        Problem = problem;
        RetryAfter = retryAfter;
    }

    /// <summary>All that the server said.</summary>
    public ProblemDetails Problem { get; }

    /// <summary>HTTP status.</summary>
    public int Status => Problem.Status;

    /// <summary>Stable dotted code; what programs compare.</summary>
    public string Code => Problem.Code ?? "client.unknown";

    /// <summary>A safe sentence for people.</summary>
    public string Detail => Problem.Detail ?? Message;

    /// <summary>Id of the request, as the server's log has it.</summary>
    public string? RequestId => Problem.RequestId;

    /// <summary>How long the server asks to wait before another try, on 429 and 503.</summary>
    public TimeSpan? RetryAfter { get; }

    private static string GetMessage(ProblemDetails problem)
    {
        ArgumentNullException.ThrowIfNull(problem);
        return problem.Detail ?? problem.Title ?? $"The server answered {problem.Status}.";
    }
}
