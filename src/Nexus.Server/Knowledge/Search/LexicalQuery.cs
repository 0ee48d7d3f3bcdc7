namespace Nexus.Server.Knowledge.Search;

/// <summary>A search by words. Text is data: no character of it is query syntax.</summary>
/// <param name="Text">Empty or white space lists the filtered cards, newest first.</param>
/// <param name="TopK">How many hits at most, 1 or more.</param>
internal sealed record LexicalQuery(string Text, int TopK)
{
    /// <summary>Every filter must hold.</summary>
    public IReadOnlyList<HeaderFilter> Filters { get; init; } = [];

    /// <summary>Whether hits say what each term added to their score.</summary>
    public bool Explain { get; init; }
}

/// <summary>A card that was found.</summary>
/// <param name="CardId">The card.</param>
/// <param name="Score">Higher is better; 0 where nothing was ranked.</param>
/// <param name="CardType">The card's type.</param>
/// <param name="Version">The card's version.</param>
/// <param name="Title">Null where its header has none.</param>
/// <param name="Snippet">Plain text out of the body, around the terms where they occur.</param>
/// <param name="HeaderJson">The whole header.</param>
/// <param name="CreatedAt">UTC microseconds.</param>
/// <param name="Seq">The revision that was found.</param>
internal sealed record CardHit(
    string CardId,
    double Score,
    string CardType,
    string Version,
    string? Title,
    string Snippet,
    string HeaderJson,
    long CreatedAt,
    long Seq)
{
    /// <summary>What each matching term added; the scores sum to the hit's. Null unless asked for.</summary>
    public IReadOnlyList<TermScore>? Terms { get; init; }
}

/// <summary>What one term of the query added to a hit.</summary>
internal sealed record TermScore(string Term, double Score, bool InTitle, bool InBody);
