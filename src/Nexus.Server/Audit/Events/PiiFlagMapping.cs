using System.Text.Json;
using Nexus.Client;
using Nexus.Redaction;

namespace Nexus.Server.Audit.Events;

/// <summary>
/// Converts the counts of redacted personal data. The log entry keeps kinds and counts; on the wire they have the form of the
/// contract.
/// </summary>
internal static class PiiFlagMapping
{
    /// <summary>Why an event with personal data may not be used for training.</summary>
    private const string Reason = "Personal data was found and redacted before the event was kept. It may not be trained on.";

    private static readonly PiiFlags _none = new() { Flags = [], Counts = new Dictionary<string, int>() };

    /// <summary>What a receipt says.</summary>
    public static PiiFlags ToWire(PiiCounts? found) =>
        found is null ? _none : ToWire(found.ByKind.Select(flag => (flag.Kind.Flag(), flag.Count)));

    /// <summary>Converts the flags of a stored entry.</summary>
    public static PiiFlags FromEntry(JsonElement flags) =>
        flags.GetArrayLength() == 0
            ? _none
            : ToWire(flags.EnumerateArray().Select(flag => (flag.GetProperty("kind").GetString()!, flag.GetProperty("count").GetInt32())));

    private static PiiFlags ToWire(IEnumerable<(string Kind, int Count)> found)
    {
        var counts = found.ToDictionary(flag => flag.Kind, flag => flag.Count, StringComparer.Ordinal);
        return new PiiFlags { Flags = [.. counts.Keys], Counts = counts, PolicyReason = Reason };
    }
}
