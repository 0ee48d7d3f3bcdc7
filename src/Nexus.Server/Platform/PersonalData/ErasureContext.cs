using Nexus.Server.Platform.Storage;
using Nexus.Server.Platform.Tenancy;

namespace Nexus.Server.Platform.PersonalData;

/// <summary>Appends the receipt of one thing that is erased, and says where it stands and when.</summary>
/// <param name="session">The write that erases it.</param>
/// <param name="type">Such as <c>card</c>.</param>
/// <param name="id">Its id; null where that is no id of this service's making and may name somebody.</param>
internal delegate ValueTask<(long Seq, long RecordedAt)> ErasureReceiptAppender(WriteSession session, string type, string? id);

/// <summary>An erasure at work in one tenant and env.</summary>
/// <param name="ErasureId">Which.</param>
/// <param name="UserId">Whose.</param>
/// <param name="Context">The service's own, never the person's; its trace is the erasure's.</param>
/// <param name="AppendReceiptAsync">See <see cref="ErasureReceiptAppender"/>.</param>
internal sealed record ErasureContext(string ErasureId, string UserId, RequestContext Context, ErasureReceiptAppender AppendReceiptAsync)
{
    /// <summary>Leaves a thing's receipt and remembers its id until the erasure is done: what was kept of it elsewhere goes too.</summary>
    public async ValueTask<(long Seq, long RecordedAt)> RecordErasedAsync(WriteSession session, string type, string id, string? shownId)
    {
        await ErasureItemStore.MarkErasedAsync(session, ErasureId, [id]);
        return await AppendReceiptAsync(session, type, shownId);
    }

    /// <summary>As above, for a thing whose id this service made.</summary>
    public ValueTask<(long Seq, long RecordedAt)> RecordErasedAsync(WriteSession session, string type, string id) => RecordErasedAsync(session, type, id, id);
}
