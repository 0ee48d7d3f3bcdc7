using System.Collections.Concurrent;
using Nexus.Server.Platform.Http;
using Nexus.Server.Platform.Storage;

namespace Nexus.Server.Audit.Transparency;

/// <summary>What keeps logs from being signed and checkpoints from arriving. It names no tenant: anybody may read it.</summary>
internal sealed class LogHealth
{
    /// <summary>The store is behind what was signed: it was taken back to an earlier moment.</summary>
    public static Problem BehindSigned { get; } = new(
        StatusCodes.Status503ServiceUnavailable, "log.behind_signed",
        "This log is not the one that was signed before: its store was taken back to an earlier moment. Nothing is signed until the operator begins a new epoch.")
    { RetryAfter = 60 };

    /// <summary>The stored events are not those the log's head counts.</summary>
    public static Problem Inconsistent { get; } = new(
        StatusCodes.Status503ServiceUnavailable, "log.inconsistent",
        "The stored events do not make up this log's tree. Nothing is signed until the operator restores them.")
    { RetryAfter = 60 };

    private readonly ConcurrentDictionary<Scope, string> _unsigned = new();
    private readonly ConcurrentDictionary<int, (DateTimeOffset Since, string Why)> _failingSinks = new();

    /// <summary>A log was signed.</summary>
    public void ReportSigned(Scope log) => _unsigned.TryRemove(log, out _);

    /// <summary>A log is not signed.</summary>
    /// <returns>Whether that is news.</returns>
    public bool ReportRefused(Scope log, Problem why)
    {
        var isNew = !(_unsigned.TryGetValue(log, out var before) && before == why.Code);
        _unsigned[log] = why.Code;
        return isNew;
    }

    /// <summary>A sink took what it was sent.</summary>
    public void ReportDelivered(int sink) => _failingSinks.TryRemove(sink, out _);

    /// <summary>A sink did not.</summary>
    /// <returns>Whether that is news.</returns>
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

    /// <summary>How many sinks fail.</summary>
    public int FailingSinks => _failingSinks.Count;

    /// <summary>How many logs are not signed.</summary>
    public int UnsignedLogs => _unsigned.Count;

    /// <summary>A line for each thing that is wrong.</summary>
    public IEnumerable<string> DescribeDegradations() =>
    [
        .. _unsigned.Values.CountBy(code => code, StringComparer.Ordinal).OrderBy(count => count.Key, StringComparer.Ordinal)
            .Select(count => string.Create(CultureInfo.InvariantCulture, $"{count.Value} {(count.Value == 1 ? "log is" : "logs are")} not signed: {count.Key}")),
        .. _failingSinks.OrderBy(sink => sink.Key)
            .Select(sink => string.Create(CultureInfo.InvariantCulture, $"checkpoint sink {sink.Key} fails since {sink.Value.Since.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'}: {sink.Value.Why}")),
    ];
}
