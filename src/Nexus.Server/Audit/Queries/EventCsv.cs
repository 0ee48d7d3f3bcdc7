using System.Buffers;
using System.Text;
using System.Text.Json;
using Nexus.Client;
using Nexus.Server.Audit.Events;
using Nexus.Server.Platform.Storage;

namespace Nexus.Server.Audit.Queries;

/// <summary>
/// Writes events as CSV (RFC 4180). Every cell is quoted. A cell that starts like a formula is prefixed with an apostrophe, so
/// that a spreadsheet shows what a caller wrote and does not execute it.
/// </summary>
internal static class EventCsv
{
    private static readonly (string Name, Func<DatasetEvent, string?> Value)[] _columns =
    [
        ("seq", recorded => recorded.Seq.ToString(CultureInfo.InvariantCulture)),
        ("event_id", recorded => recorded.EventId),
        ("recorded_at", recorded => Timestamps.ToRfc3339(recorded.RecordedAt)),
        ("tenantId", recorded => recorded.TenantId),
        ("env", recorded => recorded.Env),
        ("event_type", recorded => GetStampedField(recorded, "event_type")),
        ("action", recorded => GetStampedField(recorded, "action")),
        ("asset_type", recorded => GetStampedField(recorded, "asset_type")),
        ("asset_id", recorded => GetStampedField(recorded, "asset_id")),
        ("agentId", recorded => recorded.AgentId),
        ("actorType", recorded => recorded.ActorType),
        ("surface", recorded => recorded.Surface),
        ("traceId", recorded => recorded.TraceId),
        ("requestId", recorded => recorded.RequestId),
        ("subject_id", recorded => recorded.SubjectId),
        ("pii_flags", recorded => string.Join(' ', recorded.PiiFlags.Flags)),
        ("train_ok", recorded => recorded.TrainOk ? "true" : "false"),
        ("train_basis", recorded => recorded.TrainBasis),
        ("input", recorded => recorded.Input?.GetRawText()),
        ("output", recorded => recorded.Output?.GetRawText()),
        ("metadata", recorded => recorded.Metadata.GetRawText()),
        ("utm_source", recorded => recorded.UtmSource),
        ("utm_medium", recorded => recorded.UtmMedium),
        ("utm_campaign", recorded => recorded.UtmCampaign),
        ("utm_term", recorded => recorded.UtmTerm),
        ("utm_content", recorded => recorded.UtmContent),
        ("seo_slug", recorded => recorded.SeoSlug),
        ("seo_title", recorded => recorded.SeoTitle),
        ("seo_description", recorded => recorded.SeoDescription),
        ("asset_alt_text", recorded => recorded.AssetAltText),
        ("analytics_event_type", recorded => recorded.AnalyticsEventType),
        ("analytics_platform", recorded => recorded.AnalyticsPlatform),
        ("leaf_hash", recorded => recorded.LeafHash),
    ];

    /// <summary>Writes the column names.</summary>
    public static void WriteHeader(IBufferWriter<byte> target) => Write(target, _columns.Select(column => column.Name));

    /// <summary>Writes an event as a row.</summary>
    public static void Write(IBufferWriter<byte> target, StoredEvent stored)
    {
        var recorded = StoredEventReader.ToDatasetEvent(stored);
        Write(target, _columns.Select(column => column.Value(recorded)));
    }

    private static void Write(IBufferWriter<byte> target, IEnumerable<string?> cells)
    {
        var line = new StringBuilder();
        foreach (var cell in cells)
        {
            line.Append(line.Length == 0 ? "\"" : ",\"")
                .Append(BeginsLikeAFormula(cell) ? "'" : "")
                .Append(cell?.Replace("\"", "\"\"", StringComparison.Ordinal))
                .Append('"');
        }

        target.Write(Encoding.UTF8.GetBytes(line.Append("\r\n").ToString()));
    }

    /// <summary>
    /// Detects formulas also after leading white space and in full-width characters. A leading tab or line break counts as well.
    /// </summary>
    private static bool BeginsLikeAFormula(string? cell)
    {
        if (string.IsNullOrEmpty(cell))
        {
            return false;
        }

        var first = cell.AsSpan().TrimStart();
        return cell[0] is '\t' or '\r' or '\n'
            || (first.Length > 0 && first[0] is '=' or '+' or '-' or '@' or '|' or '%' or '＝' or '＋' or '－' or '＠');
    }

    private static string? GetStampedField(DatasetEvent recorded, string name) =>
        recorded.Metadata.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
