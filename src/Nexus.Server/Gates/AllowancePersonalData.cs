using Nexus.Server.PersonalData;
using Nexus.Server.Storage;

namespace Nexus.Server.Gates;

/// <summary>How often a person called routes without a tenant today. Counters: nobody is handed them.</summary>
internal sealed class AllowancePersonalData : IPersonalData
{
    private const string Theirs = "tenant_id = @TenantId and env = @Env and caller = @UserId";

    /// <inheritdoc />
    public string Kind => "allowances";

    /// <inheritdoc />
    public IReadOnlyList<string> Tables { get; } = ["allowances"];

    /// <inheritdoc />
    public bool IsOfAccounts => true;

    /// <inheritdoc />
    public async ValueTask<FoundPage> FindAsync(ReadSession session, Person person, string after) =>
        person.ErasureId is not null && await session.FirstAsync<int>($"select 1 from allowances where {Theirs} limit 1", new { session.Scope.TenantId, session.Scope.Env, person.UserId }) == 1
            ? new FoundPage([person.UserId], null)
            : FoundPage.Empty;

    /// <inheritdoc />
    public async ValueTask EraseAsync(WriteSession session, Erasing erasing, string[] ids) =>
        await session.ExecuteAsync($"delete from allowances where {Theirs}", new { session.Scope.TenantId, session.Scope.Env, erasing.UserId });

    /// <inheritdoc />
    public ValueTask<List<string>> ReadAsync(ReadSession session, Person person, string[] ids) => new([]);
}
