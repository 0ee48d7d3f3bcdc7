using System.Text.Json.Nodes;
using Nexus.Client;
using Nexus.Server.Audit.Events;
using Nexus.Server.Platform.Http;
using Nexus.Server.Platform.Storage;
using Nexus.Server.Platform.Tenancy;

namespace Nexus.Server.Knowledge.Search;

/// <summary>Search: <c>/nexus/search</c>.</summary>
internal static class SearchEndpoints
{
    /// <summary>Maps the route.</summary>
    public static void MapSearch(this IEndpointRouteBuilder app) =>
        app.MapPost("/nexus/search", SearchAsync).RequireAction("search", Role.Viewer, mutates: false).WithTags("Search")
            .WithSummary("Search cards, best first");

    private static async Task<EntityResult<SearchResult[]>> SearchAsync(
        RequestContext context, JsonBody<SearchQuery> body, CardSearch search, Database database, EventLog log, HttpResponse response,
        CancellationToken cancellationToken)
    {
        var asked = SearchRequest.Parse(context, body.Value);
        var found = await search.SearchAsync(context.Scope, asked.Query, asked.Mode ?? search.DefaultMode, cancellationToken);
        // The event says how long the text was and how much was found, never the text.
        var recorded = new NewEvent("card_search", "search")
        {
            Input = new JsonObject { ["query_text_len"] = asked.Query.Text.Length },
            Output = new JsonObject { ["result_count"] = found.Cards.Count },
        };
        await database.WriteAsync(context.Scope, session => log.AppendAsync(session, context, recorded), cancellationToken);
        if (found.Coverage is { } coverage)
        {
            response.Headers["Nexus-Embedded"] = string.Create(CultureInfo.InvariantCulture, $"{coverage.Embedded}/{coverage.Total}");
        }

        return EntityResult<SearchResult[]>.Create([.. found.Cards.Select(card => ToSearchResult(context, asked.Query, found, card))]);
    }

    private static SearchResult ToSearchResult(
        RequestContext context, LexicalQuery query, CardSearchResult answer, ScoredCard found) => new()
        {
            Id = found.Card.CardId,
            Score = found.Card.Score,
            Metadata = new SearchMetadata
            {
                TenantId =
                context.TenantId, Env = context.Env, CardType = found.Card.CardType, Version = found.Card.Version, Title = found.Card.Title,
            },
            Snippet = found.Card.Snippet,
            Explain = !query.Explain ? null : new SearchExplanation
            {
                Mode = answer.Mode switch
                {
                    SearchMode.Filter => "filter",
                    SearchMode.Lexical => "lexical",
                    SearchMode.Semantic => "semantic",
                    _ => "hybrid",
                },
                LexicalRank = found.LexicalRank,
                Bm25 = found.Bm25,
                Terms = found.Card.Terms?.Select(term => term.Term).ToArray(),
                SemanticRank = found.SemanticRank,
                Similarity = found.Similarity,
                EmbeddedShare = answer.Coverage is { } coverage
                    ? (coverage.Total == 0 ? 1 : (double)coverage.Embedded / coverage.Total)
                    : null,
                Degraded = answer.DegradedReason,
            },
        };
}
