using System.Text;
using System.Text.Json;
using Nexus.Client;
using Nexus.Merkle;
using Nexus.Server.Platform.Http;
using static Nexus.Server.Platform.Http.BodyValidation;

namespace Nexus.Server.Agents.Maybes;

internal static class MaybeValidator
{
    /// <summary>The maximum length of a tag in characters.</summary>
    public const int MaxTagLength = 100;

    /// <inheritdoc cref="MaxTagLength" />
    public const int MaxNameLength = 200;

    private const int MaxTitleLength = 500;
    private const int MaxBodyBytes = 256 << 10;
    private const int MaxTagCount = 50;
    private const int MaxSourceRefBytes = 16 << 10;

    /// <summary>Validates a new item.</summary>
    /// <exception cref="ProblemException">422, naming the invalid field.</exception>
    public static void Validate(MaybeRequest sent)
    {
        Require(IsValidName(sent.Space, MaxNameLength), "space", "must be 1 to 200 characters without control characters.");
        Require(
            sent.UserId is null || IsValidName(sent.UserId, MaxNameLength), "user_id",
            "must be 1 to 200 characters without control characters.");
        RequireOneOf(sent.SourceType, "source_type", "agent", "user", "system");
        Require(
            sent.SourceEngine is null || IsValidName(sent.SourceEngine, MaxNameLength), "source_engine",
            "must be 1 to 200 characters without control characters.");
        Validate(sent.Title, sent.Body, sent.Tags);
    }

    /// <summary>Validates the fields callers may change. Null means unchanged.</summary>
    /// <exception cref="ProblemException">422, naming the invalid field.</exception>
    public static void Validate(string? title, string? body, IReadOnlyList<string>? tags)
    {
        Require(title is null or { Length: >= 1 and <= MaxTitleLength }, "title", "must be 1 to 500 characters.");
        Require(body is null || Encoding.UTF8.GetByteCount(body) <= MaxBodyBytes, "body", "must be at most 256 KiB of UTF-8.");
        Require(tags is null or { Count: <= MaxTagCount }, "tags", "must be at most 50 tags.");
        Require(tags?.All(IsValidTag) != false, "tags", "must each be 1 to 100 characters without commas or control characters.");
    }

    /// <summary>Returns an item's <c>source_ref</c> as canonical JSON.</summary>
    /// <exception cref="ProblemException">422.</exception>
    public static string CanonicalizeSourceRef(JsonElement? sent)
    {
        if (sent is not { } given)
        {
            return "{}";
        }

        Require(given.ValueKind == JsonValueKind.Object, "source_ref", "must be a JSON object.");
        var text = CanonicalJson.Write(given);
        Require(text.Length <= MaxSourceRefBytes, "source_ref", "must be at most 16 KiB.");
        return Encoding.UTF8.GetString(text);
    }

    /// <summary>Returns whether the text is a valid tag. Commas separate tags in a query, line feeds separate them in the store.</summary>
    public static bool IsValidTag(string? tag) => IsValidName(tag, MaxTagLength) && !tag!.Contains(',', StringComparison.Ordinal);

    private static bool IsValidName(string? name, int longest) =>
        name is { Length: >= 1 } && name.Length <= longest && !name.Any(char.IsControl);
}
