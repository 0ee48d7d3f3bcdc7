using System.Globalization;
using System.Text.Json;

namespace Nexus.Tests.Audit.Queries;

/// <summary>Reads <c>/audit/events/stream</c> like a browser's EventSource, but does not reconnect.</summary>
internal sealed class EventReader : IDisposable
{
    private readonly HttpResponseMessage _response;
    private readonly StreamReader _lines;
    private string? _end;

    private EventReader(HttpResponseMessage response, Stream body) => (_response, _lines) = (response, new StreamReader(body));

    public HttpResponseMessage Response => _response;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    /// <summary>Opens a stream, expects success. Starts after an event if its id is given.</summary>
    public static async Task<EventReader> OpenAsync(Caller caller, long? lastEventId = null)
    {
        var response = await caller.Open("/audit/events/stream", ("Last-Event-ID", lastEventId?.ToString(CultureInfo.InvariantCulture)));
        ((int)response.StatusCode).ShouldBe(200, response.IsSuccessStatusCode ? "" : await response.Content.ReadAsStringAsync(Cancelled));
        return new EventReader(response, await response.Content.ReadAsStreamAsync(Cancelled));
    }

    /// <summary>Returns the next message, or null at the end of the stream.</summary>
    public async Task<Message?> NextAsync()
    {
        string? id = null, type = null, data = null;
        while (await _lines.ReadLineAsync(Cancelled) is { } line)
        {
            if (line.Length == 0)
            {
                if (data is not null)
                {
                    return new Message(id, type ?? "message", data);
                }

                continue;
            }

            var colon = line.IndexOf(':', StringComparison.Ordinal);
            var value = line[(colon + 1)..].TrimStart(' ');
            switch (line[..colon])
            {
                case "id": id = value; break;
                case "event": type = value; break;
                case "data": data.ShouldBeNull("an event is one line"); data = value; break;
                case "retry": value.ShouldBe("1000"); break;
                case "": _end = value.Split("ended: ")[1]; break;
                default: throw new InvalidOperationException(line);
            }
        }

        return null;
    }

    public async Task<(long Seq, JsonElement Event)> EventAsync()
    {
        var message = await NextAsync();
        message.ShouldNotBeNull(_end ?? "cut off");
        message.Type.ShouldBe("message", message.Data);
        var recorded = JsonElement.Parse(message.Data);
        var seq = recorded.GetProperty("seq").GetInt64();
        message.Id.ShouldBe(seq.ToString(CultureInfo.InvariantCulture));
        return (seq, recorded);
    }

    /// <summary>Returns the <c>seq</c> of the next events.</summary>
    public async Task<List<long>> SeqsAsync(int count)
    {
        var seqs = new List<long>(count);
        while (seqs.Count < count)
        {
            seqs.Add((await EventAsync()).Seq);
        }

        return seqs;
    }

    /// <summary>Reads to the end and returns why the stream ended.</summary>
    public async Task<string?> EndAsync()
    {
        while (await NextAsync() is not null)
        {
        }

        return _end;
    }

    public void Dispose()
    {
        _lines.Dispose();
        _response.Dispose();
    }

    /// <summary>A message as an EventSource delivers it.</summary>
    internal sealed record Message(string? Id, string Type, string Data);
}
