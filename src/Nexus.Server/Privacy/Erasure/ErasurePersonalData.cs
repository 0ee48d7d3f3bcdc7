using System.Text.Json;
using System.Text.Json.Nodes;
using Nexus.Client;
using Nexus.Server.Platform.Http;
using Nexus.Server.Platform.PersonalData;
using Nexus.Server.Platform.Storage;

namespace Nexus.Server.Privacy.Erasure;

/// <summary>
/// Erasures of other people that the person requested or approved. The erasures stay, without the person's name. One that still
/// waits for a second approval needs two again.
/// </summary>
internal sealed class ErasurePersonalData : IPersonalData
{
    private const int Page = 500;

    /// <inheritdoc />
    public string Kind => "erasures";

    /// <inheritdoc />
    public IReadOnlyList<string> Tables { get; } = ["erasures", "erasure_items"];

    /// <inheritdoc />
    public ErasurePhase Phase => ErasurePhase.Records;

    /// <inheritdoc />
    public async ValueTask<IdPage> FindAsync(ReadSession session, DataSubject person, string after)
    {
        var rows = await ErasureStore.ListAfterAsync(session, after, Page);
        return new IdPage(
            [.. rows.Where(
                row => row.ErasureId != person.ErasureId && (row.RequestedBy == person.UserId || row.Approvers.Contains(person.UserId)))
                .Select(row => row.ErasureId)],
            rows.Count == Page ? rows[^1].ErasureId : null);
    }

    /// <inheritdoc />
    public async ValueTask EraseAsync(WriteSession session, ErasureContext erasing, string[] ids)
    {
        foreach (var id in ids)
        {
            if (await ErasureStore.FindAsync(session, id) is { } row)
            {
                await ErasureProgressStore.RemovePersonAsync(session, row, erasing.UserId);
            }
        }
    }

    /// <inheritdoc />
    public async ValueTask<List<string>> ReadAsync(ReadSession session, DataSubject person, string[] ids)
    {
        var lines = new List<string>();
        foreach (var id in ids)
        {
            // Does not include whom the erasure is about.
            if (await ErasureStore.FindAsync(session, id) is { } row)
            {
                lines.Add(JsonSerializer.Serialize(
                    new JsonObject
                    {
                        ["erasure_id"] = id,
                        ["state"] = row.State,
                        ["requested"] = row.RequestedBy == person.UserId,
                        ["created_at"] = UtcTime.Format(Timestamps.FromMicros(row.CreatedAt)),
                    },
                    StrictJson.TypeInfo<JsonObject>()));
            }
        }

        return lines;
    }
}
