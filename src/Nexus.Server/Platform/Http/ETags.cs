using Microsoft.Net.Http.Headers;

namespace Nexus.Server.Platform.Http;

/// <summary>Says that a route holds a change to the caller's <c>If-Match</c>.</summary>
/// <param name="IsRequired">Whether a change without it is refused.</param>
internal sealed record IfMatchMetadata(bool IsRequired);

/// <summary>Strong entity tags of records, made of their revision, and the conditions that name them.</summary>
internal static class ETags
{
    /// <summary>The tag of a revision.</summary>
    public static string FromRevision(long revision) => string.Create(CultureInfo.InvariantCulture, $"\"{revision}\"");

    /// <summary>Holds a change to the caller's <c>If-Match</c>.</summary>
    /// <param name="request">The request; its header may be absent unless <paramref name="isRequired"/>.</param>
    /// <param name="revision">The stored revision.</param>
    /// <param name="isRequired">Whether a change without the header is refused (428), since it could undo another's unseen.</param>
    /// <exception cref="ProblemException">412, 428, or 400 for a header that is no list of tags.</exception>
    public static void RequireMatch(HttpRequest request, long revision, bool isRequired)
    {
        var header = request.Headers.IfMatch;
        if (header.Count == 0)
        {
            if (isRequired)
            {
                throw new ProblemException(
                    new Problem(
                        ProblemCodes.PreconditionRequired,
                        "Missing If-Match header. Send the ETag that you read, so that you do not overwrite another change."));
            }

            return;
        }

        if (!EntityTagHeaderValue.TryParseStrictList(header, out var tags))
        {
            throw new ProblemException(
                new Problem(ProblemCodes.PreconditionInvalid, "If-Match must be a list of entity tags, for example \"3\"."));
        }

        var current = FromRevision(revision);
        if (!tags.Any(tag => tag.Tag == "*" || (!tag.IsWeak && tag.Tag == current)))
        {
            throw new ProblemException(Problem.PreconditionFailed);
        }
    }

    /// <summary>Whether the caller already has this version: 304.</summary>
    public static bool IsNotModified(HttpRequest request, string etag) =>
        (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method))
        && request.Headers.IfNoneMatch is { Count: > 0 } header
        && EntityTagHeaderValue.TryParseStrictList(header, out var tags)
        && tags.Any(tag => tag.Tag == "*" || tag.Tag == etag);
}
