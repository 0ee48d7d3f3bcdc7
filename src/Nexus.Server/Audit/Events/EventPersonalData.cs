using System.Text.Json;
using Nexus.Client;
using Nexus.Server.Platform.Http;
using Nexus.Server.Platform.PersonalData;
using Nexus.Server.Platform.Storage;

namespace Nexus.Server.Audit.Events;

/// <summary>The contents of events a person caused or that are about them. Entries, leaves and proofs stay unchanged.</summary>
internal sealed class EventPersonalData(ContentEraser contents) : IPersonalData
{
    /// <summary>The number of events scanned per query. Subjects have no index, because every append would pay for it.</summary>
    private const long Window = 5_000;

    private const string ByOrAboutSql = "(actor_id = @UserId or subject_id = @UserId)";

    /// <inheritdoc />
    public string Kind => "events";

    /// <inheritdoc />
    public IReadOnlyList<string> Tables { get; } = ["events"];

    /// <inheritdoc />
    public ErasurePhase Phase => ErasurePhase.Events;

    /// <inheritdoc />
    public int BatchSize => 500;

    /// <inheritdoc />
    public bool HasAccountData => true;

    /// <inheritdoc />
    public ValueTask<IdPage> FindAsync(ReadSession session, DataSubject person, string after) =>
        FindPageAsync(session, person, after, "seq", ByOrAboutSql);

    /// <inheritdoc />
    public async ValueTask EraseAsync(WriteSession session, ErasureContext erasing, string[] ids) =>
        await contents.EraseAsync(session, erasing.Context, [.. ids.Select(ParseSeq)], "erasure", erasing.ErasureId);

    /// <inheritdoc />
    public async ValueTask<List<string>> ReadAsync(ReadSession session, DataSubject person, string[] ids) =>
        (await StoredEventReader.FindAsync(session, [.. ids.Select(ParseSeq)])).ConvertAll(
            recorded => JsonSerializer.Serialize(recorded, StrictJson.TypeInfo<DatasetEvent>()));

    /// <summary>
    /// Returns the ids of things the log says a person created, or that were about them. Such a thing may have been deleted
    /// together with its author's name while things derived from it still exist.
    /// </summary>
    public static ValueTask<IdPage> FindCreatedItemsAsync(ReadSession session, DataSubject person, string after) => FindPageAsync(
        session, person, after, "asset_id",
        $"""
        asset_id is not null and ((subject_id = @UserId and asset_type in ('raw', 'atom', 'card', 'pack'))
          or (actor_id = @UserId and event_type in ('raw_asset_presigned', 'raw_asset_registered', 'atom_created', 'card_created',
            'card_updated', 'pack_created')))
        """);

    /// <summary>Returns whether the person was the caller of any event.</summary>
    public static async ValueTask<bool> HasActedAsync(ReadSession session, string userId) => await session.FirstOrDefaultAsync<int>(
        "select 1 from events where tenant_id = @TenantId and env = @Env and actor_id = @userId limit 1",
        new { session.Scope.TenantId, session.Scope.Env, userId }) == 1;

    private static async ValueTask<IdPage> FindPageAsync(
        ReadSession session, DataSubject person, string after, string column, string condition)
    {
        var size = await LogHeads.GetSizeAsync(session);
        var first = after.Length == 0 ? 0 : ParseSeq(after);
        var end = Math.Min(first + Window, size);
        var found = await session.QueryAsync<string>(
            $"""
            select cast({column} as text) from events where tenant_id = @TenantId and env = @Env and seq >= @first and seq < @end
              and {condition} order by seq
            """,
            new { session.Scope.TenantId, session.Scope.Env, person.UserId, first, end });
        return new IdPage(found, end < size ? end.ToString(CultureInfo.InvariantCulture) : null);
    }

    private static long ParseSeq(string id) => long.Parse(id, NumberStyles.None, CultureInfo.InvariantCulture);
}
