using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text.Json;

namespace Nexus.Testing.Crash;

/// <summary>Records what one tenant's writes were acknowledged, and compares it with what the server has.</summary>
internal sealed class CrashLedger(HttpClient client)
{
    private readonly Dictionary<string, int> _created = new(StringComparer.Ordinal);
    private readonly HashSet<string> _checked = new(StringComparer.Ordinal);
    private long _nextSeq;

    /// <summary>The tenant's client.</summary>
    public HttpClient Client { get; } = client;

    /// <summary>Maps card ids to the posted text of every write that got a 200.</summary>
    public ConcurrentDictionary<string, string> Acknowledged { get; } = new(StringComparer.Ordinal);

    /// <summary>Records a 200 response and its body.</summary>
    public void Acknowledge(string answer, string text)
    {
        using var card = JsonDocument.Parse(answer);
        Acknowledged[card.RootElement.GetProperty("card_id").GetString()!] = text;
    }

    /// <summary>
    /// Returns what is wrong. Reads the events since the last check and the cards named by them and by the writers; with
    /// <paramref name="everything"/>, reads all of them again.
    /// </summary>
    public async Task<IReadOnlyCollection<string>> CheckAsync(Uri address, bool everything, CancellationToken cancellationToken)
    {
        if (everything)
        {
            _created.Clear();
            _checked.Clear();
            _nextSeq = 0;
        }

        var wrong = new ConcurrentBag<string>();
        await ReadEventsAsync(address, wrong, cancellationToken);
        foreach (var id in Acknowledged.Keys.Where(id => _created.GetValueOrDefault(id) != 1))
        {
            wrong.Add($"acknowledged card {id} has {_created.GetValueOrDefault(id)} card_created events");
        }

        var unchecked_ = _created.Keys.Concat(Acknowledged.Keys).Where(_checked.Add).ToArray();
        await Parallel.ForEachAsync(
            unchecked_,
            new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = cancellationToken },
            async (id, token) => await CheckCardAsync(address, id, wrong, token));
        if (everything)
        {
            await CheckListAsync(address, wrong, cancellationToken);
        }

        return wrong;
    }

    /// <summary>Reads from the newest event back to the last known one, then checks that every seq occurs once and in order.</summary>
    private async Task ReadEventsAsync(Uri address, ConcurrentBag<string> wrong, CancellationToken cancellationToken)
    {
        var events = new Stack<(long Seq, string Type, string Asset)>();
        string? cursor = null;
        do
        {
            var query = cursor is null ? "" : $"&cursor={Uri.EscapeDataString(cursor)}";
            var said = await Client.GetStringAsync(new Uri(address, $"/audit/events?limit=100{query}"), cancellationToken);
            using var page = JsonDocument.Parse(said);
            foreach (var item in page.RootElement.GetProperty("items").EnumerateArray())
            {
                var metadata = item.GetProperty("metadata");
                events.Push(
                    (item.GetProperty("seq")
                        .GetInt64(), metadata.GetProperty("event_type").GetString()!, metadata.TryGetProperty("asset_id", out var asset)
                        ? asset.GetString() ?? ""
                        : ""));
            }

            cursor = page.RootElement.GetProperty("next_cursor").GetString();
        }
        while (cursor is not null && events.Peek().Seq > _nextSeq);

        foreach (var (seq, type, asset) in events.SkipWhile(entry => entry.Seq < _nextSeq))
        {
            if (seq != _nextSeq)
            {
                wrong.Add(string.Create(CultureInfo.InvariantCulture, $"seq {seq} stands where {_nextSeq} should"));
            }

            _nextSeq = seq + 1;
            if (type == "card_created")
            {
                _created[asset] = _created.GetValueOrDefault(asset) + 1;
            }
        }
    }

    /// <summary>Checks that there is no card without an event.</summary>
    private async Task CheckListAsync(Uri address, ConcurrentBag<string> wrong, CancellationToken cancellationToken)
    {
        string? cursor = null;
        do
        {
            var query = cursor is null ? "" : $"&cursor={Uri.EscapeDataString(cursor)}";
            using var page = JsonDocument.Parse(
                await Client.GetStringAsync(new Uri(address, $"/nexus/cards?limit=100{query}"), cancellationToken));
            foreach (var id in page.RootElement.GetProperty("items")
                .EnumerateArray()
                .Select(card => card.GetProperty("card_id").GetString()!)
                .Where(id => !_created.ContainsKey(id)))
            {
                wrong.Add($"card {id} is there, and no event tells of it");
            }

            cursor = page.RootElement.GetProperty("next_cursor").GetString();
        }
        while (cursor is not null);
    }

    private async Task CheckCardAsync(Uri address, string id, ConcurrentBag<string> wrong, CancellationToken cancellationToken)
    {
        using var answer = await Client.GetAsync(new Uri(address, $"/nexus/cards/{id}"), cancellationToken);
        if (answer.StatusCode != HttpStatusCode.OK)
        {
            wrong.Add($"card {id} is answered {(int)answer.StatusCode}, acknowledged: {Acknowledged.ContainsKey(id)}");
            return;
        }

        using var card = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(cancellationToken));
        if (Acknowledged.TryGetValue(id, out var text) && card.RootElement.GetProperty("full_text").GetString() != text)
        {
            wrong.Add($"card {id} has another text than was acknowledged");
        }
    }
}
