using Dapper;
using Nexus.Server.Platform.Http;
using Nexus.Server.Platform.Storage;

namespace Nexus.Server.Agents.Maybes;

/// <summary>Selects a user's items. A null value matches everything.</summary>
internal sealed record MaybeFilter(string UserId)
{
    private const int MaxTags = 20;

    public string? Space { get; init; }

    /// <summary>Items with any of these tags. Empty for all.</summary>
    public IReadOnlyList<string> TagsAny { get; init; } = [];

    /// <summary>Text in the title or body, compared without case.</summary>
    public string? SearchText { get; init; }

    public bool PinnedOnly { get; init; }

    public bool? Archived { get; init; }

    /// <summary>Parses <c>tags_any</c>: comma-separated tags.</summary>
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

    /// <summary>Builds the SQL condition and adds its parameters.</summary>
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

    /// <summary>Escapes the wildcards of <c>like</c>.</summary>
    private static string EscapeLike(string text) =>
        text.Replace("!", "!!", StringComparison.Ordinal)
            .Replace("%", "!%", StringComparison.Ordinal)
            .Replace("_", "!_", StringComparison.Ordinal);
}
