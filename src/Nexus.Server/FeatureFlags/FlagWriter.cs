using System.Text.Json.Nodes;
using Nexus.Flags;
using Nexus.Server.Audit.Events;
using Nexus.Server.Platform.Http;
using Nexus.Server.Platform.Storage;
using Nexus.Server.Platform.Tenancy;

namespace Nexus.Server.FeatureFlags;

/// <summary>The one way flags change: a new version of the caller's own layer, checked as a whole, with its event.</summary>
internal sealed class FlagWriter(FlagCache flags, EventLog log)
{
    private const int MaxNamed = 1_000;
    private const int MaxShown = 20;
    private const int MaxBytes = 100_000;

    /// <summary>Compiles what counts now, and changes that are many, before a write would do so while others wait for it.</summary>
    public async ValueTask<FlagConfiguration> PrepareAsync(
        RequestContext context, IReadOnlyList<(string Key, string? Definition)> changes, CancellationToken cancellationToken)
    {
        var before = await flags.GetAsync(context.Scope, cancellationToken);
        return changes.Count == 0
            ? before
            : FlagConfiguration.Create(before.Layer!.With(changes, context.UserId, 0, 0), before.Parent!, before);
    }

    /// <summary>Writes, takes back, or refuses all of it. Leaves <c>feature_flags_updated</c> with before and after.</summary>
    /// <param name="session">The write; the log's head is locked, so that nobody else writes the layer meanwhile.</param>
    /// <param name="context">Who writes, into whose layer.</param>
    /// <param name="choose">From what counts now: keys with their new canonical JSON, null to take a key back.</param>
    /// <param name="assetId">What the event is about; null for several flags.</param>
    /// <param name="prepared">From <see cref="PrepareAsync"/>: what is the same there is not compiled again.</param>
    /// <exception cref="ProblemException">422 <c>flag.invalid</c> with the path of each fault.</exception>
    public async ValueTask<FlagConfiguration> WriteAsync(
        WriteSession session, RequestContext context, Func<FlagConfiguration, IReadOnlyList<(string Key, string? Definition)>> choose,
        string? assetId = null, FlagConfiguration? prepared = null)
    {
        var before = await flags.ReadAsync(session);
        var changes = choose(before);
        var recorded = await log.AppendAsync(
            session,
            context,
            new NewEvent("feature_flags_updated", changes.Count == 1 ? "feature_flag" : "feature_flags", assetId)
            {
                Surface = "flags",
                Input = DescribeKeys(changes),
                Output = new JsonObject
                {
                    ["before"] = DescribeDefinitions(
                        changes.Count > MaxShown
                            ? changes
                            : [.. changes.Select(change => (change.Key, before.Layer!.Find(change.Key)?.Definition))]),
                    ["after"] = DescribeDefinitions(changes),
                    ["version"] = before.Layer!.Version + 1,
                },
            });
        var after = FlagConfiguration.Create(
            before.Layer.With(changes, context.UserId, recorded.RecordedAt, recorded.Seq),
            before.Parent!,
            prepared ?? before);
        EnsureValid(before, after, changes);
        await FlagStore.SaveAsync(session, changes, after.Layer!.Version, context.UserId, recorded.RecordedAt, recorded.Seq);
        return after;
    }

    /// <summary>
    /// The layer must be sound in all that changed, and nothing that was sound may break by it. A refusal takes the event back too.
    /// </summary>
    private static void EnsureValid(
        FlagConfiguration before, FlagConfiguration after, IReadOnlyList<(string Key, string? Definition)> changes)
    {
        var changed = changes.Select(change => change.Key).ToHashSet(StringComparer.Ordinal);
        var faults = after.Faults.Where(found => changed.Contains(found.Key) || !before.Faults.ContainsKey(found.Key)).ToList();
        if (faults.Count == 0)
        {
            return;
        }

        var isOne = changes.Count == 1 && faults.Count == 1 && changed.Contains(faults[0].Key);
        var errors = faults.SelectMany(
            found => found.Value.Select(fault => (Path: (isOne ? "" : "/" + JsonPointer.Escape(found.Key)) + fault.Path, fault.Message)))
            .GroupBy(fault => fault.Path, StringComparer.Ordinal)
            .Take(100)
            .ToDictionary(
                path => path.Key,
                path => (IReadOnlyList<string>)[.. path.Select(fault => fault.Message)],
                StringComparer.Ordinal);
        var (where, why) = (errors.Keys.First(), errors.Values.First()[0]);
        throw new ProblemException(
            new Problem(ProblemCodes.FlagInvalid, $"{(where.Length == 0 ? "The definition" : where)}: {why}") { Errors = errors });
    }

    // An event holds what changed where that is little; of an import it holds the keys, and the versions stay in the store.
    private static JsonObject DescribeKeys(IReadOnlyList<(string Key, string? Definition)> changes) => new()
    {
        ["keys"] = new JsonArray([.. changes.Take(MaxNamed).Select(change => (JsonNode)change.Key)]),
        ["count"] = changes.Count,
    };

    private static JsonObject? DescribeDefinitions(IReadOnlyList<(string Key, string? Definition)> changes) =>
        changes.Count > MaxShown || changes.Sum(change => change.Definition?.Length ?? 0) > MaxBytes
            ? null
            : new JsonObject(
                changes.Select(change => KeyValuePair.Create(change.Key, change.Definition is { } json ? JsonNode.Parse(json) : null)));
}
