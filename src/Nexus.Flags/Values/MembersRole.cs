namespace Nexus.Flags.Values;

/// <summary>Whether an object is one of the two that an evaluation adds to.</summary>
internal enum MembersRole : byte
{
    Plain,

    /// <summary>The evaluation context itself. flagd's own operators work only where this is the data in scope.</summary>
    Root,

    /// <summary>The <c>$flagd</c> of the root.</summary>
    Flagd,
}
