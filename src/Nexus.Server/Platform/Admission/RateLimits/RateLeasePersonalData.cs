using Nexus.Server.Platform.PersonalData;
using Nexus.Server.Platform.Storage;

namespace Nexus.Server.Platform.Admission.RateLimits;

/// <summary>How often a person called routes without a tenant today. These are counters, so they are erased but not exported.</summary>
internal sealed class RateLeasePersonalData : IPersonalData
{
    /// <inheritdoc />
    public string Kind => "allowances";

    /// <inheritdoc />
    public IReadOnlyList<string> Tables { get; } = ["allowances"];

    /// <inheritdoc />
    public ErasurePhase Phase => ErasurePhase.Records;

    /// <inheritdoc />
    public bool HasAccountData => true;

    /// <inheritdoc />
    public ValueTask<IdPage> FindAsync(ReadSession session, DataSubject person, string after) =>
        person.ErasureId is null ? new(IdPage.Empty) : PersonalRowFinder.AnyAsync(session, person, after, "allowances", "caller = @UserId");

    /// <inheritdoc />
    public async ValueTask EraseAsync(WriteSession session, ErasureContext erasing, string[] ids) =>
        await session.ExecuteAsync(
            "delete from allowances where tenant_id = @TenantId and env = @Env and caller = @UserId",
            new { session.Scope.TenantId, session.Scope.Env, erasing.UserId });

    /// <inheritdoc />
    public ValueTask<List<string>> ReadAsync(ReadSession session, DataSubject person, string[] ids) => new([]);
}
