namespace Nexus.Server.Search;

/// <summary>One change of a card as the index sees it: its newest revision, or that it is gone.</summary>
/// <param name="CardId">The card.</param>
/// <param name="Seq">The <c>seq</c> of the log event that made the change; changes arrive in its order.</param>
/// <param name="Deleted">When true only <paramref name="CardId"/> and <paramref name="Seq"/> matter.</param>
/// <param name="CardType">What a filter on <c>card_type</c> compares.</param>
/// <param name="Version">What a filter on <c>version</c> compares.</param>
/// <param name="Title">Indexed with a higher weight; null where the header has none.</param>
/// <param name="BodyText">The text that is searched and excerpted.</param>
/// <param name="HeaderJson">A JSON object; its top-level members can be filtered on.</param>
/// <param name="CreatedAt">UTC microseconds; orders a search without text.</param>
internal sealed record IndexedCard(
    string CardId,
    long Seq,
    bool Deleted,
    string CardType,
    string Version,
    string? Title,
    string BodyText,
    string HeaderJson,
    long CreatedAt)
{
    /// <summary>The change that takes a card out of the index.</summary>
    public static IndexedCard Gone(string cardId, long seq) => new(cardId, seq, true, "", "", null, "", "{}", 0);
}
