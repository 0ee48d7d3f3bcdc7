using System.Reflection;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Metadata;
using Nexus.Client;
using Nexus.Server.Knowledge.Cards;
using Nexus.Server.Platform.Http;
using Nexus.Server.Platform.Storage;

namespace Nexus.Server.Knowledge.Settings;

/// <summary>
/// Writes all cards of one type as <see cref="SettingsCards"/>. The contract has no paging here, so the response is written while
/// it is read. Memory use stays small even for a tenant with very many cards.
/// </summary>
internal sealed class SettingsCardsResult(
    Scope scope, Database database, string cardType, bool onlyNewest) : IResult, IEndpointMetadataProvider
{
    private const int PageSize = 100;

    /// <inheritdoc />
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        // Only the first read can still fail with a problem response. After it the response has started.
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
                await JsonSerializer.SerializeAsync(
                    response.BodyWriter,
                    card.ToWire(scope),
                    StrictJson.TypeInfo<Card>(),
                    httpContext.RequestAborted);
            }

            (cards, isLast) = isLast || onlyNewest ? ([], true) : await ReadAsync(cards[^1].CardId);
        }

        await response.BodyWriter.WriteAsync("]}"u8.ToArray(), httpContext.RequestAborted);

        ValueTask<(List<CardRow> Cards, bool IsLast)> ReadAsync(string? before) =>
            database.ReadAsync(
                scope,
                session => CardStore.ListAsync(session, cardType, null, before, onlyNewest ? 1 : PageSize),
                httpContext.RequestAborted);
    }

    /// <summary>Declares the response type for OpenAPI.</summary>
    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder) =>
        builder.Metadata.Add(new ProducesResponseTypeMetadata(StatusCodes.Status200OK, typeof(SettingsCards), ["application/json"]));
}
