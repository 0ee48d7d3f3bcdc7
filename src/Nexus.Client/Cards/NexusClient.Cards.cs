using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;

namespace Nexus.Client;

public sealed partial class NexusClient
{
    /// <summary>Creates a card. Member. 422 <c>card.separator</c>, <c>card.yaml</c>, <c>card.type_missing</c>.</summary>
    public Task<Card> CreateCardAsync(string text, CancellationToken cancellationToken = default)
        => CallAsync(
            HttpMethod.Post, "nexus/cards", RequestHeaders.Mutation, CreateCardContent(text), WireJson.Default.Card, cancellationToken);

    /// <summary>Creates up to 1,000 cards. Returns one result per line, in order, as the server sends them. Member.</summary>
    public async IAsyncEnumerable<CardBatchResult> CreateCardsAsync(
        CardBatchBody batch, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(batch);
        using var content = new ReadOnlyMemoryContent(batch.Body);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/x-ndjson");
        using var response = await SendAsync(
            HttpMethod.Post,
            "nexus/cards/batch",
            RequestHeaders.Mutation,
            content,
            cancellationToken,
            idempotencyKey: batch.IdempotencyKey);
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

    /// <summary>Returns a card with its ETag. Viewer. 404 if it does not exist.</summary>
    public Task<WithETag<Card>> GetCardAsync(string cardId, CancellationToken cancellationToken = default)
        => CallWithETagAsync(
            HttpMethod.Get, $"nexus/cards/{Escape(cardId)}", RequestHeaders.Read, null, WireJson.Default.Card, null, cancellationToken);

    /// <summary>Lists matching cards, newest first; pages are fetched as needed. Viewer.</summary>
    public IAsyncEnumerable<Card> ListCardsAsync(
        string? cardType = null, DateTimeOffset? createdAfter = null, int? pageSize = null, CancellationToken cancellationToken = default)
        => EnumeratePagesAsync(
            "nexus/cards",
            RequestHeaders.Read,
            new QueryStringBuilder().Add("card_type", cardType).Add("created_after", createdAfter).Add("limit", pageSize),
            WireJson.Default.CardPage,
            cancellationToken);

    /// <summary>Stores a new revision of a card. Member. 412 if <paramref name="etag"/> is not that of the current revision.</summary>
    public Task<WithETag<Card>> UpdateCardAsync(string cardId, string text, string etag, CancellationToken cancellationToken = default)
        => CallWithETagAsync(
            HttpMethod.Put,
            $"nexus/cards/{Escape(cardId)}",
            RequestHeaders.Mutation,
            CreateCardContent(text),
            WireJson.Default.Card,
            etag,
            cancellationToken);

    /// <summary>Deletes a card. Member. 412 if <paramref name="etag"/> is given and not that of the current revision.</summary>
    public Task DeleteCardAsync(string cardId, string? etag = null, CancellationToken cancellationToken = default)
        => CallAsync(HttpMethod.Delete, $"nexus/cards/{Escape(cardId)}", RequestHeaders.Mutation, null, cancellationToken, etag);

    /// <summary>Lists the revisions of a card, newest first. Viewer.</summary>
    public IAsyncEnumerable<CardRevision> ListCardRevisionsAsync(string cardId, CancellationToken cancellationToken = default)
        => EnumeratePagesAsync(
            $"nexus/cards/{Escape(cardId)}/revisions",
            RequestHeaders.Read,
            new QueryStringBuilder(),
            WireJson.Default.CardRevisionPage,
            cancellationToken);

    private static StringContent CreateCardContent(string text) => new(text, Encoding.UTF8, "text/markdown");
}
