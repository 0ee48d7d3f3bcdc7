using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Nexus.Client;
using Nexus.Server.Platform.Storage;

namespace Nexus.Server.Audit.Events;

/// <summary>Filters events. All given conditions must hold.</summary>
internal sealed record EventQuery
{
    /// <summary>Recorded at or after this time, in Unix microseconds.</summary>
    public long? From { get; init; }

    /// <summary>Recorded before this time, in Unix microseconds.</summary>
    public long? To { get; init; }

    /// <summary>The caller's id.</summary>
    public string? Actor { get; init; }

    public string? Action { get; init; }

    public string? EventType { get; init; }

    /// <summary>The id of the affected asset.</summary>
    public string? AssetId { get; init; }

    public string? TraceId { get; init; }

    public string? Surface { get; init; }
}

/// <summary>Reads stored events.</summary>
internal static class StoredEventReader
{
    /// <summary>The members of an event's metadata that the server stamps.</summary>
    public static readonly IReadOnlyList<string> ServerStampedFields =
    [
        "trace_id", "request_id", "actor_type", "action", "event_type", "asset_type", "asset_id", "gates",
    ];

    private const string Columns =
        """
        select seq, entry, leaf, content, salt, actor_id as ActorId, subject_id as SubjectId from events
          where tenant_id = @TenantId and env = @Env
        """;

    /// <summary>Returns a page of a log, newest first.</summary>
    /// <param name="before">Returns only events with a smaller <c>seq</c>.</param>
    /// <param name="limit">The maximum number of events.</param>
    public static async ValueTask<List<DatasetEvent>> ListAsync(ReadSession session, EventQuery filter, long before, int limit)
    {
        // The log is ordered by time, so a time maps to a seq and events outside of the range are not read.
        var first = filter.From is { } from ? await FindSeqAtAsync(session, from) : 0;
        var end = filter.To is { } to ? Math.Min(before, await FindSeqAtAsync(session, to)) : before;
        var sql = new StringBuilder(Columns).Append(" and seq >= @first and seq < @end");
        var isNarrowed = false;
        foreach (var (column, parameter, value) in (ReadOnlySpan<(string, string, string?)>)
            [
                ("trace_id", nameof(filter.TraceId), filter.TraceId), ("asset_id", nameof(filter.AssetId), filter.AssetId),
                ("actor_id", nameof(filter.Actor), filter.Actor),
                ("event_type", nameof(filter.EventType), filter.EventType), ("action", nameof(filter.Action), filter.Action),
                ("surface", nameof(filter.Surface), filter.Surface),
            ])
        {
            if (value is not null)
            {
                // All columns except surface have an index, and the first condition here is the most selective. SQLite has no
                // statistics and could choose any index; coalesce keeps it from using the others.
                sql.Append(CultureInfo.InvariantCulture, $" and {(isNarrowed ? $"coalesce({column}, '')" : column)} = @{parameter}");
                isNarrowed = true;
            }
        }

        sql.Append(" order by seq desc limit @limit");
        var rows = await session.QueryAsync<StoredEvent>(sql.ToString(), new
        {
            session.Scope.TenantId, session.Scope.Env, first, end, limit, filter.Actor, filter.Action, filter.EventType, filter.AssetId,
            filter.TraceId, filter.Surface,
        });
        return rows.ConvertAll(ToDatasetEvent);
    }

    /// <summary>Returns a page of a log, oldest first.</summary>
    /// <param name="after">Returns only events with a larger <c>seq</c>.</param>
    /// <param name="before">Returns only events with a smaller <c>seq</c>.</param>
    /// <param name="limit">The maximum number of events.</param>
    public static ValueTask<List<StoredEvent>> ListAfterAsync(ReadSession session, long after, long before, int limit) =>
        session.QueryAsync<StoredEvent>(
            Columns + " and seq > @after and seq < @before order by seq limit @limit",
            new { session.Scope.TenantId, session.Scope.Env, after, before, limit });

    /// <summary>
    /// Returns the <c>seq</c> of the first event recorded at or after a time in Unix microseconds, or the log's size if there is
    /// none.
    /// </summary>
    public static async ValueTask<long> FindSeqAtAsync(ReadSession session, long micros)
    {
        // Times never go back within a log, so a binary search by primary key finds it.
        var (low, high) = (0L, await session.FirstOrDefaultAsync<long>(
            "select size from log_heads where tenant_id = @TenantId and env = @Env", new { session.Scope.TenantId, session.Scope.Env }));
        while (low < high)
        {
            var middle = low + ((high - low) / 2);
            var recordedAt = await session.FirstOrDefaultAsync<long>(
                "select recorded_at from events where tenant_id = @TenantId and env = @Env and seq = @middle",
                new { session.Scope.TenantId, session.Scope.Env, middle });
            (low, high) = recordedAt < micros ? (middle + 1, high) : (low, middle);
        }

        return low;
    }

    /// <summary>Returns the <c>seq</c> of the last event of a type; 0 if there is none.</summary>
    public static ValueTask<long> FindLastSeqAsync(ReadSession session, string eventType) => session.FirstOrDefaultAsync<long>(
        "select seq from events where tenant_id = @TenantId and env = @Env and event_type = @eventType order by seq desc limit 1",
        new { session.Scope.TenantId, session.Scope.Env, eventType });

    /// <summary>Returns a page of a trace's events, oldest first.</summary>
    /// <param name="after">Returns only events with a larger <c>seq</c>.</param>
    /// <param name="limit">The maximum number of events.</param>
    public static async ValueTask<List<DatasetEvent>> ListByTraceAsync(ReadSession session, string traceId, long after, int limit)
    {
        var rows = await session.QueryAsync<StoredEvent>(
            Columns + " and trace_id = @traceId and seq > @after order by seq limit @limit",
            new { session.Scope.TenantId, session.Scope.Env, traceId, after, limit });
        return rows.ConvertAll(ToDatasetEvent);
    }

    /// <summary>The entries of a part of the log, in its order.</summary>
    /// <param name="session">A read of the tenant and env.</param>
    /// <param name="from">The first place.</param>
    /// <param name="to">The place after the last.</param>
    public static ValueTask<List<string>> ListEntriesAsync(ReadSession session, long from, long to) => session.QueryAsync<string>(
        "select entry from events where tenant_id = @TenantId and env = @Env and seq >= @from and seq < @to order by seq",
        new { session.Scope.TenantId, session.Scope.Env, from, to });

    /// <summary>When the event at a place was recorded, in microseconds; null for a place that the log has not reached.</summary>
    public static ValueTask<long?> FindRecordedAtAsync(ReadSession session, long seq) => session.FirstOrDefaultAsync<long?>(
        "select recorded_at from events where tenant_id = @TenantId and env = @Env and seq = @seq",
        new { session.Scope.TenantId, session.Scope.Env, seq });

    /// <summary>Returns an event, or null if it does not exist.</summary>
    public static async ValueTask<DatasetEvent?> FindAsync(ReadSession session, string eventId) =>
        await session.FirstOrDefaultAsync<StoredEvent>(
            Columns + " and event_id = @eventId",
            new { session.Scope.TenantId, session.Scope.Env, eventId }) is { } row
            ? ToDatasetEvent(row)
            : null;

    /// <summary>Returns the events with the given <c>seq</c> numbers, in log order.</summary>
    public static async ValueTask<List<DatasetEvent>> FindAsync(ReadSession session, long[] seqs)
    {
        var rows = await session.QueryAsync<StoredEvent>(
            Columns + $" and {session.In("seq", "seqs")} order by seq",
            new { session.Scope.TenantId, session.Scope.Env, seqs });
        return rows.ConvertAll(ToDatasetEvent);
    }

    /// <summary>Returns the leaf hashes of the events with the given <c>seq</c> numbers. Numbers that do not exist are omitted.</summary>
    public static async ValueTask<Dictionary<long, byte[]>> ReadLeavesAsync(ReadSession session, long[] seqs)
    {
        var rows = await session.QueryAsync<StoredEvent>(
            $"select seq, leaf from events where tenant_id = @TenantId and env = @Env and {session.In("seq", "seqs")}",
            new { session.Scope.TenantId, session.Scope.Env, seqs = seqs.Distinct().ToArray() });
        return rows.ToDictionary(row => row.Seq, row => row.Leaf);
    }

    /// <summary>Returns for each asset when its last event of a type was recorded. Assets without one are omitted.</summary>
    public static async ValueTask<Dictionary<string, long>> FindLastTimesAsync(ReadSession session, string eventType, string[] assetIds)
    {
        var rows = await session.QueryAsync<(string AssetId, long RecordedAt)>(
            $"""
            select asset_id, max(recorded_at) from events
            where tenant_id = @TenantId and env = @Env and coalesce(event_type, '') = @eventType and {session.In("asset_id", "assetIds")}
              group by asset_id order by asset_id
            """,
            new { session.Scope.TenantId, session.Scope.Env, eventType, assetIds });
        return rows.ToDictionary(row => row.AssetId, row => row.RecordedAt, StringComparer.Ordinal);
    }

    /// <summary>Returns the event as it looks once its content is erased, with its metadata unchanged.</summary>
    public static DatasetEvent WithoutContent(DatasetEvent recorded) => recorded with
    {
        Surface = "",
        AgentId = "",
        Input = null,
        Output = null,
        SubjectId = null,
        UtmSource = null,
        UtmMedium = null,
        UtmCampaign = null,
        UtmTerm = null,
        UtmContent = null,
        SeoSlug = null,
        SeoTitle = null,
        SeoDescription = null,
        AssetAltText = null,
        AnalyticsEventType = null,
        AnalyticsPlatform = null,
    };

    /// <summary>Converts a stored event to its wire form.</summary>
    public static DatasetEvent ToDatasetEvent(StoredEvent row)
    {
        using var envelope = JsonDocument.Parse(row.Entry);
        using var content = row.Content is null ? null : JsonDocument.Parse(row.Content);
        var entry = envelope.RootElement;
        var written = content?.RootElement ?? default;
        return new DatasetEvent
        {
            EventId = ReadString(entry, "event_id")!,
            Seq = row.Seq,
            RecordedAt = Timestamps.FromMicros(entry.GetProperty("recorded_at").GetInt64()),
            LeafHash = Convert.ToBase64String(row.Leaf),
            TenantId = ReadString(entry, "tenant")!,
            Env = ReadString(entry, "env")!,
            Surface = ReadString(written, "surface") ?? "",
            AgentId = ReadString(written, "agentId") ?? "",
            Input = ReadElement(written, "input"),
            Output = ReadElement(written, "output"),
            PiiFlags = PiiFlagMapping.FromEntry(entry.GetProperty("pii_flags")),
            TrainOk = entry.GetProperty("train_ok").GetBoolean(),
            TrainBasis = ReadString(entry, "train_basis")!,
            Metadata = BuildMetadata(entry, written),
            SubjectId = ReadString(written, "subject_id"),
            TraceId = ReadString(entry, "trace_id")!,
            RequestId = ReadString(entry, "request_id")!,
            ActorType = ReadString(entry, "actor_type")!,
            UtmSource = ReadString(written, "utm_source"),
            UtmMedium = ReadString(written, "utm_medium"),
            UtmCampaign = ReadString(written, "utm_campaign"),
            UtmTerm = ReadString(written, "utm_term"),
            UtmContent = ReadString(written, "utm_content"),
            SeoSlug = ReadString(written, "seo_slug"),
            SeoTitle = ReadString(written, "seo_title"),
            SeoDescription = ReadString(written, "seo_description"),
            AssetAltText = ReadString(written, "asset_alt_text"),
            AnalyticsEventType = ReadString(written, "analytics_event_type"),
            AnalyticsPlatform = ReadString(written, "analytics_platform"),
        };
    }

    /// <summary>
    /// Combines the caller's metadata with what the server stamped. Stamped fields take precedence, so callers cannot forge them.
    /// </summary>
    private static JsonElement BuildMetadata(JsonElement entry, JsonElement written)
    {
        var metadata = ReadElement(written, "metadata") is { } own ? JsonObject.Create(own)! : [];
        foreach (var name in ServerStampedFields)
        {
            metadata[name] = entry.GetProperty(name) is { ValueKind: not JsonValueKind.Null } value
                ? JsonNode.Parse(value.GetRawText())
                : null;
        }

        metadata.TryAdd("origin_ref", new JsonObject());
        return JsonSerializer.SerializeToElement(metadata, WireJson.Default.JsonObject);
    }

    private static string? ReadString(JsonElement owner, string name) =>
        owner.ValueKind == JsonValueKind.Object && owner.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;

    private static JsonElement? ReadElement(JsonElement owner, string name) =>
        owner.ValueKind == JsonValueKind.Object && owner.TryGetProperty(name, out var value) ? value.Clone() : null;
}

/// <summary>A stored event.</summary>
internal sealed class StoredEvent
{
    public long Seq { get; init; }

    /// <summary>The envelope as canonical JSON. The leaf hash is computed over it.</summary>
    public string Entry { get; init; } = "";

    /// <summary>The leaf hash of the entry.</summary>
    public byte[] Leaf { get; init; } = [];

    /// <summary>The content as canonical JSON; null once erased.</summary>
    public string? Content { get; init; }

    /// <summary>The salt of the entry's commitments; null once erased.</summary>
    public byte[]? Salt { get; init; }

    /// <summary>The caller's id; null once erased.</summary>
    public string? ActorId { get; init; }

    /// <summary>The person the content is about; null if that is the caller, and once erased.</summary>
    public string? SubjectId { get; init; }
}
