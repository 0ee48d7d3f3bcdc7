namespace Nexus.Server.Pii;

/// <summary>Where in JSON a value stands: the name of its member says what a number is, and where that says nothing, the name of the object's (but not that it is a reference: an order holds telephone numbers).</summary>
/// <param name="Own">The member's.</param>
/// <param name="Outer">That of the member that holds the object.</param>
internal readonly record struct MemberName(string? Own, string? Outer = null)
{
    /// <summary>What the names say.</summary>
    public Topic Topics => Own is not null && TopicIndex.Of(Own) is not Topic.None and var own ? own : Outer is null ? Topic.None : TopicIndex.Of(Outer) & ~Topic.Reference;

    /// <summary>The name of a member of the object that stands here.</summary>
    public MemberName Of(string member) => new(member, Own);
}
