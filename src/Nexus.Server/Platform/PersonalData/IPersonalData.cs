using Nexus.Server.Platform.Storage;

namespace Nexus.Server.Platform.PersonalData;

/// <summary>
/// One kind of personal data kept by a slice: how to find, erase and export it. Each slice registers its own kinds, so that an
/// erasure forgets no table and no slice accesses another's tables.
/// </summary>
internal interface IPersonalData
{
    /// <summary>The name used in an erasure's counts and in a subject export, such as <c>cards</c>.</summary>
    string Kind { get; }

    /// <summary>The tables it erases from.</summary>
    IReadOnlyList<string> Tables { get; }

    /// <summary>When an erasure takes it.</summary>
    ErasurePhase Phase => ErasurePhase.Content;

    /// <summary>The maximum number of items per transaction. A long transaction delays others.</summary>
    int BatchSize => 50;

    /// <summary>
    /// Whether items of this kind are derived from others, or others from them. Ids of any such kind are passed to all of them.
    /// </summary>
    bool HasLineage => false;

    /// <summary>Whether tenant-0 has such data about people who are not its members, because they have an account.</summary>
    bool HasAccountData => false;

    /// <summary>Finds items by or about a person in the session's tenant and env.</summary>
    /// <param name="after">Where the previous page ended; empty for the first page.</param>
    ValueTask<IdPage> FindAsync(ReadSession session, DataSubject person, string after);

    /// <summary>Erases those of the ids that still exist and are of this kind, each with a receipt. Other ids are ignored.</summary>
    /// <param name="ids">At most <see cref="BatchSize"/> ids.</param>
    ValueTask EraseAsync(WriteSession session, ErasureContext erasing, string[] ids);

    /// <summary>Returns items in their wire form, as one JSON object each.</summary>
    ValueTask<List<string>> ReadAsync(ReadSession session, DataSubject person, string[] ids);

    /// <summary>
    /// Deletes what is stored outside the database for items of an erasure. Runs after the transactions, and again after a crash.
    /// </summary>
    ValueTask CleanUpAsync(Scope scope, string erasureId, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    /// <summary>Whether <see cref="ListFilesAsync"/> may return files.</summary>
    bool HasFiles => false;

    /// <summary>Returns the files of items, for a subject export.</summary>
    ValueTask<List<PersonalFile>> ListFilesAsync(ReadSession session, string[] ids) => new([]);
}

/// <summary>
/// The order in which an erasure takes kinds of personal data; kinds of one phase are taken in the order of their registration.
/// </summary>
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
/// <param name="ErasureId">The erasure that asks; null for a subject export.</param>
internal sealed record DataSubject(string UserId, string? ErasureId = null);

/// <summary>A page of items that were found.</summary>
/// <param name="Ids">The ids of the items.</param>
/// <param name="Next">Where the next page starts; null after the last page.</param>
internal sealed record IdPage(IReadOnlyList<string> Ids, string? Next)
{
    /// <summary>An empty last page.</summary>
    public static IdPage Empty { get; } = new([], null);
}

/// <summary>A file of a subject export.</summary>
/// <param name="Name">The relative path in the archive.</param>
/// <param name="Open">Opens the file; null if it no longer exists.</param>
internal sealed record PersonalFile(string Name, Func<CancellationToken, ValueTask<Stream?>> Open);
