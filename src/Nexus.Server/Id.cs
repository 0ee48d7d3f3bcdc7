namespace Nexus.Server;

/// <summary>Ids of everything this service makes.</summary>
internal static class Id
{
    /// <summary>A new UUIDv7 in lower-case hyphenated form: unguessable, and ordered by time so that inserts stay local.</summary>
    public static string New() => Guid.CreateVersion7().ToString();
}
