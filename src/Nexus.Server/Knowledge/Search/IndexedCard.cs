namespace Nexus.Server.Knowledge.Search;

/// <summary>One change of a card as the index sees it: its newest revision, or that it is gone.</summary>
/// <param name="CardId">The card.</param>
/// <param name="Seq">The <c>seq</c> of the log event that made the change; changes arrive in its order.</param>
/// <param name="Deleted">When true only <paramref name="CardId"/> and <paramref name="Seq"/> matter.</param>
/// <param name="CardType">What a filter on <c>card_type</c> compares.</param>
/// <param name="Version">What a filter on <c>version</c> compares.</param>
/// <param name="Title">Indexed with a higher weight; null where the header has none.</param>
/// <param name="BodyText">The text that is searched and excerpted: a part of what was stored, not a copy.</param>
/// <param name="HeaderJson">A JSON object; its top-level members can be filtered on.</param>
/// <param name="CreatedAt">UTC microseconds; orders a search without text.</param>
internal sealed record IndexedCard(
    string CardId,
    long Seq,
    bool Deleted,
    string CardType,
    string Version,
    string? Title,
    ReadOnlyMemory<char> BodyText,
    string HeaderJson,
    long CreatedAt)
{
    /// <summary>The change that takes a card out of the index.</summary>
    public static IndexedCard CreateTombstone(string cardId, long seq) => new(cardId, seq, true, "", "", null, default, "{}", 0);
}

/// <summary>How far an index has followed a log.</summary>
/// <param name="Seq">Of the last event it took in; -1 for an index that is new or was made anew.</param>
/// <param name="LeafHash">That event's leaf. No other log has it there, nor has this one once it was restored to before and went on.</param>
/// <param name="IsVerified">Whether the log was seen to have it since the index was opened.</param>
internal sealed record IndexPosition(long Seq, byte[] LeafHash, bool IsVerified);

/// <summary>Some changes in the order of their <c>seq</c>.</summary>
/// <param name="Changes">Those after the position that was asked about.</param>
/// <param name="Seq">No change up to this one is missing.</param>
/// <param name="LeafHash">The leaf of that event.</param>
/// <param name="HasMore">Whether there may be others.</param>
internal sealed record CardChangePage(IReadOnlyList<IndexedCard> Changes, long Seq, byte[] LeafHash, bool HasMore);
