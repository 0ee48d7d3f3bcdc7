using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Nexus.Client;

namespace Nexus.Cli.Running;

/// <summary>Why a command ends without having done its work: one line for people, one exit code for scripts.</summary>
#pragma warning disable RCS1194 // A failure without its exit code would say nothing: the usual constructors make no sense here.
internal sealed class CommandException : Exception
#pragma warning restore RCS1194
{
    private CommandException(int exitCode, string message)
        : base(message) => Exit = exitCode;

    /// <summary>One of <see cref="ExitCode"/>.</summary>
    public int Exit { get; }

    public static CommandException Usage(string message) => new(ExitCode.Usage, message);

    public static CommandException NotFound(string message) => new(ExitCode.NotFound, message);

    public static CommandException NotSignedIn(string message) => new(ExitCode.Forbidden, message);

    public static CommandException Unreadable(string message) => new(ExitCode.Unavailable, message);

    /// <summary>What happened, as one line and code; null for what only a fault of this program can be.</summary>
    public static CommandException? FromException(Exception exception) => exception switch
    {
        CommandException failure => failure,
        NexusApiException refusal => new CommandException(GetExitCode(refusal), FormatMessage(refusal)),
        HttpRequestException e => new CommandException(ExitCode.Unavailable, $"client.unreachable: The server cannot be reached: {OneLine(e.Message)}"),
        _ when IsConnectionLost(exception) => new CommandException(ExitCode.Unavailable, $"client.broken_off: The server broke off its answer: {OneLine(exception.Message)}"),
        TaskCanceledException { InnerException: TimeoutException } =>
            new CommandException(ExitCode.Unavailable, "client.timeout: The server did not answer in time."),
        OperationCanceledException => new CommandException(ExitCode.Interrupted, "client.interrupted: Interrupted."),
        IOException or UnauthorizedAccessException => Usage($"client.file: {OneLine(exception.Message)}"),
        _ => null,
    };

    /// <summary>Whether an answer broke off: a server that goes ends it early or resets the connection, which the two exceptions tell apart and we do not.</summary>
    public static bool IsConnectionLost(Exception exception) => exception is HttpIOException or IOException { InnerException: SocketException };

    /// <summary>A gate (switch, limit, quota) also answers 403, yet who is refused by it is signed in and allowed.</summary>
    private static int GetExitCode(NexusApiException refusal) => refusal.Status switch
    {
        _ when refusal.Problem.Gate is not null => ExitCode.Refused,
        (int)HttpStatusCode.Unauthorized or (int)HttpStatusCode.Forbidden => ExitCode.Forbidden,
        (int)HttpStatusCode.NotFound => ExitCode.NotFound,
        >= 500 => ExitCode.Unavailable,
        _ when refusal.InnerException is JsonException or FormatException => ExitCode.Unavailable,
        _ => ExitCode.Refused,
    };

    private static string FormatMessage(NexusApiException refusal)
    {
        var fields = string.Concat((refusal.Problem.Errors ?? new Dictionary<string, IReadOnlyList<string>>())
            .SelectMany(field => field.Value.Select(message => (field.Key, Message: message)))
            .Where(field => !refusal.Detail.Contains(field.Message, StringComparison.Ordinal))
            .Select(field => $" {field.Key}: {field.Message}"));
        var request = refusal.RequestId is { } id ? $" (request {id})" : "";
        return OneLine($"{refusal.Code}: {refusal.Detail}{fields}{request}");
    }

    private static string OneLine(string text) => Terminal.Sanitize(text).ReplaceLineEndings(" ");
}
