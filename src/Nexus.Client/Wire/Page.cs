using System.Text.Json.Serialization;

namespace Nexus.Client;

/// <summary>One page of a list, in the order that its route documents.</summary>
/// <typeparam name="T">Type of the records.</typeparam>
public sealed record Page<T>
{
    /// <summary>The records of this page.</summary>
    public required IReadOnlyList<T> Items { get; init; }

    /// <summary>
    /// Opaque cursor of the next page, bound to tenant, env and filters; null on the last page.
    /// A cursor used with other filters is refused with <c>cursor.invalid</c>.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public string? NextCursor { get; init; }
}
