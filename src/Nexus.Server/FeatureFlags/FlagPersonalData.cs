using System.Text.Json;
using System.Text.Json.Nodes;
using Nexus.Server.Platform.Http;
using Nexus.Server.Platform.PersonalData;
using Nexus.Server.Platform.Storage;

namespace Nexus.Server.FeatureFlags;

/// <summary>Versions of flags that a person wrote. They are the tenant's, and stay; who wrote them does not.</summary>
internal sealed class FlagPersonalData : IPersonalData
{
    /// <inheritdoc />
    public string Kind => "flags";

    /// <inheritdoc />
    public IReadOnlyList<string> Tables { get; } = ["flags"];

    /// <inheritdoc />
    public ValueTask<IdPage> FindAsync(ReadSession session, DataSubject person, string after) =>
        PersonalRowFinder.AnyAsync(session, person, after, "flags", "updated_by = @UserId");

    /// <inheritdoc />
    public async ValueTask EraseAsync(WriteSession session, ErasureContext erasing, string[] ids)
    {
        await session.ExecuteAsync(
            "update flags set updated_by = 'erased' where tenant_id = @TenantId and env = @Env and updated_by = @UserId",
            new { session.Scope.TenantId, session.Scope.Env, erasing.UserId });
        await FlagStore.NotifyAsync(session);
    }

    /// <inheritdoc />
    public async ValueTask<List<string>> ReadAsync(ReadSession session, DataSubject person, string[] ids)
    {
        var written = await session.QueryAsync<(string Key, long Version, long At)>(
            """
            select key, version, updated_at from flags where tenant_id = @TenantId and env = @Env and updated_by = @UserId
              order by version, key
            """,
            new { session.Scope.TenantId, session.Scope.Env, person.UserId });
        return written.ConvertAll(row => JsonSerializer.Serialize(
            new JsonObject
            {
                ["key"] = row.Key,
                ["version"] = row.Version,
                ["updated_at"] = Client.UtcTime.Format(Timestamps.FromMicros(row.At)),
            },
            StrictJson.TypeInfo<JsonObject>()));
    }
}
