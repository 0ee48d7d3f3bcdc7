using System.Text.Json.Nodes;
using Nexus.Client;
using Nexus.Server.Audit.Events;
using Nexus.Server.Audit.Queries;
using Nexus.Server.Audit.Transparency;
using Nexus.Server.Platform.Http;
using Nexus.Server.Platform.Storage;
using Nexus.Server.Platform.Tenancy;

namespace Nexus.Server.Privacy.Training;

/// <summary>
/// <c>GET /privacy/training-export</c>: the events that were allowed for training when they were recorded and still are, oldest
/// first. Each page is read together with the current preferences of its people. An opt-out acknowledged before the export
/// started excludes all of the person's events; a later one excludes those not yet read. An export without a final manifest is
/// incomplete.
/// </summary>
internal sealed class TrainingExport(Database database, EventLog log, CheckpointSigner signer, LogDownload download)
{
    /// <summary>Streams the export.</summary>
    /// <exception cref="ProblemException">
    /// 422 <c>shape.invalid</c> or <c>after.invalid</c>, or 503 if the log cannot be signed. Thrown before anything is sent.
    /// </exception>
    public async Task RunAsync(HttpContext http, RequestContext context, TrainingExportQuery query)
    {
        Func<DatasetEvent, JsonObject?> shape = query.Shape switch
        {
            "events" => TrainingLineFormatter.FromEvent,
            "messages" => TrainingLineFormatter.ToChat,
            _ => throw new ProblemException(Problem.Invalid(
                ProblemCodes.ShapeInvalid, [FieldError.UnknownValue("shape", "shape", query.Shape, ["events", "messages"])])),
        };
        if (query.After < -1)
        {
            throw new ProblemException(
                Problem.Invalid(ProblemCodes.AfterInvalid, "after", "must be the seq of the last line you received."));
        }

        var cancellationToken = http.RequestAborted;
        var exported = await database.WriteAsync(
            context.Scope,
            session =>
                log.AppendAsync(
                    session,
                    context,
                    new NewEvent("training_exported", "training_export") { Surface = "privacy", Input = query.ToJson() }),
            cancellationToken);
        var signed = await signer.SignAsync(context.Scope, cancellationToken);
        var (position, end) = await database.ReadAsync(
            context.Scope,
            async session => (
                Math.Max(
                    query.After,
                    query.From is { } from ? await StoredEventReader.FindSeqAtAsync(session, Timestamps.ToMicros(from)) - 1 : -1),
                Math.Min(
                    exported.Seq,
                    query.To is { } to ? await StoredEventReader.FindSeqAtAsync(session, Timestamps.ToMicros(to)) : long.MaxValue)),
            cancellationToken);
        var excluded = new SortedDictionary<string, long>(StringComparer.Ordinal);
        var lines = 0L;
        var page = await PageAsync(position);
        http.Response.ContentType = "application/x-ndjson";
        http.Response.Headers.ContentDisposition = $"attachment; filename=\"training-{context.TenantId}-{context.Env}.ndjson\"";
        await download.SendAsync(
            http,
            context,
            page.Events,
            async after => (page = await PageAsync(after)).Events,
            stored =>
            {
                position = stored.Seq;
                if (Line(stored, page) is { } line)
                {
                    TrainingLineFormatter.Write(http.Response.BodyWriter, line);
                    lines++;
                }
            },
            () => TrainingLineFormatter.Write(http.Response.BodyWriter, Manifest(context, query, lines, excluded, position, signed)));

        JsonObject? Line(StoredEvent stored, Page read)
        {
            var recorded = StoredEventReader.ToDatasetEvent(stored);
            if ((query.Surface is { } surface && recorded.Surface != surface)
                || (query.EventType is { } type && recorded.Metadata.GetProperty("event_type").GetString() != type))
            {
                return null;
            }

            var now = read.Preferences.Decide(stored.ActorId ?? "", stored.SubjectId);
            var reason = !recorded.TrainOk ? GetBasisKind(recorded.TrainBasis)
                : stored.Content is null ? "erased"
                : !now.IsAllowed ? GetBasisKind(now.Basis) + "_since"
                : null;
            var line = reason is null ? shape(recorded) : null;
            if (line is null)
            {
                reason ??= "no_messages";
                excluded[reason] = excluded.GetValueOrDefault(reason) + 1;
                return null;
            }

            if (read.Proofs.TryGetValue(stored.Seq, out var hashes))
            {
                line["proof"] = new JsonObject
                {
                    ["entry"] = stored.Entry,
                    ["content"] = stored.Content,
                    ["salt"] = Convert.ToBase64String(stored.Salt!),
                    ["hashes"] = new JsonArray([.. hashes.Select(hash => (JsonNode)Convert.ToBase64String(hash))]),
                };
            }

            return line;
        }

        ValueTask<Page> PageAsync(long after) => database.ReadAsync(
            context.Scope,
            async session =>
            {
                var events = await StoredEventReader.ListAfterAsync(session, after, end, LogDownload.PageSize);
                var preferences = await TrainingPreferenceService.ReadAsync(
                    session,
                    events.SelectMany(stored => new[] { stored.ActorId, stored.SubjectId }).OfType<string>());
                var proofs = new Dictionary<long, IReadOnlyList<byte[]>>();
                if (query.Proofs)
                {
                    var tree = new LogTree(session);
                    foreach (var stored in events)
                    {
                        proofs[stored.Seq] = await tree.GetHashesAsync(LeafRange.Inclusion(stored.Seq, signed.Size));
                    }
                }

                return new Page(events, preferences, proofs);
            },
            cancellationToken);
    }

    private static JsonObject Manifest(
        RequestContext context, TrainingExportQuery query, long lines, SortedDictionary<string, long> excluded, long position,
        SignedCheckpoint signed) =>
        new()
        {
            ["manifest"] = new JsonObject
            {
                ["tenant_id"] = context.TenantId,
                ["env"] = context.Env,
                ["query"] = query.ToJson(),
                ["lines"] = lines,
                ["excluded"] = new JsonObject(excluded.Select(reason => KeyValuePair.Create<string, JsonNode?>(reason.Key, reason.Value))),
                ["last_seq"] = position < 0 ? null : position,
                ["checkpoint"] = signed.Note,
            },
        };

    /// <summary>Returns the basis of the decision without its version.</summary>
    private static string GetBasisKind(string basis) =>
        basis.IndexOf('@', StringComparison.Ordinal) is >= 0 and var at ? basis[..at] : basis;

    private sealed record Page(List<StoredEvent> Events, EffectivePreferences Preferences, Dictionary<long, IReadOnlyList<byte[]>> Proofs);
}
