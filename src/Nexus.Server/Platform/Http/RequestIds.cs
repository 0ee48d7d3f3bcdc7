using System.Diagnostics;
using System.Text.RegularExpressions;
using Nexus.Redaction;
using Nexus.Server.Platform.Storage;

namespace Nexus.Server.Platform.Http;

/// <summary>
/// The two ids that follow a request into answers, logs and events. A caller's own are taken when they are 1 to 128 of
/// <c>[A-Za-z0-9._:-]</c>, so that neither can carry a line break or markup anywhere. One that looks like personal data is replaced, as
/// both stand in entries that nobody can erase.
/// </summary>
/// <param name="RequestId">Echoed as <c>X-Request-Id</c>.</param>
/// <param name="TraceId">Echoed as <c>X-Trace-Id</c>; from <c>traceparent</c>, <c>X-Trace-Id</c> or the request id.</param>
/// <param name="ParentContext">The caller's <c>traceparent</c>, where it sent a valid one.</param>
internal sealed partial record RequestIds(
    string RequestId, string TraceId, ActivityContext ParentContext = default) : IEnumerable<KeyValuePair<string, object>>
{
    /// <summary>Names this request, sets the echo headers, and keeps the ids for <see cref="Get"/>.</summary>
    public static RequestIds Assign(HttpContext http)
    {
        var headers = http.Request.Headers;
        var requestId = ParseId(headers["X-Request-Id"]) ?? Id.New();
        var parent = ParseTraceParent(headers.TraceParent);
        var traceId = parent != default ? parent.TraceId.ToHexString() : ParseId(headers["X-Trace-Id"]) ?? requestId;
        var ids = new RequestIds(requestId, traceId, parent);
        http.Features.Set(ids);
        http.Response.Headers["X-Request-Id"] = requestId;
        http.Response.Headers["X-Trace-Id"] = traceId;
        return ids;
    }

    /// <summary>The ids of this request.</summary>
    public static RequestIds Get(HttpContext http) => http.Features.Get<RequestIds>() ?? Assign(http);

    /// <summary>
    /// Goes on with the caller's trace until disposed: the answer carries a <c>traceparent</c> whose span is this request, and so does
    /// every call that it makes. Null where the trace is none of W3C's.
    /// </summary>
    public Activity? StartActivity(HttpResponse response)
    {
        if (ParentContext == default)
        {
            return null;
        }

        var request = new Activity("nexus.request").SetParentId(ParentContext.TraceId, ParentContext.SpanId, ParentContext.TraceFlags)
            .Start();
        response.Headers.TraceParent = request.Id;
        return request;
    }

    /// <summary>The ids as a scope of log lines.</summary>
    public IEnumerator<KeyValuePair<string, object>> GetEnumerator()
    {
        yield return new("request_id", RequestId);
        yield return new("trace_id", TraceId);
    }

    System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => GetEnumerator();

    private static string? ParseId(Microsoft.Extensions.Primitives.StringValues header) =>
        header.Count == 1
            && header[0] is { Length: >= 1 and <= 128 } value
            && IdPattern().IsMatch(value)
            && !Redactor.ContainsPersonalData(value)
            ? value
            : null;

    private static ActivityContext ParseTraceParent(Microsoft.Extensions.Primitives.StringValues header) =>
        header.Count == 1
            && ActivityContext.TryParse(header[0], null, out var parent)
            && parent.TraceId != default
            && parent.SpanId != default
            ? parent
            : default;

    [GeneratedRegex(@"\A[A-Za-z0-9._:-]{1,128}\z", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex IdPattern();
}
