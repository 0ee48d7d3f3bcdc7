using Microsoft.Extensions.DependencyInjection;
using Nexus.Merkle;
using Nexus.Server.Audit.Events;
using Nexus.Server.Platform.Storage;
using Nexus.Tests.Merkle;

namespace Nexus.Tests.Audit.Transparency;

/// <summary>Compares the server's proofs with a slow, literal RFC 6962, and tests what cannot be proved.</summary>
public sealed class ProofRouteTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory, Engines]
    public async Task Proofs_of_1000_event_log_match_RFC_6962(string engine)
    {
        var host = await NexusHost.SharedAsync(engine);
        var log = await WrittenLog.OfAsync(host, 1_000);
        var entries = await log.EntriesAsync();
        var root = SlowTree.MTH(entries);
        var database = host.Services.GetRequiredService<Database>();
        for (var seq = 0; seq < 1_000; seq++)
        {
            var proof = await database.ReadAsync(
                log.Scope,
                session => new LogTree(session).GetHashesAsync(LeafRange.Inclusion(seq, 1_000)),
                Cancelled);
            proof.ShouldBe(SlowProofs.PATH(seq, entries), $"{seq}");
            new InclusionProof(seq, 1_000, proof).Verify(SlowTree.MTH([entries[seq]]), root).ShouldBeTrue();
        }

        for (var from = 1; from <= 1_000; from++)
        {
            var proof = await database.ReadAsync(
                log.Scope,
                session => new LogTree(session).GetHashesAsync(LeafRange.Consistency(from, 1_000)),
                Cancelled);
            proof.ShouldBe(SlowProofs.PROOF(from, entries), $"{from}");
            new ConsistencyProof(from, 1_000, proof).Verify(SlowTree.MTH(entries[..from]), root).ShouldBeTrue();
        }
    }

    [Theory, Engines]
    public async Task Routes_return_proofs_that_verify_against_checkpoint(string engine)
    {
        var host = await NexusHost.SharedAsync(engine);
        var log = await WrittenLog.OfAsync(host, 300);
        using var admin = Caller.Create(host, "admin", log.Scope.TenantId);
        var (earlier, _) = await admin.CheckpointAsync();
        await log.AppendAsync(500);
        var (later, _) = await admin.CheckpointAsync();
        (earlier.Size, later.Size).ShouldBe((300, 800));
        var entries = await log.EntriesAsync();
        foreach (var (seq, size, root) in new[]
        {
            (0, 300, earlier.Root.ToArray()),
            (299, 300, earlier.Root.ToArray()),
            (299, 800, later.Root.ToArray()),
            (512, 800, later.Root.ToArray()),
            (799, 800, later.Root.ToArray()),
        })
        {
            var answer = (await admin.Get($"/audit/proof/inclusion?seq={seq}&size={size}")).Ok();
            answer.EnumerateObject().Select(member => member.Name).ShouldBe(["seq", "size", "leaf_hash", "hashes", "root"]);
            answer.GetProperty("leaf_hash").GetBytesFromBase64().ShouldBe(TreeHash.Leaf(entries[seq]));
            answer.GetProperty("root").GetBytesFromBase64().ShouldBe(root);
            new InclusionProof(
                answer.GetProperty("seq").GetInt64(),
                answer.GetProperty("size").GetInt64(),
                Checked.Hashes(answer.GetProperty("hashes"))).Verify(
                TreeHash.Leaf(entries[seq]),
                root)
                .ShouldBeTrue();
        }

        var consistency = (await admin.Get("/audit/proof/consistency?from=300&to=800")).Ok();
        consistency.EnumerateObject().Select(member => member.Name).ShouldBe(["from", "to", "hashes", "from_root", "to_root"]);
        consistency.GetProperty("from_root").GetBytesFromBase64().ShouldBe(earlier.Root.ToArray());
        consistency.GetProperty("to_root").GetBytesFromBase64().ShouldBe(later.Root.ToArray());
        (await admin.IsConsistentAsync(earlier, later)).ShouldBeTrue();
        (await admin.Get("/audit/proof/consistency?from=800&to=800")).Ok().GetProperty("hashes").GetArrayLength().ShouldBe(0);
        (await admin.Get("/audit/proof/inclusion?seq=0&size=1")).Ok().GetProperty("hashes").GetArrayLength().ShouldBe(0);
        log.Size.ShouldBe((await admin.Events()).Count, "asking leaves no event");
    }

    [Theory, Engines]
    public async Task Invalid_range_returns_400_and_range_beyond_log_404(string engine)
    {
        var host = await NexusHost.SharedAsync(engine);
        var log = await WrittenLog.OfAsync(host, 10);
        using var admin = Caller.Create(host, "admin", log.Scope.TenantId);
        foreach (var query in new[]
        {
            "", "?seq=1", "?size=1", "?seq=&size=", "?seq=-1&size=10", "?seq=10&size=10", "?seq=11&size=10", "?seq=0&size=0", "?seq=0&size=-1", "?seq=9223372036854775808&size=10",
            "?seq=0&size=9223372036854775808", "?seq=0&size=18446744073709551617", "?seq=0x1&size=10", "?seq=1e0&size=10", "?seq=%2B1&size=10", "?seq=%201&size=10", "?seq=1.0&size=10", "?seq=1,0&size=10", "?seq=1&seq=2&size=10",
            "?seq=\u0661&size=10", "?seq=null&size=10",
        })
        {
            (await admin.Get("/audit/proof/inclusion" + query)).Refused(400, "proof.range");
        }

        foreach (var query in new[]
        {
            "",
            "?from=1",
            "?to=10",
            "?from=0&to=10",
            "?from=0&to=0",
            "?from=-1&to=10",
            "?from=6&to=5",
            "?from=1&to=9223372036854775808",
            "?from=9223372036854775808&to=9223372036854775808",
            "?from=one&to=10",
        })
        {
            (await admin.Get("/audit/proof/consistency" + query)).Refused(400, "proof.range");
        }

        foreach (var path in new[]
        {
            "inclusion?seq=0&size=11", "inclusion?seq=10&size=11", $"inclusion?seq=0&size={long.MaxValue}", $"inclusion?seq={long.MaxValue - 1}&size={long.MaxValue}",
            "consistency?from=1&to=11", "consistency?from=11&to=12", $"consistency?from=1&to={long.MaxValue}", $"consistency?from={long.MaxValue}&to={long.MaxValue}",
        })
        {
            (await admin.Get("/audit/proof/" + path)).Refused(404, "proof.beyond");
        }
    }

    [Theory, Engines]
    public async Task Log_is_isolated_by_tenant_and_env(string engine)
    {
        var host = await NexusHost.SharedAsync(engine);
        var log = await WrittenLog.OfAsync(host, 10);
        using var stranger = Caller.Create(host, "owner");
        (await stranger.Get("/audit/proof/inclusion?seq=0&size=10")).Refused(404, "proof.beyond");
        (await stranger.Get($"/audit/proof/inclusion?seq=0&size=10&tenant_id={log.Scope.TenantId}")).Refused(400, "context.mismatch");
        (await stranger.Get("/audit/checkpoint", ("X-Tenant-Id", log.Scope.TenantId))).Refused(403, "auth.tenant_mismatch");
        using var elsewhere = Caller.Create(host, "admin", log.Scope.TenantId, "dev");
        (await elsewhere.Get("/audit/proof/consistency?from=1&to=10")).Refused(404, "proof.beyond");
        (await elsewhere.CheckpointAsync()).Checkpoint.Origin.ShouldEndWith($"/{log.Scope.TenantId}/dev/0");
        using var member = elsewhere.Colleague("member");
        foreach (var path in new[] { "/audit/checkpoint", "/audit/proof/inclusion?seq=0&size=10", "/audit/proof/consistency?from=1&to=10" })
        {
            (await member.Get(path)).Refused(403, "auth.role");
        }
    }

    [Theory, Engines]
    public async Task Log_with_missing_event_gives_no_proof(string engine)
    {
        // Bypasses the triggers.
        await using var host = await NexusHost.StartAsync(engine);
        var log = await WrittenLog.OfAsync(host, 10);
        using var admin = Caller.Create(host, "admin", log.Scope.TenantId);
        await log.TamperAsync("delete from events where tenant_id = @TenantId and seq = 4");
        (await admin.Get("/audit/proof/inclusion?seq=0&size=10")).Refused(503, "log.inconsistent");
    }
}
