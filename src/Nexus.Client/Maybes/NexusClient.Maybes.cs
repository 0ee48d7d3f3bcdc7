using System.Globalization;
using System.Runtime.CompilerServices;

namespace Nexus.Client;

public sealed partial class NexusClient
{
    private const string MaybesPath = "maybes/items";

    /// <summary>Creates an item. Member.</summary>
    public Task<MaybeItem> CreateMaybeAsync(MaybeRequest item, CancellationToken cancellationToken = default) =>
        CallAsync(
            HttpMethod.Post,
            MaybesPath,
            RequestHeaders.Mutation,
            CreateContent(item, WireJson.Default.MaybeRequest),
            WireJson.Default.MaybeItem,
            cancellationToken);

    /// <summary>Returns an item. Member for their own, admin for any. 404 if it does not exist.</summary>
    public Task<MaybeItem> GetMaybeAsync(string id, CancellationToken cancellationToken = default) =>
        CallAsync(HttpMethod.Get, $"{MaybesPath}/{Escape(id)}", RequestHeaders.Read, null, WireJson.Default.MaybeItem, cancellationToken);

    /// <summary>
    /// Lists matching items, newest first; pages are fetched as needed. Items created meanwhile can make an item appear twice. Member.
    /// </summary>
    public async IAsyncEnumerable<MaybeItem> ListMaybesAsync(
        MaybeQuery? query = null, int? pageSize = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        query ??= new MaybeQuery();
        var filters = new QueryStringBuilder().Add("space", query.Space).Add("user_id", query.UserId)
            .Add("tags_any", query.TagsAny is { Count: > 0 } tags ? string.Join(',', tags) : null)
            .Add("search_text", query.SearchText).Add("pinned_only", query.PinnedOnly ? "true" : null)
            .Add("archived", query.Archived is { } archived ? archived ? "true" : "false" : null)
            .Add("limit", pageSize);

        // A page of long items can be shorter than requested, so only an empty page is the end.
        for (var offset = 0; ;)
        {
            var path = MaybesPath + filters.With("offset", offset.ToString(CultureInfo.InvariantCulture));
            var page = await CallAsync(HttpMethod.Get, path, RequestHeaders.Read, null, WireJson.Default.MaybeItems, cancellationToken);
            if (page.Items.Count == 0)
            {
                yield break;
            }

            foreach (var item in page.Items)
            {
                yield return item;
            }

            offset += page.Items.Count;
        }
    }

    /// <summary>Changes an item. Member for their own, owner for any.</summary>
    public async Task<MaybeItem> UpdateMaybeAsync(string id, MaybeUpdate update, CancellationToken cancellationToken = default) =>
        (await CallAsync(
            HttpMethod.Patch,
            $"{MaybesPath}/{Escape(id)}",
            RequestHeaders.Mutation,
            CreateContent(update, WireJson.Default.MaybeUpdate),
            WireJson.Default.MaybeUpdated,
            cancellationToken)).Item;

    /// <summary>Deletes an item. Member for their own, owner for any.</summary>
    public Task<MaybeDeleted> DeleteMaybeAsync(string id, CancellationToken cancellationToken = default) =>
        CallAsync(
            HttpMethod.Delete,
            $"{MaybesPath}/{Escape(id)}",
            RequestHeaders.Mutation,
            null,
            WireJson.Default.MaybeDeleted,
            cancellationToken);
}
