using System.Text.Json;
using Nexus.Flags.Values;

namespace Nexus.Flags;

/// <summary>
/// What a caller says of whom flags are evaluated for, read once for all flags of a request, and the time at which.
/// </summary>
internal sealed class EvaluationContext
{
    private EvaluationContext(Members members, DateTimeOffset now) =>
        (Root, Timestamp) = (Value.Of(members), now.ToUnixTimeSeconds());

    /// <summary>The members, and <c>$flagd</c>.</summary>
    public Value Root { get; }

    /// <summary>Seconds since 1970, one for all flags.</summary>
    public double Timestamp { get; }

    /// <summary>A context without members.</summary>
    public static EvaluationContext Empty(DateTimeOffset now) => new(Members.Of([], [], isRoot: true), now);

    /// <summary>The context of a request; null for what is no object or holds text that is no Unicode (<c>INVALID_CONTEXT</c>).</summary>
    public static EvaluationContext? Read(JsonElement element, DateTimeOffset now)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        try
        {
            return new EvaluationContext(JsonValues.ReadMembers(element, isRoot: true), now);
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }
}
