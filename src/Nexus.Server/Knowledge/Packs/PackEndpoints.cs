using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Nexus.Client;
using Nexus.Server.Knowledge.Cards;
using Nexus.Server.Knowledge.Search;
using Nexus.Server.Platform.Http;
using Nexus.Server.Platform.Idempotency;
using Nexus.Server.Platform.Storage;
using Nexus.Server.Platform.Tenancy;

namespace Nexus.Server.Knowledge.Packs;

/// <summary>Influence packs: <c>/nexus/influence-pack</c>.</summary>
internal static class PackEndpoints
{
    /// <summary>Maps the routes.</summary>
    public static void MapPacks(this IEndpointRouteBuilder app)
    {
        var packs = app.MapGroup("/nexus/influence-pack").WithTags("Influence packs");
        packs.MapPost("", CreateAsync).RequireAction("pack_create", Role.Member)
            .WithSummary("Create a pack: what a search finds, within a budget");
        packs.MapGet("{pack_id}", GetAsync).RequireAction("pack_read", Role.Viewer).WithSummary("Read a pack");
        packs.MapGet("{pack_id}/text", GetTextAsync).RequireAction("pack_read", Role.Viewer)
            .Produces<string>(StatusCodes.Status200OK, "text/plain").WithSummary("Read a pack as prompt-ready text");
    }

    private static async Task<EntityResult<InfluencePack>> CreateAsync(
        RequestContext context, JsonBody<InfluencePackRequest> body, CardSearch search, Database database, PackStore packs,
        IdempotentWriter mutations, CancellationToken cancellationToken)
    {
        var asked = SearchRequest.Parse(context, body.Value.Query, body.Value.Filters);
        var found = await search.SearchAsync(context.Scope, asked.Query, asked.Mode ?? search.DefaultMode, cancellationToken);
        while (true)
        {
            var (taken, metadata) = await FillAsync(context, found, new PackBudget(body.Value.Budget), database, cancellationToken);
            try
            {
                return await mutations.RunAsync(
                    context,
                    session => packs.CreateAsync(session, context, asked.Query.Text, taken, metadata),
                    cancellationToken);
            }
            catch (CardDeletedException)
            {
                // It is not found the next time.
            }
        }
    }

    private static async ValueTask<(List<CardRef> Taken, PackMetadata Metadata)> FillAsync(
        RequestContext context, CardSearchResult found, PackBudget budget, Database database, CancellationToken cancellationToken)
    {
        var cards = await database.ReadAsync(
            context.Scope,
            session => CardStore.FindAsync(session, [.. found.Cards.Select(card => card.Card.CardId)]),
            cancellationToken);
        var byId = cards.ToDictionary(card => card.CardId, StringComparer.Ordinal);
        var (taken, dropped) = (new List<CardRef>(), new List<DroppedCard>());
        foreach (var hit in found.Cards.Select(card => card.Card))
        {
            // A card deleted since the search is not there any more.
            if (!byId.TryGetValue(hit.CardId, out var card))
            {
                continue;
            }

            var excerpt = PackBudget.CreateExcerpt(card.BodyText);
            if (budget.Take(excerpt) is { } broken)
            {
                dropped.Add(new DroppedCard { CardId = hit.CardId, Score = hit.Score, Reason = broken });
            }
            else
            {
                taken.Add(new CardRef { CardId = hit.CardId, Score = hit.Score, Excerpt = excerpt, ArtifactRefs = card.ArtifactRefs });
            }
        }

        return (taken, new PackMetadata { ResultCount = taken.Count + dropped.Count, Dropped = dropped, BudgetUsed = budget.Used });
    }

    private static async Task<Results<Ok<InfluencePack>, Problem>> GetAsync(
        RequestContext context, [FromRoute(Name = "pack_id")] string packId, Database database, CancellationToken cancellationToken) =>
        await database.ReadAsync(context.Scope, session => PackStore.FindAsync(session, packId), cancellationToken) is { } pack
            ? TypedResults.Ok(pack)
            : Problem.NotFound;

    private static async Task<Results<ContentHttpResult, Problem>> GetTextAsync(
        RequestContext context, [FromRoute(Name = "pack_id")] string packId, Database database, CancellationToken cancellationToken)
    {
        if (await database.ReadAsync(context.Scope, session => PackStore.FindAsync(session, packId), cancellationToken) is not { } pack)
        {
            return Problem.NotFound;
        }

        var text = string.Join(
            "\n\n",
            pack.CardRefs.Select(
                (card, at) => string.Create(CultureInfo.InvariantCulture, $"[{at + 1}] Source: card {card.CardId}\n{card.Excerpt}")));
        return TypedResults.Text(text.Length > 0 ? text + "\n" : "", "text/plain", System.Text.Encoding.UTF8);
    }
}
