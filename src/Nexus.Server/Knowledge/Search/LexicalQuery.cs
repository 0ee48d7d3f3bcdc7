namespace Nexus.Server.Knowledge.Search;

/// <summary>A search by words. The text is never interpreted as query syntax.</summary>
/// <param name="Text">If empty or white space, the filtered cards are listed, newest first.</param>
/// <param name="TopK">The maximum number of hits, 1 or more.</param>
internal sealed record LexicalQuery(string Text, int TopK)
{
    /// <summary>All filters must match.</summary>
    public IReadOnlyList<HeaderFilter> Filters { get; init; } = [];

    /// <summary>Whether each hit includes the score of each term.</summary>
    public bool Explain { get; init; }
}

/// <summary>A card found by a search.</summary>
/// <param name="Score">Higher is better; 0 if the hits are not ranked.</param>
/// <param name="Title">Null if the header has none.</param>
/// <param name="Snippet">Plain text from the body, around matching terms if there are any.</param>
/// <param name="HeaderJson">The complete header.</param>
/// <param name="CreatedAt">Unix microseconds.</param>
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
    /// <summary>The score of each matching term; they add up to the hit's score. Null unless requested.</summary>
    public IReadOnlyList<TermScore>? Terms { get; init; }
}

/// <summary>The part of a hit's score that one query term contributes.</summary>
internal sealed record TermScore(string Term, double Score, bool InTitle, bool InBody);
