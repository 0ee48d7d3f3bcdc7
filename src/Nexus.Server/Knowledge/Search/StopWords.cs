using System.Collections.Frozen;

namespace Nexus.Server.Knowledge.Search;

/// <summary>
/// English words without meaning for a search: the Snowball project's list, and the parts that an apostrophe leaves. Removed only
/// from queries, so changing the list needs no new index.
/// </summary>
internal static class StopWords
{
    /// <summary>Lower case, compared ordinally.</summary>
    public static FrozenSet<string> English { get; } = """
        a about above after again against all am an and any are as at be because been before being below
        between both but by can could did do does doing down during each few for from further had has have
        having he her here hers herself him himself his how i if in into is it its itself just me might more
        most must my myself no nor not now of off on once only or other our ours ourselves out over own s
        same shall she should so some such t than that the their theirs them themselves then there these
        they this those through to too under until up very was we were what when where which while who whom
        why will with would you your yours yourself yourselves
        """.Split((char[])[' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries).ToFrozenSet(StringComparer.Ordinal);
}
