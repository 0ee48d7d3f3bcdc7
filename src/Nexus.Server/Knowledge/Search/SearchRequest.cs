using System.Text.Json;
using Nexus.Client;
using Nexus.Server.Platform.Http;
using Nexus.Server.Platform.Tenancy;

namespace Nexus.Server.Knowledge.Search;

/// <summary>A validated search query.</summary>
/// <param name="Mode">The requested mode; null for the default.</param>
internal sealed record SearchRequest(LexicalQuery Query, SearchMode? Mode)
{
    /// <summary>The maximum length of the text in characters.</summary>
    public const int MaxTextLength = 10_000;

    private const int MaxFilters = 20;
    private const int MaxValuesPerFilter = 100;

    /// <summary>Validates a query against its limits and the request context.</summary>
    /// <param name="context">The request context. Filters cannot select another tenant or env.</param>
    /// <param name="more">Additional filters. The same key with a different value is rejected.</param>
    /// <exception cref="ProblemException">422, or 400 <c>context.mismatch</c>.</exception>
    public static SearchRequest Parse(RequestContext context, SearchQuery query, IReadOnlyDictionary<string, JsonElement>? more = null)
    {
        if (query.QueryText.Length > MaxTextLength)
        {
            throw new ProblemException(Problem.Invalid("query_text", $"must be at most {MaxTextLength} characters."));
        }

        if (query.QueryText.Any(character => char.IsControl(character) && character is not ('\t' or '\r' or '\n')))
        {
            throw new ProblemException(Problem.Invalid("query_text", "must not contain control characters."));
        }

        if (query.TopK is < 1 or > 100)
        {
            throw new ProblemException(Problem.Invalid("top_k", "must be an integer from 1 to 100."));
        }

        SearchMode? mode = query.Mode switch
        {
            null => null,
            "lexical" => SearchMode.Lexical,
            "semantic" => SearchMode.Semantic,
            "hybrid" => SearchMode.Hybrid,
            _ => throw new ProblemException(Problem.Invalid(
                ProblemCodes.BodyInvalid, [FieldError.UnknownValue("mode", "mode", query.Mode, ["lexical", "semantic", "hybrid"])])),
        };
        var filters = Merge(query.Filters, more);
        return new SearchRequest(
            new LexicalQuery(query.QueryText, query.TopK ?? 10)
            {
                Filters = ReadFilters(context, filters),
                Explain = query.Explain ?? false,
            },
            mode);
    }

    private static Dictionary<string, JsonElement> Merge(
        IReadOnlyDictionary<string, JsonElement>? own, IReadOnlyDictionary<string, JsonElement>? more)
    {
        var all = new Dictionary<string, JsonElement>(own ?? new Dictionary<string, JsonElement>(), StringComparer.Ordinal);
        foreach (var (key, value) in more ?? new Dictionary<string, JsonElement>())
        {
            if (!all.TryAdd(key, value) && !JsonElement.DeepEquals(all[key], value))
            {
                throw new ProblemException(
                    Problem.Invalid("filters", $"must not name {Suggestions.Quote(key)} twice with different values."));
            }
        }

        return all.Count <= MaxFilters ? all : throw new ProblemException(
            Problem.Invalid("filters", $"must have at most {MaxFilters} keys."));
    }

    private static List<HeaderFilter> ReadFilters(RequestContext context, Dictionary<string, JsonElement> filters)
    {
        var kept = new List<HeaderFilter>(filters.Count);
        foreach (var (key, value) in filters)
        {
            if (key is "tenant_id" or "env")
            {
                var named = value.ValueKind == JsonValueKind.String ? value.GetString() : null;
                if (key == "tenant_id" ? named != context.TenantId : !(Envs.TryParse(named, out var env) && env == context.Env))
                {
                    throw new ProblemException(
                        new Problem(ProblemCodes.ContextMismatch, "A filter names a different tenant or env than the request."));
                }

                continue;
            }

            if (!IsScalar(value)
                && !(value.ValueKind == JsonValueKind.Array
                && value.GetArrayLength() is >= 1 and <= MaxValuesPerFilter
                && value.EnumerateArray().All(IsScalar)))
            {
                throw new ProblemException(
                    Problem.Invalid(
                        "filters",
                        $"must have for {Suggestions.Quote(key)} a string, number, boolean or null, or a list of 1 "
                        + $"to {MaxValuesPerFilter} of them."));
            }

            kept.Add(HeaderFilter.Parse(key, value));
        }

        return kept;
    }

    private static bool IsScalar(JsonElement value) =>
        value.ValueKind is JsonValueKind.String or JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False or JsonValueKind.Null;
}
