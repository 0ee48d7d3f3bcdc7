using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.HttpResults;
using Nexus.Server.Audit.Events;
using Nexus.Server.Platform.Http;
using Nexus.Server.Platform.Storage;
using Nexus.Server.Platform.Tenancy;

namespace Nexus.Server.Audit.Queries;

/// <summary>
/// <c>GET /audit/export</c>: the log, oldest first, up to and including the event that records this export. It is read and sent
/// page by page, so memory use does not depend on its size. An export that ends early is aborted, so that a partial one never
/// looks complete. If content is erased while the export runs, its receipt comes after that event. Then the log is sent up to the
/// receipt; without it, the missing content would look like tampering.
/// </summary>
internal sealed class EventExport(Database database, EventLog log, LogDownload download)
{
    /// <summary>Streams the log.</summary>
    /// <param name="context">The context of the caller, who must be allowed to export.</param>
    /// <param name="format"><c>ndjson</c> or <c>csv</c>.</param>
    /// <param name="from">Only events recorded at or after this.</param>
    /// <param name="to">Only events recorded before this.</param>
    /// <returns>422 <c>format.invalid</c>, before anything was sent.</returns>
    public async Task<Results<EmptyHttpResult, Problem>> RunAsync(
        HttpContext http, RequestContext context, string format, DateTimeOffset? from, DateTimeOffset? to)
    {
        if (format is not ("ndjson" or "csv"))
        {
            return Problem.Invalid(ProblemCodes.FormatInvalid, [FieldError.UnknownValue("format", "format", format, ["ndjson", "csv"])]);
        }

        Action<IBufferWriter<byte>, StoredEvent> write = format == "csv" ? EventCsv.Write : WriteLine;
        var cancellationToken = http.RequestAborted;
        var input = new JsonObject { ["format"] = format };
        AddIfPresent(input, "from", from);
        AddIfPresent(input, "to", to);
        var exported = await database.WriteAsync(
            context.Scope,
            session => log.AppendAsync(session, context, new NewEvent("audit_exported", "audit") { Input = input }),
            cancellationToken);
        var (position, end) = await database.ReadAsync(
            context.Scope,
            async session => (
                from is { } start ? await StoredEventReader.FindSeqAtAsync(session, Timestamps.ToMicros(start)) - 1 : -1,
                Math.Min(
                    exported.Seq + 1,
                    to is { } stop ? await StoredEventReader.FindSeqAtAsync(session, Timestamps.ToMicros(stop)) : long.MaxValue)),
            cancellationToken);
        var page = await PageAsync(context, position, end, cancellationToken);

        http.Response.ContentType = format == "csv" ? "text/csv; charset=utf-8; header=present" : "application/x-ndjson";
        http.Response.Headers.ContentDisposition = $"attachment; filename=\"events-{context.TenantId}-{context.Env}.{format}\"";
        if (format == "csv")
        {
            EventCsv.WriteHeader(http.Response.BodyWriter);
        }

        var erased = false;
        await download.SendAsync(http, context, page, NextAsync, stored =>
        {
            erased |= stored.Content is null;
            write(http.Response.BodyWriter, stored);
        });
        return TypedResults.Empty;

        async ValueTask<List<StoredEvent>> NextAsync(long after)
        {
            var next = await PageAsync(context, after, end, cancellationToken);
            if (next.Count > 0 || to is not null || !erased)
            {
                return next;
            }

            end = Math.Max(
                end,
                1 + await database.ReadAsync(
                    context.Scope,
                    session => StoredEventReader.FindLastSeqAsync(session, ContentEraser.EventType),
                    cancellationToken));
            return await PageAsync(context, after, end, cancellationToken);
        }
    }

    private ValueTask<List<StoredEvent>> PageAsync(RequestContext context, long after, long before, CancellationToken cancellationToken) =>
        database.ReadAsync(
            context.Scope,
            session => StoredEventReader.ListAfterAsync(session, after, before, LogDownload.PageSize),
            cancellationToken);

    /// <summary>Writes the texts exactly as they were hashed, so that a line can be verified byte by byte.</summary>
    private static void WriteLine(IBufferWriter<byte> target, StoredEvent stored)
    {
        using (var json = new Utf8JsonWriter(target, new JsonWriterOptions { Encoder = StrictJson.Options.Encoder }))
        {
            json.WriteStartObject();
            json.WriteString("entry"u8, stored.Entry);
            json.WriteString("content"u8, stored.Content);
            if (stored.Salt is null)
            {
                json.WriteNull("salt"u8);
            }
            else
            {
                json.WriteBase64String("salt"u8, stored.Salt);
            }

            json.WriteEndObject();
        }

        target.Write("\n"u8);
    }

    private static void AddIfPresent(JsonObject input, string name, DateTimeOffset? moment)
    {
        if (moment is { } value)
        {
            input[name] = Timestamps.ToRfc3339(value);
        }
    }
}
