using Dapper;
using Npgsql;

namespace Nexus.Tests.Nodes;

/// <summary>Two servers on one PostgreSQL: what one has acknowledged is valid on the other.</summary>
public sealed class CrossNodeConsistencyTests
{
    private static readonly TimeSpan _promised = TimeSpan.FromSeconds(5);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Removed_member_loses_access_on_other_node_within_5_seconds()
    {
        await using var nodes = await Nodes.StartAsync();
        using var owner = Caller.Create(nodes.First, "owner");
        using var member = owner.Colleague("member");
        using var there = member.On(nodes.Second);
        (await owner.Json("POST", "/tenants", $$"""{"tenant_id":"{{owner.Tenant}}","name":"T"}""", ("X-Tenant-Id", null))).Ok();
        (await there.Post()).Ok();
        (await owner.Delete($"/tenants/{owner.Tenant}/members/{member.User}")).Status.ShouldBe(204);
        await WithinAsync(async () => await there.Get("/nexus/cards") is { Status: 403, Code: "auth.tenant_mismatch" });
        (await member.Get("/nexus/cards")).Refused(403, "auth.tenant_mismatch");
    }

    [Fact]
    public async Task Kill_switch_applies_on_other_node_within_5_seconds()
    {
        await using var nodes = await Nodes.StartAsync();
        using var admin = Caller.Create(nodes.First, "admin");
        using var there = admin.On(nodes.Second);
        (await there.Post()).Ok();
        (await admin.Json("PUT", "/kill-switches", """{"disabled_actions":["card_create"]}""")).Ok();
        await WithinAsync(async () => await there.Post() is { Status: 403, Code: "kill_switch.blocked" });
        (await admin.Json("PUT", "/kill-switches", """{"disabled_actions":[]}""")).Ok();
        await WithinAsync(async () => (await there.Post()).Status == 200);
    }

    [Fact]
    public async Task Card_is_found_on_other_node_during_uncommitted_write()
    {
        await using var nodes = await Nodes.StartAsync();
        using var here = Caller.Create(nodes.First);
        using var there = here.On(nodes.Second);
        await here.Card();
        await using var connection = new NpgsqlConnection(PostgresCluster.Superuser(nodes.First.ConnectionString!));
        await connection.OpenAsync(Cancelled);
        await using var open = await connection.BeginTransactionAsync(Cancelled);
        await connection.ExecuteAsync(
            """
            insert into cards (tenant_id, env, card_id, revision, version, card_type, header, full_text, body_start, body_length,
              created_at, created_by, updated_at, updated_by, seq, deleted)
            values (@Tenant, 'prod', 'never', 1, 'v1', 'note', '{}', 'never', 0, 5, 0, 'u', 0, 'u', 1000000, false)
            """,
            new { here.Tenant });
        for (var i = 0; i < 5; i++)
        {
            var id = await here.Card($"card_type: note\n---\nneedle{i}");
            (await there.Find($"needle{i}")).ShouldBe([id]);
        }

        await open.RollbackAsync(Cancelled);
        (await there.Find("never")).ShouldBeEmpty();
        var last = await here.Card("card_type: note\n---\nafterwards");
        (await there.Find("afterwards")).ShouldBe([last]);
    }

    /// <summary>Polls until the condition holds or the guaranteed time is over.</summary>
    private static async Task WithinAsync(Func<Task<bool>> holds)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (!await holds())
        {
            TimeProvider.System.GetElapsedTime(started).ShouldBeLessThan(_promised);
            await Task.Delay(50, Cancelled);
        }
    }

    private sealed record Nodes(NexusHost First, NexusHost Second) : IAsyncDisposable
    {
        public static async Task<Nodes> StartAsync()
        {
            var first = await NexusHost.StartAsync("postgres");
            return new Nodes(first, await first.StartSecondNodeAsync());
        }

        public async ValueTask DisposeAsync()
        {
            await Second.DisposeAsync();
            await First.DisposeAsync();
        }
    }
}
