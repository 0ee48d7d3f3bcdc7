using System.Text;
using Nexus.Server.Platform.Storage.Blobs;


namespace Nexus.Tests.Platform.Storage.Blobs;

/// <summary>The file store with concurrent writes to one key.</summary>
public sealed class FileBlobStoreTests
{
    [Fact]
    public async Task Concurrent_placements_under_one_key_have_one_winner()
    {
        const int Rounds = 500;
        var folder = Directory.CreateTempSubdirectory("nexus-blobs-");
        try
        {
            var store = new FileBlobStore(folder.FullName, new byte[32]);
            var keys = Enumerable.Range(0, Rounds).Select(round => $"staging/t_race/prod/{round}").ToList();
            using var together = new Barrier(2);
            var placed = await Task.WhenAll(RunAsync("one"), RunAsync("two"));
            for (var round = 0; round < Rounds; round++)
            {
                var winner = (placed[0][round], placed[1][round]) switch
                {
                    (true, false) => "one",
                    (false, true) => "two",
                    var both => $"{both}",
                };
                (await File.ReadAllTextAsync(Path.Combine(folder.FullName, keys[round]), TestContext.Current.CancellationToken)).ShouldBe(
                    winner,
                    $"round {round}");
            }

            Directory.EnumerateFiles(Path.Combine(folder.FullName, "unfinished")).ShouldBeEmpty();

            // A dedicated thread, because it waits for the other one in every round.
            Task<List<bool>> RunAsync(string who) =>
                Task.Factory.StartNew(() => Place(who), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

            List<bool> Place(string who)
            {
                try
                {
                    return keys.ConvertAll(key =>
                    {
                        using var blob = store.WriteTemporaryAsync(
                            new MemoryStream(Encoding.UTF8.GetBytes(who)),
                            10,
                            CancellationToken.None)
                            .AsTask()
                            .GetAwaiter()
                            .GetResult();
                        together.SignalAndWait(TestContext.Current.CancellationToken);
                        return store.TryCommit(blob, key);
                    });
                }
                finally
                {
                    together.RemoveParticipant();
                }
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
