using System.Text.Json;
using Nexus.Flags.Targeting.Values;

namespace Nexus.Flags;

/// <summary>For whom and when flags are evaluated. It is read once for all flags of a request.</summary>
public sealed class EvaluationContext
{
    private EvaluationContext(MemberMap members, DateTimeOffset now) =>
        (Root, Timestamp) = (Value.From(members), now.ToUnixTimeSeconds());

    internal Value Root { get; }

    /// <summary>Seconds since 1970.</summary>
    internal double Timestamp { get; }

    /// <summary>A context without attributes.</summary>
    public static EvaluationContext CreateEmpty(DateTimeOffset now) => new(MemberMap.Empty, now);

    /// <summary>
    /// The context in a request. Null if it is not an object or holds invalid Unicode: the error is <c>INVALID_CONTEXT</c>.
    /// </summary>
    public static EvaluationContext? FromJson(JsonElement element, DateTimeOffset now)
    {
        try
        {
            return element.ValueKind == JsonValueKind.Object ? new EvaluationContext(MemberMap.Parse(element), now) : null;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }
}
