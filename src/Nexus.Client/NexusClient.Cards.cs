using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;

namespace Nexus.Client;

public sealed partial class NexusClient
{
    /// <summary>Stores a card. Member. 422 <c>card.separator</c>, <c>card.yaml</c>, <c>card.type_missing</c>.</summary>
    public Task<Card> CreateCardAsync(string text, CancellationToken cancellation = default)
        => CallAsync(HttpMethod.Post, "nexus/cards", Sends.Mutation, CardText(text), WireJson.Default.Card, cancellation);

    /// <summary>Stores up to 1,000 cards; one result per line, in the order of the lines, as the server answers them. Member.</summary>
    public async IAsyncEnumerable<CardBatchResult> CreateCardsAsync(
        CardBatchBody batch, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(batch);
        using var content = new ReadOnlyMemoryContent(batch.Body);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/x-ndjson");
        using var response = await SendAsync(
            HttpMethod.Post, "nexus/cards/batch", Sends.Mutation, content, cancellation, idempotencyKey: batch.IdempotencyKey);
        await using var body = await response.Content.ReadAsStreamAsync(cancellation);
        await using var results = JsonSerializer
            .DeserializeAsyncEnumerable(body, WireJson.Default.CardBatchResult, topLevelValues: true, cancellation)
            .GetAsyncEnumerator(cancellation);
        while (await NextAsync())
        {
            yield return results.Current ?? throw Unreadable(response, cause: null);
        }

        async ValueTask<bool> NextAsync()
        {
            try
            {
                return await results.MoveNextAsync();
            }
            catch (JsonException e)
            {
                throw Unreadable(response, e);
            }
        }
    }

    /// <summary>A card with its ETag. Viewer. 404 where there is none.</summary>
    public Task<Tagged<Card>> GetCardAsync(string cardId, CancellationToken cancellation = default)
        => CallTaggedAsync(
            HttpMethod.Get, $"nexus/cards/{Escape(cardId)}", Sends.Read, null, WireJson.Default.Card, null, cancellation);

    /// <summary>All cards that match, newest first, page by page. Viewer.</summary>
    public IAsyncEnumerable<Card> ListCardsAsync(
        string? cardType = null, DateTimeOffset? createdAfter = null, int? pageSize = null, CancellationToken cancellation = default)
        => PagesAsync(
            "nexus/cards",
            Sends.Read,
            new Query().Add("card_type", cardType).Add("created_after", createdAfter).Add("limit", pageSize),
            WireJson.Default.CardPage,
            cancellation);

    /// <summary>
    /// Stores a new revision of a card. Member. 412 where <paramref name="etag"/> is not that of the current one.
    /// </summary>
    public Task<Tagged<Card>> UpdateCardAsync(string cardId, string text, string etag, CancellationToken cancellation = default)
        => CallTaggedAsync(
            HttpMethod.Put, $"nexus/cards/{Escape(cardId)}", Sends.Mutation, CardText(text), WireJson.Default.Card, etag, cancellation);

    /// <summary>Deletes a card, of the revision <paramref name="etag"/> where given (else 412). Member.</summary>
    public Task DeleteCardAsync(string cardId, string? etag = null, CancellationToken cancellation = default)
        => CallAsync(HttpMethod.Delete, $"nexus/cards/{Escape(cardId)}", Sends.Mutation, null, cancellation, etag);

    /// <summary>All revisions of a card, newest first. Viewer.</summary>
    public IAsyncEnumerable<CardRevision> ListCardRevisionsAsync(string cardId, CancellationToken cancellation = default)
        => PagesAsync(
            $"nexus/cards/{Escape(cardId)}/revisions", Sends.Read, new Query(), WireJson.Default.CardRevisionPage, cancellation);

    private static StringContent CardText(string text) => new(text, Encoding.UTF8, "text/markdown");
}
