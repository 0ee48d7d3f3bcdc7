namespace Nexus.Redaction;

/// <summary>Where in JSON a value stands: the name of its member says what a number is, and where that says nothing, the name of the object's (but not that it is a reference: an order holds telephone numbers).</summary>
/// <param name="Own">The member's.</param>
/// <param name="Outer">That of the member that holds the object.</param>
internal readonly record struct MemberName(string? Own, string? Outer = null)
{
    /// <summary>Words that only tell an address from a version or an amount, and leave the rest to the object's name.</summary>
    private const Topic Telling = Topic.Host | Topic.Software | Topic.Amount;

    /// <summary>What the names say.</summary>
    public Topic Topics
    {
        get
        {
            var own = Own is null ? Topic.None : TopicIndex.Of(Own);
            return (own & ~Telling) != Topic.None || Outer is null ? own : own | (TopicIndex.Of(Outer) & ~Topic.Reference);
        }
    }

    /// <summary>The name of a member of the object that stands here.</summary>
    public MemberName Of(string member) => new(member, Own);
}
