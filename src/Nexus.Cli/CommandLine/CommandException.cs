using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Nexus.Client;

namespace Nexus.Cli.CommandLine;

/// <summary>A failed command: one line for people and one exit code for scripts.</summary>
#pragma warning disable RCS1194 // The standard constructors would create a failure without an exit code.
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

    /// <summary>Maps an expected failure to its message and exit code. Returns null for a bug in this program.</summary>
    public static CommandException? FromException(Exception exception) => exception switch
    {
        CommandException failure => failure,
        NexusApiException refusal => new CommandException(GetExitCode(refusal), FormatMessage(refusal)),
        HttpRequestException e =>
            new CommandException(ExitCode.Unavailable, $"client.unreachable: Cannot reach the server: {Terminal.ToSingleLine(e.Message)}"),
        _ when IsConnectionLost(exception) => new CommandException(
            ExitCode.Unavailable, $"client.broken_off: The connection was lost: {Terminal.ToSingleLine(exception.Message)}"),
        TaskCanceledException { InnerException: TimeoutException } =>
            new CommandException(ExitCode.Unavailable, "client.timeout: The server did not respond in time."),
        OperationCanceledException => new CommandException(ExitCode.Interrupted, "client.interrupted: Interrupted."),
        IOException or UnauthorizedAccessException => Usage($"client.file: {Terminal.ToSingleLine(exception.Message)}"),
        _ => null,
    };

    /// <summary>
    /// Whether a response was cut off. Depending on how the connection ends, .NET reports it as one or the other exception.
    /// </summary>
    public static bool IsConnectionLost(Exception exception) =>
        exception is HttpIOException or IOException { InnerException: SocketException };

    /// <summary>A gate (kill switch, rate limit, quota) also answers 403, but the caller is signed in and has the role.</summary>
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
        return Terminal.ToSingleLine($"{refusal.Code}: {refusal.Detail}{fields}{request}");
    }
}
