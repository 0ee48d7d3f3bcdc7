using System.Text.Json.Serialization;

namespace Nexus.Client;

/// <summary>One page of a list, in the order its route documents.</summary>
/// <typeparam name="T">The record listed.</typeparam>
public sealed record Page<T>
{
    /// <summary>The records of this page; empty when nothing matches.</summary>
    public required IReadOnlyList<T> Items { get; init; }

    /// <summary>
    /// Opaque cursor of the next page, bound to tenant, env and filters; null on the last page.
    /// A cursor used with other filters is refused with <c>cursor.invalid</c>.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public string? NextCursor { get; init; }
}
