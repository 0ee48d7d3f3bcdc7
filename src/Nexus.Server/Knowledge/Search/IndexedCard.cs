namespace Nexus.Server.Knowledge.Search;

/// <summary>A card change as seen by the index: the newest revision, or a deletion.</summary>
/// <param name="Seq">The <c>seq</c> of the event that made the change. Changes arrive in this order.</param>
/// <param name="Deleted">Whether the card was deleted. Then only <paramref name="CardId"/> and <paramref name="Seq"/> are used.</param>
/// <param name="CardType">The value for filters on <c>card_type</c>.</param>
/// <param name="Version">The value for filters on <c>version</c>.</param>
/// <param name="Title">The title, indexed with a higher weight; null if the header has none.</param>
/// <param name="BodyText">The text to search and to excerpt: a slice of the stored text, not a copy.</param>
/// <param name="HeaderJson">A JSON object. Its top-level members can be filtered on.</param>
/// <param name="CreatedAt">Unix microseconds. Orders a search without text.</param>
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
    /// <summary>Creates the change that removes a card from the index.</summary>
    public static IndexedCard CreateTombstone(string cardId, long seq) => new(cardId, seq, true, "", "", null, default, "{}", 0);
}

/// <summary>How far an index has followed a log.</summary>
/// <param name="Seq">The <c>seq</c> of the last event applied; -1 for a new or rebuilt index.</param>
/// <param name="LeafHash">
/// That event's leaf hash. It identifies the log: another log, or the same log restored to an earlier state and continued, has a
/// different leaf there.
/// </param>
/// <param name="IsVerified">Whether the log was seen to contain that leaf since the index was opened.</param>
internal sealed record IndexPosition(long Seq, byte[] LeafHash, bool IsVerified);

/// <summary>A page of changes in <c>seq</c> order.</summary>
/// <param name="Changes">The changes after the requested position.</param>
/// <param name="Seq">The page contains every change up to this <c>seq</c>.</param>
/// <param name="LeafHash">The leaf hash of that event.</param>
/// <param name="HasMore">Whether there may be more changes.</param>
internal sealed record CardChangePage(IReadOnlyList<IndexedCard> Changes, long Seq, byte[] LeafHash, bool HasMore);
