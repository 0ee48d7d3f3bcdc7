using System.Text;
using System.Text.Json;
using Nexus.Client;
using Nexus.Merkle;
using Nexus.Server.Platform.Http;
using static Nexus.Server.Platform.Http.BodyRules;

namespace Nexus.Server.Agents.Maybes;

/// <summary>What an item may hold.</summary>
internal static class MaybeRules
{
    /// <summary>Longest name of a tag, a space and so on, in characters.</summary>
    public const int MaxTag = 100;

    /// <inheritdoc cref="MaxTag" />
    public const int MaxName = 200;

    private const int MaxTitle = 500;
    private const int MaxBody = 256 << 10;
    private const int MaxTags = 50;
    private const int MaxSourceRef = 16 << 10;

    /// <summary>Holds a new item to its rules.</summary>
    /// <exception cref="ProblemException">422 with the member that breaks one.</exception>
    public static void Check(MaybeRequest sent)
    {
        Rule(IsName(sent.Space, MaxName), "space", "must be 1 to 200 characters, none of them a control character.");
        Rule(sent.UserId is null || IsName(sent.UserId, MaxName), "user_id", "must be 1 to 200 characters, none of them a control character.");
        Rule(sent.SourceType is null or "agent" or "user" or "system", "source_type", "must be agent, user or system.");
        Rule(sent.SourceEngine is null || IsName(sent.SourceEngine, MaxName), "source_engine", "must be 1 to 200 characters, none of them a control character.");
        Check(sent.Title, sent.Body, sent.Tags);
    }

    /// <summary>Holds what callers may change to its rules; what is null is not changed.</summary>
    /// <exception cref="ProblemException">422 with the member that breaks one.</exception>
    public static void Check(string? title, string? body, IReadOnlyList<string>? tags)
    {
        Rule(title is null or { Length: >= 1 and <= MaxTitle }, "title", "must be 1 to 500 characters.");
        Rule(body is null || Encoding.UTF8.GetByteCount(body) <= MaxBody, "body", "must be at most 256 KiB of UTF-8.");
        Rule(tags is null or { Count: <= MaxTags }, "tags", "must be at most 50.");
        Rule(tags?.All(IsTag) != false, "tags", "must each be 1 to 100 characters without commas and control characters.");
    }

    /// <summary>What an item says of its source, as canonical JSON.</summary>
    /// <exception cref="ProblemException">422.</exception>
    public static string SourceRef(JsonElement? sent)
    {
        if (sent is not { } given)
        {
            return "{}";
        }

        Rule(given.ValueKind == JsonValueKind.Object, "source_ref", "must be a JSON object.");
        var text = CanonicalJson.Write(given);
        Rule(text.Length <= MaxSourceRef, "source_ref", "must be at most 16 KiB.");
        return Encoding.UTF8.GetString(text);
    }

    /// <summary>Whether something can be a tag: a comma separates tags in a query, a line feed in the store.</summary>
    public static bool IsTag(string? tag) => IsName(tag, MaxTag) && !tag!.Contains(',', StringComparison.Ordinal);

    private static bool IsName(string? name, int longest) => name is { Length: >= 1 } && name.Length <= longest && !name.Any(char.IsControl);
}
