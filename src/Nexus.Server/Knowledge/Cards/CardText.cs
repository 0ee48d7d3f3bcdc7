using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json.Nodes;
using Nexus.Merkle;
using Nexus.Server.Platform.Http;

namespace Nexus.Server.Knowledge.Cards;

/// <summary>
/// Why a card's text was rejected (422). The code is <c>card.separator</c>, <c>card.yaml</c>, <c>card.type_missing</c> or
/// <c>card.text</c>; the detail is safe to return to the caller.
/// </summary>
internal sealed record CardTextError(ProblemCode Kind, string Detail)
{
    public string Code => Kind.Name;

    public Problem ToProblem() => new(Kind, Detail);
}

/// <summary>
/// A posted card: a YAML header, a line that contains only <c>---</c>, and a body; or front matter between two such lines. The
/// header never decides access: the caller must compare <see cref="TenantId"/> and <see cref="Env"/> with the request context.
/// </summary>
internal sealed record CardText
{
    private const int MaxNameLength = 100;

    /// <summary>The text exactly as posted.</summary>
    public required string FullText { get; init; }

    /// <summary>The trimmed text after the separator.</summary>
    public required string BodyText { get; init; }

    public required JsonObject Header { get; init; }

    /// <summary>The header as canonical JSON.</summary>
    public required string HeaderJson { get; init; }

    public required string CardType { get; init; }

    /// <summary>The version as written, including <c>2</c> and <c>1.10</c>; <c>v1</c> if there is none.</summary>
    public required string Version { get; init; }

    /// <summary>The header's <c>subject_id</c>: the person the card is about.</summary>
    public string? SubjectId { get; init; }

    public string? TenantId { get; init; }

    public string? Env { get; init; }

    public static bool TryParse(string text, [NotNullWhen(true)] out CardText? card, [NotNullWhen(false)] out CardTextError? error)
    {
        card = null;
        if (ContainsInvalidCharacters(text))
        {
            error = new(ProblemCodes.CardText, "The text contains a null character (U+0000) or an unpaired surrogate.");
            return false;
        }

        if (!CardParts.TrySplit(text, out var parts, out var missing))
        {
            error = new(ProblemCodes.CardSeparator, missing);
            return false;
        }

        if (!YamlHeader.TryRead(parts.Yaml, parts.FirstLine, out var header, out var detail))
        {
            error = new(ProblemCodes.CardYaml, detail);
            return false;
        }

        error = Validate(header, out var type);
        if (error is not null)
        {
            return false;
        }

        card = new CardText
        {
            FullText = text,
            BodyText = parts.Body.Trim(),
            Header = header.Root,
            HeaderJson = Encoding.UTF8.GetString(CanonicalJson.Write(header.Root)),
            CardType = type,
            Version = header.GetText("version") ?? "v1",
            SubjectId = header.GetText("subject_id"),
            TenantId = header.GetText("tenant_id"),
            Env = header.GetText("env"),
        };
        return true;
    }

    /// <summary>Returns whether the text contains U+0000 or a lone surrogate, which the databases do not store alike.</summary>
    internal static bool ContainsInvalidCharacters(ReadOnlySpan<char> text)
    {
        if (text.Contains('\0'))
        {
            return true;
        }

        for (int at; (at = text.IndexOfAnyInRange('\ud800', '\udfff')) >= 0; text = text[(at + 2)..])
        {
            if (at + 1 == text.Length || !char.IsSurrogatePair(text[at], text[at + 1]))
            {
                return true;
            }
        }

        return false;
    }

    private static CardTextError? Validate(YamlHeader header, out string type)
    {
        type = header.Root["card_type"] is JsonValue value && value.TryGetValue<string>(out var name) ? name : "";
        if (string.IsNullOrWhiteSpace(type) || !IsValidName(type))
        {
            return new(
                ProblemCodes.CardTypeMissing,
                "Missing card_type in the header: a string of 1 to 100 characters without control characters.");
        }

        foreach (var known in (ReadOnlySpan<string>)["version", "title", "tenant_id", "env"])
        {
            if (header.Root[known] is not null and not JsonValue)
            {
                return new(ProblemCodes.CardYaml, $"The header's {known} must be a string.");
            }
        }

        if (header.GetText("version") is { } version && (string.IsNullOrWhiteSpace(version) || !IsValidName(version)))
        {
            return new(ProblemCodes.CardYaml, "The header's version must be a string of 1 to 100 characters without control characters.");
        }

        return header.Root["artifact_refs"] switch
        {
            null => null,
            JsonArray items when items.All(item => item is JsonValue text && text.TryGetValue<string>(out _)) => null,
            _ => new(ProblemCodes.CardYaml, "The header's artifact_refs must be a list of strings."),
        };
    }

    private static bool IsValidName(string text) => text.Length <= MaxNameLength && !text.Any(char.IsControl);
}
