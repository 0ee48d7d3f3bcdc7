using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Nexus.Client;
using Nexus.Server.Platform.Http;
using Nexus.Server.Platform.Idempotency;
using Nexus.Server.Platform.Paging;
using Nexus.Server.Platform.Storage;
using Nexus.Server.Platform.Tenancy;

namespace Nexus.Server.Knowledge.Cards;

/// <summary>Cards: <c>/nexus/cards</c>.</summary>
internal static class CardEndpoints
{
    /// <summary>Largest text of one card, in bytes.</summary>
    private const long MaxCardBytes = KestrelConfiguration.MaxRequestBodySize;

    /// <summary>Maps the routes.</summary>
    public static void MapCards(this IEndpointRouteBuilder app)
    {
        var cards = app.MapGroup("/nexus/cards").WithTags("Cards");
        cards.MapPost("", CreateAsync).RequireAction("card_create", Role.Member).WithSummary("Store a card");
        cards.MapPost("batch", CardBatch.CreateAsync).RequireAction("card_create", Role.Member).WithBodyLimit(NdjsonBatchWriter.MaxBytes);
        cards.MapGet("", ListAsync).RequireAction("card_read", Role.Viewer).WithSummary("List cards, newest first");
        cards.MapGet("{card_id}", GetAsync).RequireAction("card_read", Role.Viewer).WithSummary("Read a card");
        cards.MapGet("{card_id}/revisions", ListRevisionsAsync)
            .RequireAction("card_read", Role.Viewer)
            .WithSummary("List a card's revisions, newest first");
        cards.MapPut("{card_id}", UpdateAsync).RequireAction("card_update", Role.Member).WithMetadata(new IfMatchMetadata(true))
            .WithSummary("Replace a card's text, as a new revision");
        cards.MapDelete("{card_id}", DeleteAsync).RequireAction("card_delete", Role.Member).WithMetadata(new IfMatchMetadata(false))
            .WithSummary("Delete a card");
    }

    /// <summary>Reads a posted text for a context.</summary>
    /// <exception cref="ProblemException">422 with the reason, or 400 where its header names another tenant or env.</exception>
    public static CardText Parse(RequestContext context, string text)
    {
        if (System.Text.Encoding.UTF8.GetByteCount(text) > MaxCardBytes)
        {
            throw new ProblemException(ExceptionHandlingMiddleware.BodyTooLarge);
        }

        if (!CardText.TryParse(text, out var card, out var error))
        {
            throw new ProblemException(error.ToProblem());
        }

        if ((card.TenantId is { } tenant && tenant != context.TenantId)
            || (card.Env is { } named && !(Envs.TryParse(named, out var env) && env == context.Env)))
        {
            throw new ProblemException(
                new Problem(ProblemCodes.ContextMismatch, "The card's header names a different tenant or env than the request."));
        }

        return card;
    }

    private static async Task<EntityResult<Card>> CreateAsync(
        RequestContext context, TextBody body, CardStore cards, IdempotentWriter mutations, CancellationToken cancellationToken)
    {
        var text = Parse(context, body.Text);
        return await mutations.RunAsync(
            context,
            async session => (await cards.CreateAsync(session, context, text)).ToWire(session.Scope),
            cancellationToken,
            GetETag);
    }

    private static async Task<EntityResult<Card>> UpdateAsync(
        RequestContext context, [FromRoute(Name = "card_id")] string cardId, TextBody body, HttpRequest request, CardStore cards,
        IdempotentWriter mutations, CancellationToken cancellationToken)
    {
        var text = Parse(context, body.Text);
        return await mutations.RunAsync(
            context,
            async session =>
                (await cards.UpdateAsync(
                    session,
                    context,
                    cardId,
                    text,
                    revision => ETags.RequireMatch(request, revision, isRequired: true))).ToWire(
                    session.Scope),
            cancellationToken,
            GetETag);
    }

    private static async Task<NoContent> DeleteAsync(
        RequestContext context, [FromRoute(Name = "card_id")] string cardId, HttpRequest request, CardStore cards,
        IdempotentWriter mutations, CancellationToken cancellationToken) =>
        await mutations.RunAsync(
            context,
            session => cards.DeleteAsync(session, context, cardId, revision => ETags.RequireMatch(request, revision, isRequired: false)),
            cancellationToken);

    private static async Task<Results<EntityResult<Card>, Problem>> GetAsync(
        RequestContext context, [FromRoute(Name = "card_id")] string cardId, Database database, CancellationToken cancellationToken) =>
        await database.ReadAsync(context.Scope, session => CardStore.FindAsync(session, cardId), cancellationToken) is { } row
            ? EntityResult<Card>.Create(row.ToWire(context.Scope), row.ETag)
            : Problem.NotFound;

    private static async Task<PageResult<Card>> ListAsync(
        RequestContext context, PageRequest page, Database database, CancellationToken cancellationToken,
        [FromQuery(Name = "card_type")] string? cardType = null, [FromQuery(Name = "created_after")] DateTimeOffset? createdAfter = null)
    {
        var (rows, isLast) = await database.ReadAsync(
            context.Scope,
            session =>
                CardStore.ListAsync(
                    session, cardType, createdAfter is { } after ? Timestamps.ToMicros(after) : null, page.After, page.Limit),
            cancellationToken);
        return page.ToResult(rows.ConvertAll(row => row.ToWire(context.Scope)), card => card.CardId, isLast);
    }

    private static async Task<Results<PageResult<CardRevision>, Problem>> ListRevisionsAsync(
        RequestContext context, [FromRoute(Name = "card_id")] string cardId, PageRequest page, Database database,
        CancellationToken cancellationToken)
    {
        var rows = await database.ReadAsync(
            context.Scope, session => CardStore.ListRevisionsAsync(session, cardId, page.AfterSequence ?? int.MaxValue, page.Limit + 1),
            cancellationToken);
        return rows.Count > 0 || !page.IsFirst
            ? page.ToResult(
                rows.ConvertAll(row => row.ToWireRevision()),
                revision => revision.Revision.ToString(CultureInfo.InvariantCulture))
            : Problem.NotFound;
    }

    private static string GetETag(Card card) => ETags.FromRevision(card.Metadata.GetProperty("revision").GetInt32());
}
