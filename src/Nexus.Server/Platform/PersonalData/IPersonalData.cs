using Nexus.Server.Platform.Storage;

namespace Nexus.Server.Platform.PersonalData;

/// <summary>
/// What a slice keeps of people, one kind of it: how to find a person's, how to erase it, and how to hand it to them. Each registers its
/// own, so that no table is forgotten by whoever erases and no slice's tables are touched by another.
/// </summary>
internal interface IPersonalData
{
    /// <summary>What it is called in an erasure's counts and in an access request, such as <c>cards</c>.</summary>
    string Kind { get; }

    /// <summary>The tables that it erases from.</summary>
    IReadOnlyList<string> Tables { get; }

    /// <summary>When an erasure takes it.</summary>
    ErasurePhase Phase => ErasurePhase.Content;

    /// <summary>How many one write takes: a write that lasts delays others.</summary>
    int BatchSize => 50;

    /// <summary>Whether things of this kind are made of others, and others of them: ids of any such kind are then given to all of them.</summary>
    bool HasLineage => false;

    /// <summary>Whether tenant-0 has some of it about people who are no members of it, since they have an account.</summary>
    bool HasAccountData => false;

    /// <summary>Things by or about a person in the session's tenant and env.</summary>
    /// <param name="session">A read.</param>
    /// <param name="person">Whose.</param>
    /// <param name="after">Where the page before ended; empty for the first.</param>
    ValueTask<IdPage> FindAsync(ReadSession session, DataSubject person, string after);

    /// <summary>Erases those of some ids that are (still) there and of this kind, each with its receipt. Ids that are not are passed over.</summary>
    /// <param name="session">A write of the tenant and env.</param>
    /// <param name="erasing">The erasure.</param>
    /// <param name="ids">At most <see cref="BatchSize"/>.</param>
    ValueTask EraseAsync(WriteSession session, ErasureContext erasing, string[] ids);

    /// <summary>Things as the contract shows them, one JSON object each.</summary>
    ValueTask<List<string>> ReadAsync(ReadSession session, DataSubject person, string[] ids);

    /// <summary>Removes what of the things that an erasure took is not in the database. Runs after the writes, and again after a crash.</summary>
    ValueTask CleanUpAsync(Scope scope, string erasureId, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    /// <summary>Whether <see cref="ListFilesAsync"/> may have any.</summary>
    bool HasFiles => false;

    /// <summary>Files that belong to things, for an access request.</summary>
    ValueTask<List<PersonalFile>> ListFilesAsync(ReadSession session, string[] ids) => new([]);
}

/// <summary>The order in which an erasure takes kinds of personal data; kinds of one phase are taken in the order of their registration.</summary>
internal enum ErasurePhase
{
    /// <summary>What people wrote, and what was made of it.</summary>
    Content,

    /// <summary>Records about requests. They hold ids of content, so content goes first.</summary>
    Records,

    /// <summary>Events: they name who did all of the above.</summary>
    Events,

    /// <summary>Training preferences. As long as any event of the person is left, an export asks whether they opted out.</summary>
    Preferences,
}

/// <summary>A person, within the session's tenant.</summary>
/// <param name="UserId">Who.</param>
/// <param name="ErasureId">The erasure that asks; null for an access request.</param>
internal sealed record DataSubject(string UserId, string? ErasureId = null);

/// <summary>A page of what was found.</summary>
/// <param name="Ids">The things.</param>
/// <param name="Next">Where the next page begins; null after the last.</param>
internal sealed record IdPage(IReadOnlyList<string> Ids, string? Next)
{
    /// <summary>Nothing, and nothing more.</summary>
    public static IdPage Empty { get; } = new([], null);
}

/// <summary>A file of an access request.</summary>
/// <param name="Name">A relative path in the archive.</param>
/// <param name="Open">Opens its bytes; null where they are gone.</param>
internal sealed record PersonalFile(string Name, Func<CancellationToken, ValueTask<Stream?>> Open);
