using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Features;

namespace Nexus.Server.Platform.Http;

/// <summary>
/// Writes an answer of server-sent events. <c>TypedResults.ServerSentEvents</c> has neither comments nor a write timeout, and flushes each
/// event by itself (docs/decisions/0029-own-sse-writer.md).
/// </summary>
internal sealed class ServerSentEventWriter
{
    private static readonly TimeSpan _pingInterval = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan _writeTimeout = TimeSpan.FromSeconds(10);

    private readonly HttpContext _http;
    private readonly TimeProvider _time;
    private long _pingedAt;

    private ServerSentEventWriter(HttpContext http, TimeProvider time) => (_http, _time, _pingedAt) = (http, time, time.GetTimestamp());

    /// <summary>Begins the answer: clients reconnect after one second. Nothing is sent before the first flush.</summary>
    public static ServerSentEventWriter Start(HttpContext http, TimeProvider time)
    {
        http.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        http.Response.ContentType = "text/event-stream";
        http.Response.Headers.CacheControl = "no-store";
        http.Response.Headers["X-Accel-Buffering"] = "no";
        var writer = new ServerSentEventWriter(http, time);
        writer.Write("retry: 1000\n\n");
        return writer;
    }

    /// <summary>Whether 15 s have passed since the stream began or <see cref="RestartPing"/> was called.</summary>
    public bool IsPingDue => _time.GetElapsedTime(_pingedAt) >= _pingInterval;

    /// <summary>Whether enough waits to be sent.</summary>
    public bool ShouldFlush => ResponseFlusher.ShouldFlush(_http.Response.BodyWriter);

    /// <summary>The connection has shown that it lives.</summary>
    public void RestartPing() => _pingedAt = _time.GetTimestamp();

    /// <summary>Writes an event.</summary>
    /// <param name="data">One line.</param>
    /// <param name="id">What the client sends as <c>Last-Event-ID</c> when it comes back; one line.</param>
    /// <param name="type">One line; null: <c>message</c>, by its absence.</param>
    public void WriteEvent(string data, string? id = null, string? type = null)
    {
        Write(id is null ? "" : $"id: {id}\n");
        Write(type is null ? "" : $"event: {type}\n");
        Write($"data: {data}\n\n");
    }

    /// <summary>Writes a record as an event. JSON has no line breaks outside of escapes, so its data is one line.</summary>
    public void WriteEvent<T>(string id, T record)
    {
        Write($"id: {id}\ndata: ");
        using (
            var json = new Utf8JsonWriter(
                _http.Response.BodyWriter, new JsonWriterOptions { Encoder = StrictJson.Options.Encoder, SkipValidation = true }))
        {
            JsonSerializer.Serialize(json, record, StrictJson.TypeInfo<T>());
        }

        Write("\n\n");
    }

    /// <summary>Writes a line that clients ignore.</summary>
    public void WriteComment(string text) => Write($": {text}\n\n");

    /// <summary>Sends what waits, or closes the connection of a reader who has not taken it within 10 s.</summary>
    /// <exception cref="OperationCanceledException">The reader stalled or has gone; or <paramref name="cancellationToken"/>.</exception>
    public ValueTask FlushAsync(CancellationToken cancellationToken) =>
        _http.Response.BodyWriter.UnflushedBytes > 0
            ? ResponseFlusher.FlushAsync(_http, _writeTimeout, _time, cancellationToken)
            : ValueTask.CompletedTask;

    private void Write(string text) => Encoding.UTF8.GetBytes(text, _http.Response.BodyWriter);
}
