using System.Collections.Concurrent;
using Nexus.Server.Platform.Http;
using Nexus.Server.Platform.Storage;

namespace Nexus.Server.Audit.Transparency;

/// <summary>Tracks logs that cannot be signed and sinks that fail. Names no tenant, because anyone may read it.</summary>
internal sealed class LogHealth
{
    /// <summary>The store is behind what was signed, because it was restored to an earlier state.</summary>
    public static Problem BehindSigned { get; } = new(
        ProblemCodes.LogBehindSigned,
        "The store is older than the last signed checkpoint of this log: it was restored from a backup. Nothing is signed until the "
        + "operator begins a new epoch.")
    {
        RetryAfter = 60,
    };

    /// <summary>The stored events do not match the log's head.</summary>
    public static Problem Inconsistent { get; } = new(
        ProblemCodes.LogInconsistent,
        "The stored events do not match this log's tree. Nothing is signed until the operator restores them.")
    { RetryAfter = 60 };

    private readonly ConcurrentDictionary<Scope, string> _unsigned = new();
    private readonly ConcurrentDictionary<int, (DateTimeOffset Since, string Why)> _failingSinks = new();

    public void ReportSigned(Scope log) => _unsigned.TryRemove(log, out _);

    /// <summary>Reports that a log could not be signed.</summary>
    /// <returns>Whether this was not reported before.</returns>
    public bool ReportRefused(Scope log, Problem why)
    {
        var isNew = !(_unsigned.TryGetValue(log, out var before) && before == why.Code);
        _unsigned[log] = why.Code;
        return isNew;
    }

    public void ReportDelivered(int sink) => _failingSinks.TryRemove(sink, out _);

    /// <summary>Reports that a delivery to a sink failed.</summary>
    /// <returns>Whether this was not reported before.</returns>
    public bool ReportFailed(int sink, DateTimeOffset now, string why)
    {
        var isNew = true;
        _failingSinks.AddOrUpdate(sink, _ => (now, why), (_, before) =>
        {
            isNew = before.Why != why;
            return (before.Since, why);
        });
        return isNew;
    }

    /// <summary>The number of failing sinks.</summary>
    public int FailingSinks => _failingSinks.Count;

    /// <summary>The number of logs that cannot be signed.</summary>
    public int UnsignedLogs => _unsigned.Count;

    /// <summary>Returns a line for each problem.</summary>
    public IEnumerable<string> DescribeDegradations() =>
    [
        .. _unsigned.Values.CountBy(code => code, StringComparer.Ordinal).OrderBy(count => count.Key, StringComparer.Ordinal)
            .Select(
                count =>
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"{count.Value} {(count.Value == 1 ? "log is" : "logs are")} not signed: {count.Key}")),
        .. _failingSinks.OrderBy(sink => sink.Key)
            .Select(
                sink =>
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"checkpoint sink {sink.Key} fails "
                        + $"since {sink.Value.Since.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'}: {sink.Value.Why}")),
    ];
}
