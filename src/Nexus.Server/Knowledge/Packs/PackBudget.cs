using Nexus.Client;
using Nexus.Server.Platform.Http;

namespace Nexus.Server.Knowledge.Packs;

/// <summary>
/// Fills a pack with the best cards first, within the given limits. A card that does not fit is skipped; a smaller one after it
/// may still fit.
/// </summary>
internal sealed class PackBudget
{
    /// <summary>The maximum length of a card's excerpt in characters. Longer text is cut at a word and ends with an ellipsis.</summary>
    public const int MaxExcerptLength = 4000;

    private readonly Budget _bounds;
    private int _chars;
    private int _tokens;
    private int _cards;

    /// <summary>Creates an empty pack.</summary>
    /// <exception cref="ProblemException">422: a limit is below 1.</exception>
    public PackBudget(Budget? bounds)
    {
        _bounds = bounds ?? new Budget();
        foreach (var (name, bound) in (ReadOnlySpan<(string, int?)>)
        [
            ("max_chars", _bounds.MaxChars), ("max_tokens", _bounds.MaxTokens), ("max_cards", _bounds.MaxCards),
        ])
        {
            if (bound is < 1)
            {
                throw new ProblemException(Problem.Invalid("budget." + name, "must be an integer, 1 or more."));
            }
        }
    }

    public BudgetUsed Used => new() { Chars = _chars, Tokens = _tokens, Cards = _cards };

    /// <summary>Adds an excerpt. Returns null on success, or the name of the limit it would exceed.</summary>
    public string? Take(string excerpt)
    {
        var tokens = EstimateTokens(excerpt);
        var broken = _cards + 1 > _bounds.MaxCards ? "max_cards"
            : _chars + excerpt.Length > _bounds.MaxChars ? "max_chars"
            : _tokens + tokens > _bounds.MaxTokens ? "max_tokens"
            : null;
        if (broken is null)
        {
            (_cards, _chars, _tokens) = (_cards + 1, _chars + excerpt.Length, _tokens + tokens);
        }

        return broken;
    }

    /// <summary>Returns the part of a card's text that goes into a pack.</summary>
    public static string CreateExcerpt(string body)
    {
        if (body.Length <= MaxExcerptLength)
        {
            return body;
        }

        var end = body.AsSpan(0, MaxExcerptLength).LastIndexOfAny(' ', '\n');
        end = end < MaxExcerptLength / 2 ? MaxExcerptLength : end;
        return body[..(char.IsHighSurrogate(body[end - 1]) ? end - 1 : end)].TrimEnd() + "…";
    }

    /// <summary>Estimates the token count as 4 UTF-8 bytes per token. Holds for English and tends to be too high.</summary>
    private static int EstimateTokens(string text) => (System.Text.Encoding.UTF8.GetByteCount(text) + 3) / 4;
}
