using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Nexus.Server.Http;

/// <summary>
/// The two ids that follow a request into answers, logs and events. A caller's own are taken when they are 1 to 128 of
/// <c>[A-Za-z0-9._:-]</c>, so that neither can carry a line break or markup anywhere.
/// </summary>
/// <param name="RequestId">Echoed as <c>X-Request-Id</c>.</param>
/// <param name="TraceId">Echoed as <c>X-Trace-Id</c>; from <c>traceparent</c>, <c>X-Trace-Id</c> or the request id.</param>
internal sealed partial record RequestIds(string RequestId, string TraceId) : IEnumerable<KeyValuePair<string, object>>
{
    /// <summary>Names this request, sets the echo headers, and keeps the ids for <see cref="Of"/>.</summary>
    public static RequestIds Assign(HttpContext http)
    {
        var headers = http.Request.Headers;
        var requestId = Accepted(headers["X-Request-Id"]) ?? Id.New();
        var traceId = TraceParent(headers.TraceParent) ?? Accepted(headers["X-Trace-Id"]) ?? requestId;
        var ids = new RequestIds(requestId, traceId);
        http.Features.Set(ids);
        http.Response.Headers["X-Request-Id"] = requestId;
        http.Response.Headers["X-Trace-Id"] = traceId;
        return ids;
    }

    /// <summary>The ids of this request.</summary>
    public static RequestIds Of(HttpContext http) => http.Features.Get<RequestIds>() ?? Assign(http);

    /// <summary>The ids as a scope of log lines.</summary>
    public IEnumerator<KeyValuePair<string, object>> GetEnumerator()
    {
        yield return new("request_id", RequestId);
        yield return new("trace_id", TraceId);
    }

    System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => GetEnumerator();

    private static string? Accepted(Microsoft.Extensions.Primitives.StringValues header) =>
        header.Count == 1 && header[0] is { Length: >= 1 and <= 128 } value && Allowed().IsMatch(value) ? value : null;

    private static string? TraceParent(Microsoft.Extensions.Primitives.StringValues header) =>
        header.Count == 1 && ActivityContext.TryParse(header[0], null, out var parent) && parent.TraceId != default ? parent.TraceId.ToHexString() : null;

    [GeneratedRegex(@"\A[A-Za-z0-9._:-]{1,128}\z", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Allowed();
}
