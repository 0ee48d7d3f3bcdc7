using System.Reflection;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Metadata;
using Nexus.Client;
using Nexus.Server.Platform.Http;
using Nexus.Server.Platform.Tenancy;

namespace Nexus.Server.Platform.Paging;

/// <summary><c>limit</c> (1 to 100, 50 where absent) and <c>cursor</c> of a list, bound to its tenant, env, route and filters.</summary>
internal sealed class PageRequest
{
    private readonly CursorCodec _cursors;
    private readonly RequestContext _context;
    private readonly string _binding;
    private readonly string _path;

    private PageRequest(CursorCodec cursors, RequestContext context, string path, string binding, int limit, string? after) =>
        (_cursors, _context, _path, _binding, Limit, After) = (cursors, context, path, binding, limit, after);

    /// <summary>How many records the page may have.</summary>
    public int Limit { get; }

    /// <summary>The key of the last record of the page before.</summary>
    public string? After { get; }

    /// <summary>Whether this is the first page of a query.</summary>
    public bool IsFirst => After is null;

    /// <summary>The key of the last record, where keys are numbers.</summary>
    public long? AfterSequence => After is null ? null : long.Parse(After, CultureInfo.InvariantCulture);

    /// <summary>Called by the framework.</summary>
    /// <exception cref="ProblemException">422 <c>limit.invalid</c>, 400 <c>cursor.invalid</c>.</exception>
    public static async ValueTask<PageRequest?> BindAsync(HttpContext http, ParameterInfo parameter)
    {
        var query = http.Request.Query;
        var limit = 50;
        if (query.TryGetValue("limit", out var asked)
            && !(int.TryParse(asked, NumberStyles.None, CultureInfo.InvariantCulture, out limit) && limit is >= 1 and <= 100))
        {
            throw new ProblemException(Problem.Invalid(ProblemCodes.LimitInvalid, "limit", "must be an integer from 1 to 100."));
        }

        var context = (await RequestContext.BindAsync(http))!;
        var cursors = http.RequestServices.GetRequiredService<CursorCodec>();
        var binding = GetBinding(http.Request);
        string? after = null;
        if (query.TryGetValue("cursor", out var cursor))
        {
            after = cursor.Count == 1
                && cursors.TryDecode(cursor[0]!, context.TenantId, context.Env, binding, out var parts)
                && parts.Length == 1
                ? parts[0]
                : throw new ProblemException(
                    new Problem(
                        ProblemCodes.CursorInvalid,
                        "The cursor is invalid for this list. Use next_cursor of the previous page with the same tenant, env and "
                        + "filters."));
        }

        return new PageRequest(cursors, context, http.Request.Path, binding, limit, after);
    }

    /// <summary>Makes the answer of a read that asked for one record more than <see cref="Limit"/>.</summary>
    /// <param name="records">What was read.</param>
    /// <param name="key">The key that the next page begins after.</param>
    public PageResult<T> ToResult<T>(List<T> records, Func<T, string> key)
    {
        var isLast = records.Count <= Limit;
        if (!isLast)
        {
            records.RemoveRange(Limit, records.Count - Limit);
        }

        return ToResult(records, key, isLast);
    }

    /// <summary>Makes the answer of a read that knows whether more records follow.</summary>
    /// <param name="records">What was read.</param>
    /// <param name="key">The key that the next page begins after.</param>
    /// <param name="isLast">Whether no more follow.</param>
    public PageResult<T> ToResult<T>(List<T> records, Func<T, string> key, bool isLast)
    {
        if (isLast || records.Count == 0)
        {
            return new PageResult<T>(new Page<T> { Items = records }, null);
        }

        var next = Next(key(records[^1]));
        return new PageResult<T>(new Page<T> { Items = records, NextCursor = next.Cursor }, next.Link);
    }

    /// <summary>Where the next page begins, for an answer of another shape.</summary>
    /// <param name="key">The key that it begins after.</param>
    public NextPage Next(string key)
    {
        var cursor = _cursors.Encode(_context.TenantId, _context.Env, _binding, key);
        return new NextPage(cursor, $"<{_path}?{BuildNextQuery(cursor)}>; rel=\"next\"");
    }

    private string BuildNextQuery(string cursor)
    {
        var filters = _binding[(_binding.IndexOf('?', StringComparison.Ordinal) + 1)..];
        return string.Create(CultureInfo.InvariantCulture, $"{filters}{(filters.Length > 0 ? "&" : "")}limit={Limit}&cursor={cursor}");
    }

    /// <summary>The route and its filters, in one order: what a cursor is good for.</summary>
    private static string GetBinding(HttpRequest request)
    {
        var text = new StringBuilder(request.Path).Append('?');
        foreach (var (name, values) in request.Query.OrderBy(part => part.Key, StringComparer.Ordinal))
        {
            if (name is "cursor" or "limit")
            {
                continue;
            }

            foreach (var value in values)
            {
                text.Append(text[^1] == '?' ? "" : "&")
                    .Append(Uri.EscapeDataString(name))
                    .Append('=')
                    .Append(Uri.EscapeDataString(value ?? ""));
            }
        }

        return text.ToString();
    }
}

/// <summary>The way to the next page: its cursor, and the value of a <c>Link</c> header.</summary>
internal sealed record NextPage(string Cursor, string Link);

/// <summary>A page, with a <c>Link</c> header to the next.</summary>
/// <typeparam name="T">The record listed.</typeparam>
internal sealed class PageResult<T>(Page<T> page, string? link) : IResult, IEndpointMetadataProvider
{
    /// <inheritdoc />
    public Task ExecuteAsync(HttpContext httpContext)
    {
        if (link is not null)
        {
            httpContext.Response.Headers.Link = link;
        }

        httpContext.Response.ContentType = "application/json; charset=utf-8";
        return JsonSerializer.SerializeAsync(
            httpContext.Response.BodyWriter,
            page,
            StrictJson.TypeInfo<Page<T>>(),
            httpContext.RequestAborted);
    }

    /// <summary>Tells OpenAPI.</summary>
    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder) =>
        builder.Metadata.Add(new ProducesResponseTypeMetadata(StatusCodes.Status200OK, typeof(Page<T>), ["application/json"]));
}
