using System.Reflection;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Metadata;
using Nexus.Client;
using Nexus.Server.Knowledge.Cards;
using Nexus.Server.Platform.Http;
using Nexus.Server.Platform.Storage;

namespace Nexus.Server.Knowledge.Settings;

/// <summary>
/// All cards of one type as <see cref="SettingsCards"/>. The contract gives this list no pages, so it is written while it is read,
/// and a tenant with very many cards costs the memory of a few.
/// </summary>
internal sealed class SettingsCardsResult(Scope scope, Database database, string cardType, bool onlyNewest) : IResult, IEndpointMetadataProvider
{
    private const int PageSize = 100;

    /// <inheritdoc />
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        // The first read may still fail as a problem; after it the answer has begun.
        var (cards, isLast) = await ReadAsync(null);
        var response = httpContext.Response;
        response.ContentType = "application/json; charset=utf-8";
        await response.BodyWriter.WriteAsync("{\"items\":["u8.ToArray(), httpContext.RequestAborted);
        for (var isFirst = true; cards.Count > 0;)
        {
            foreach (var card in cards)
            {
                if (!isFirst)
                {
                    await response.BodyWriter.WriteAsync(","u8.ToArray(), httpContext.RequestAborted);
                }

                isFirst = false;
                await JsonSerializer.SerializeAsync(response.BodyWriter, card.ToWire(scope), StrictJson.TypeInfo<Card>(), httpContext.RequestAborted);
            }

            (cards, isLast) = isLast || onlyNewest ? ([], true) : await ReadAsync(cards[^1].CardId);
        }

        await response.BodyWriter.WriteAsync("]}"u8.ToArray(), httpContext.RequestAborted);

        ValueTask<(List<CardRow> Cards, bool IsLast)> ReadAsync(string? before) =>
            database.ReadAsync(scope, session => CardStore.ListAsync(session, cardType, null, before, onlyNewest ? 1 : PageSize), httpContext.RequestAborted);
    }

    /// <summary>Tells OpenAPI.</summary>
    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder) =>
        builder.Metadata.Add(new ProducesResponseTypeMetadata(StatusCodes.Status200OK, typeof(SettingsCards), ["application/json"]));
}
