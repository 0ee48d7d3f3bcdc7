using Nexus.Client;
using Nexus.Server.Platform.Http;
using Nexus.Server.Platform.Idempotency;
using Nexus.Server.Platform.Tenancy;

namespace Nexus.Server.Knowledge.Cards;

/// <summary><c>POST /nexus/cards/batch</c>: reads NDJSON and returns one result per line.</summary>
internal static class CardBatch
{
    /// <summary>Store up to 1,000 cards, one result a line</summary>
    public static Task<NdjsonResult<CardBatchResult>> CreateAsync(
        RequestContext context, NdjsonBody body, CardStore cards, IdempotentWriter mutations, CancellationToken cancellationToken) =>
        NdjsonBatchWriter.RunAsync(
            context,
            body,
            mutations,
            line => CardEndpoints.Parse(context, JsonBody<CardBatchLine>.Read(line).Text),
            async (session, text) => new CardBatchResult { Card = (await cards.CreateAsync(session, context, text)).ToWire(session.Scope) },
            error => new CardBatchResult { Error = error },
            cancellationToken);
}
