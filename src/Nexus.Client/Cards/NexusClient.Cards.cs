using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;

namespace Nexus.Client;

public sealed partial class NexusClient
{
    /// <summary>Stores a card. Member. 422 <c>card.separator</c>, <c>card.yaml</c>, <c>card.type_missing</c>.</summary>
    public Task<Card> CreateCardAsync(string text, CancellationToken cancellationToken = default)
        => CallAsync(HttpMethod.Post, "nexus/cards", RequestHeaders.Mutation, CreateCardContent(text), WireJson.Default.Card, cancellationToken);

    /// <summary>Stores up to 1,000 cards; one result per line, in the order of the lines, as the server answers them. Member.</summary>
    public async IAsyncEnumerable<CardBatchResult> CreateCardsAsync(
        CardBatchBody batch, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(batch);
        using var content = new ReadOnlyMemoryContent(batch.Body);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/x-ndjson");
        using var response = await SendAsync(
            HttpMethod.Post, "nexus/cards/batch", RequestHeaders.Mutation, content, cancellationToken, idempotencyKey: batch.IdempotencyKey);
        await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
        await using var results = JsonSerializer
            .DeserializeAsyncEnumerable(body, WireJson.Default.CardBatchResult, topLevelValues: true, cancellationToken)
            .GetAsyncEnumerator(cancellationToken);
        while (await NextAsync())
        {
            yield return results.Current ?? throw CreateUnreadableException(response, cause: null);
        }

        async ValueTask<bool> NextAsync()
        {
            try
            {
                return await results.MoveNextAsync();
            }
            catch (JsonException e)
            {
                throw CreateUnreadableException(response, e);
            }
        }
    }

    /// <summary>A card with its ETag. Viewer. 404 where there is none.</summary>
    public Task<WithETag<Card>> GetCardAsync(string cardId, CancellationToken cancellationToken = default)
        => CallWithETagAsync(
            HttpMethod.Get, $"nexus/cards/{Escape(cardId)}", RequestHeaders.Read, null, WireJson.Default.Card, null, cancellationToken);

    /// <summary>All cards that match, newest first, page by page. Viewer.</summary>
    public IAsyncEnumerable<Card> ListCardsAsync(
        string? cardType = null, DateTimeOffset? createdAfter = null, int? pageSize = null, CancellationToken cancellationToken = default)
        => EnumeratePagesAsync(
            "nexus/cards",
            RequestHeaders.Read,
            new QueryStringBuilder().Add("card_type", cardType).Add("created_after", createdAfter).Add("limit", pageSize),
            WireJson.Default.CardPage,
            cancellationToken);

    /// <summary>
    /// Stores a new revision of a card. Member. 412 where <paramref name="etag"/> is not that of the current one.
    /// </summary>
    public Task<WithETag<Card>> UpdateCardAsync(string cardId, string text, string etag, CancellationToken cancellationToken = default)
        => CallWithETagAsync(
            HttpMethod.Put, $"nexus/cards/{Escape(cardId)}", RequestHeaders.Mutation, CreateCardContent(text), WireJson.Default.Card, etag, cancellationToken);

    /// <summary>Deletes a card, of the revision <paramref name="etag"/> where given (else 412). Member.</summary>
    public Task DeleteCardAsync(string cardId, string? etag = null, CancellationToken cancellationToken = default)
        => CallAsync(HttpMethod.Delete, $"nexus/cards/{Escape(cardId)}", RequestHeaders.Mutation, null, cancellationToken, etag);

    /// <summary>All revisions of a card, newest first. Viewer.</summary>
    public IAsyncEnumerable<CardRevision> ListCardRevisionsAsync(string cardId, CancellationToken cancellationToken = default)
        => EnumeratePagesAsync(
            $"nexus/cards/{Escape(cardId)}/revisions", RequestHeaders.Read, new QueryStringBuilder(), WireJson.Default.CardRevisionPage, cancellationToken);

    private static StringContent CreateCardContent(string text) => new(text, Encoding.UTF8, "text/markdown");
}
