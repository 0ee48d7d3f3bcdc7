using Dapper;
using Nexus.Server.Platform.Http;
using Nexus.Server.Platform.Storage;

namespace Nexus.Server.Agents.Maybes;

/// <summary>Which of a user's items a list shows; a part that is null leaves none out.</summary>
/// <param name="UserId">Whose.</param>
internal sealed record MaybeFilter(string UserId)
{
    private const int MaxTags = 20;

    /// <summary>Of this space.</summary>
    public string? Space { get; init; }

    /// <summary>With any of these tags.</summary>
    public IReadOnlyList<string> TagsAny { get; init; } = [];

    /// <summary>With this text in title or body, in any case.</summary>
    public string? SearchText { get; init; }

    /// <summary>Only pinned ones.</summary>
    public bool PinnedOnly { get; init; }

    /// <summary>Whether put away.</summary>
    public bool? Archived { get; init; }

    /// <summary>Reads <c>tags_any</c>: tags between commas.</summary>
    /// <exception cref="ProblemException">422 <c>tags_any.invalid</c>.</exception>
    public static string[] ParseTags(string? listed)
    {
        string[] tags = listed?.Split(',', StringSplitOptions.RemoveEmptyEntries) ?? [];
        return tags.Length <= MaxTags && Array.TrueForAll(tags, MaybeValidator.IsValidTag)
            ? tags
            : throw new ProblemException(
                Problem.Invalid(
                    ProblemCodes.TagsAnyInvalid, "tags_any", "must be at most 20 tags of 1 to 100 characters, separated by commas."));
    }

    /// <summary>The filter as a condition, with its parameters.</summary>
    public string BuildWhere(Scope scope, DynamicParameters parameters)
    {
        parameters.AddDynamicParams(new { scope.TenantId, scope.Env, UserId });
        var where = "tenant_id = @TenantId and env = @Env and user_id = @UserId" + (PinnedOnly ? " and pinned" : "");
        if (Archived is { } archived)
        {
            where += archived ? " and archived" : " and not archived";
        }

        if (Space is not null)
        {
            parameters.Add("space", Space);
            where += " and space = @space";
        }

        if (TagsAny.Count > 0)
        {
            where += $" and ({string.Join(" or ", TagsAny.Select(Tagged))})";
        }

        if (SearchText is not null)
        {
            parameters.Add("text", $"%{EscapeLike(MaybeRow.Fold(SearchText))}%");
            where += " and folded like @text escape '!'";
        }

        return where;

        string Tagged(string tag, int at)
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"tag{at}");
            parameters.Add(name, MaybeRow.ToTagLine(tag));
            return $"replace(tags, @{name}, '') <> tags";
        }
    }

    /// <summary>What is a wildcard to <c>like</c> is a character like any other here.</summary>
    private static string EscapeLike(string text) =>
        text.Replace("!", "!!", StringComparison.Ordinal).Replace("%", "!%", StringComparison.Ordinal).Replace("_", "!_", StringComparison.Ordinal);
}
