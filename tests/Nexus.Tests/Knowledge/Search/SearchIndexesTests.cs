using System.Collections.Concurrent;
using Nexus.Server.Knowledge.Search;
using Nexus.Server.Platform.Storage;
using static Nexus.Tests.Knowledge.Search.IndexFolder;

namespace Nexus.Tests.Knowledge.Search;

public sealed class SearchIndexesTests : IDisposable
{
    private readonly IndexFolder _folder = new();
    private readonly CardLog _log = new();

    [Fact]
    public async Task First_search_after_commit_finds_card()
    {
        using var indexes = new SearchIndexPool(_folder.Folder);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(async writer =>
        {
            for (var i = 0; i < 25; i++)
            {
                var id = $"w{writer}n{i}";
                _log.Commit(seq => Card(id, seq, id));
                (await SearchAsync(indexes, id)).ShouldBe([id]);
                _log.Commit(seq => IndexedCard.CreateTombstone(id, seq));
                (await SearchAsync(indexes, id)).ShouldBeEmpty();
            }
        }));
    }

    [Fact]
    public async Task Dropped_index_is_rebuilt_in_batches()
    {
        for (var i = 0; i < 2_500; i++)
        {
            var id = $"c{i}";
            _log.Commit(seq => Card(id, seq, $"granite{id}"));
        }

        using var indexes = new SearchIndexPool(_folder.Folder);
        (await SearchAsync(indexes, "granitec2499")).ShouldBe(["c2499"]);
        _log.Reads.ShouldBe(3);
        await indexes.DropAsync("t_a", "prod", TestContext.Current.CancellationToken);
        File.Exists(_folder.Path).ShouldBeFalse();
        (await SearchAsync(indexes, "granitec0")).ShouldBe(["c0"]);
    }

    [Fact]
    public async Task Each_tenant_and_env_has_its_own_index()
    {
        using var indexes = new SearchIndexPool(_folder.Folder);
        _log.Commit(seq => Card("a", seq, "granite"));
        (await SearchAsync(indexes, "granite")).ShouldBe(["a"]);
        var empty = new CardLog();
        (await SearchAsync(indexes, "granite", tenant: "t_b", log: empty)).ShouldBeEmpty();
        (await SearchAsync(indexes, "granite", env: "dev", log: empty)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("../t_a", "prod")]
    [InlineData("t_a", "../prod")]
    [InlineData("t_A", "prod")]
    public async Task Invalid_tenant_or_env_name_throws(string tenant, string env)
    {
        using var indexes = new SearchIndexPool(_folder.Folder);
        await Should.ThrowAsync<ArgumentException>(async () => await SearchAsync(indexes, "granite", tenant, env));
    }

    [Fact]
    public async Task Open_indexes_are_limited_and_never_closed_in_use()
    {
        using var indexes = new SearchIndexPool(_folder.Folder, mostOpen: 2);
        _log.Commit(seq => Card("a", seq, "granite"));
        var release = new TaskCompletionSource();
        var held = indexes.WithIndexAsync(
            "t_held",
            "prod",
            _log.Changes,
            async index => { await release.Task; return Ids(index, "granite"); },
            TestContext.Current.CancellationToken);
        await Task.WhenAll(
            Enumerable.Range(0, 40)
                .Select(i => Task.Run(async () => (await SearchAsync(indexes, "granite", $"t_{i % 10}")).ShouldBe(["a"]))));
        release.SetResult();
        (await held).ShouldBe(["a"]);
        (await SearchAsync(indexes, "granite", "t_0")).ShouldBe(["a"]);
        indexes.OpenCount.ShouldBeLessThanOrEqualTo(2);
    }

    [Fact]
    public async Task Drop_waits_until_index_is_unused()
    {
        using var indexes = new SearchIndexPool(_folder.Folder);
        _log.Commit(seq => Card("a", seq, "granite"));
        var release = new TaskCompletionSource();
        var held = indexes.WithIndexAsync(
            "t_a",
            "prod",
            _log.Changes,
            async index => { await release.Task; return Ids(index, "granite"); },
            TestContext.Current.CancellationToken)
            .AsTask();
        var drop = indexes.DropAsync("t_a", "prod", TestContext.Current.CancellationToken).AsTask();
        var later = SearchAsync(indexes, "granite");
        drop.IsCompleted.ShouldBeFalse();
        release.SetResult();
        (await held).ShouldBe(["a"]);
        await drop;
        (await later).ShouldBe(["a"]);
    }

    [Fact]
    public async Task Index_found_corrupt_during_search_is_rebuilt()
    {
        using var indexes = new SearchIndexPool(_folder.Folder);
        _log.Commit(seq => Card("a", seq, "granite"));
        (await SearchAsync(indexes, "granite")).ShouldBe(["a"]);
        var failed = 0;
        var found = await indexes.WithIndexAsync(
            "t_a",
            "prod",
            _log.Changes,
            index =>
                failed++ == 0
                    ? throw new Microsoft.Data.Sqlite.SqliteException("database disk image is malformed", 11)
                    : ValueTask.FromResult((Ids(index, "granite"), index.Position.Seq)),
            TestContext.Current.CancellationToken);
        found.Item1.ShouldBe(["a"]);
        _log.Reads.ShouldBe(3);
    }

    [Theory]
    [InlineData(13)]
    [InlineData(10)]
    [InlineData(14)]
    public async Task Disk_error_throws_StoreUnavailableException(int code)
    {
        using var indexes = new SearchIndexPool(_folder.Folder);
        await Should.ThrowAsync<StoreUnavailableException>(async () => await indexes.WithIndexAsync<int>(
            "t_a",
            "prod",
            _log.Changes,
            _ => throw new Microsoft.Data.Sqlite.SqliteException("database or disk is full", code),
            TestContext.Current.CancellationToken));
        (await SearchAsync(indexes, "granite")).ShouldBeEmpty();
    }

    [Fact]
    public async Task Uncreatable_folder_throws_StoreUnavailableException()
    {
        var file = System.IO.Path.Combine(_folder.Folder, "file");
        await File.WriteAllTextAsync(file, "", TestContext.Current.CancellationToken);
        using var indexes = new SearchIndexPool(file);
        await Should.ThrowAsync<StoreUnavailableException>(() => SearchAsync(indexes, "granite"));
    }

    [Fact]
    public async Task Cancelled_search_does_not_affect_others()
    {
        using var indexes = new SearchIndexPool(_folder.Folder);
        _log.Commit(seq => Card("a", seq, "granite"));
        var release = new TaskCompletionSource();
        using var impatient = new CancellationTokenSource();
        ReadCardChanges slow = async (position, cancellationToken) =>
        {
            await release.Task; return await _log.Changes(
            position,
            cancellationToken);
        };
        var first = indexes.WithIndexAsync("t_a", "prod", slow, index => ValueTask.FromResult(0), impatient.Token).AsTask();
        var second = SearchAsync(indexes, "granite");
        await impatient.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(first);
        release.SetResult();
        (await second).ShouldBe(["a"]);
    }

    public void Dispose() => _folder.Dispose();

    private async Task<IReadOnlyList<string>> SearchAsync(
        SearchIndexPool indexes, string text, string tenant = "t_a", string env = "prod", CardLog? log = null) =>
        await indexes.WithIndexAsync(
            tenant,
            env,
            (log ?? _log).Changes,
            index => ValueTask.FromResult(Ids(index, text)),
            TestContext.Current.CancellationToken);

    /// <summary>A stand-in for the store: changes in seq order, the newest per card.</summary>
    private sealed class CardLog
    {
        private readonly ConcurrentDictionary<string, IndexedCard> _newest = new(StringComparer.Ordinal);
        private readonly Lock _lock = new();
        private long _next;
        private int _reads;

        public int Reads => _reads;

        public void Commit(Func<long, IndexedCard> change)
        {
            lock (_lock)
            {
                var card = change(_next++);
                _newest[card.CardId] = card;
            }
        }

        public async ValueTask<CardChangePage?> Changes(IndexPosition position, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _reads);
            await Task.Yield();
            lock (_lock)
            {
                IndexedCard[] next =
                [
                    .. _newest.Values.Where(card => card.Seq > position.Seq).OrderBy(card => card.Seq).Take(SearchIndexPool.MaxPageChanges),
                ];
                return next is []
                    ? new CardChangePage([], position.Seq, position.LeafHash, false)
                    : new CardChangePage(next, next[^1].Seq, [1], next.Length == SearchIndexPool.MaxPageChanges);
            }
        }
    }
}
