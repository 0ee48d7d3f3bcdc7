using System.Collections.Concurrent;
using Nexus.Client;

namespace Nexus.Cli.Cards.Import;

/// <summary>
/// Sends files as cards, several batches at once. A refused file stops no other; a refusal of the caller itself or a server
/// that fails stops the import, and <see cref="Report"/> still says what was done.
/// </summary>
internal sealed class CardImport(NexusClient client, IReadOnlyList<string> files, TimeProvider time)
{
    private const int BatchesAtOnce = 3;
    private const int Tries = 5;
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(60);

    private readonly ConcurrentBag<ImportedFile> _imported = [];
    private readonly ConcurrentBag<RefusedFile> _refused = [];
    private readonly long _start = time.GetTimestamp();

    /// <summary>Files settled so far, in one way or the other.</summary>
    public int Settled => _imported.Count + _refused.Count;

    /// <summary>Imports all files; throws what stopped it.</summary>
    public Task RunAsync(string? cardType, CancellationToken cancellation)
        => Parallel.ForEachAsync(
            FileBatch.ReadAsync(files, cardType, _refused.Add, cancellation),
            new ParallelOptions { MaxDegreeOfParallelism = BatchesAtOnce, CancellationToken = cancellation },
            (batch, stopped) => new ValueTask(SendAsync(batch, stopped)));

    /// <summary>What has become of the files until now.</summary>
    public ImportReport Report() => new()
    {
        Files = files.Count,
        Imported = [.. _imported.OrderBy(file => file.File, StringComparer.Ordinal)],
        Refused = [.. _refused.OrderBy(file => file.File, StringComparer.Ordinal)],
        Seconds = Math.Round(time.GetElapsedTime(_start).TotalSeconds, 2),
    };

    private async Task SendAsync(FileBatch batch, CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await SendOnceAsync(batch, cancellation);
                return;
            }
            catch (NexusApiException e) when (e.Status == 429 && attempt < Tries)
            {
                // The gate refused before any work: the same batch may go again when its window has passed.
                var wait = e.RetryAfter ?? TimeSpan.FromSeconds(attempt);
                await Task.Delay(wait < LongestWait ? wait : LongestWait, time, cancellation);
            }
            catch (NexusApiException e) when (e.Status is 400 or 413 or 415 or 422)
            {
                foreach (var file in batch.Files)
                {
                    _refused.Add(new RefusedFile(file, e.Code, e.Detail));
                }

                return;
            }
        }
    }

    private async Task SendOnceAsync(FileBatch batch, CancellationToken cancellation)
    {
        var line = 0;
        await foreach (var result in client.CreateCardsAsync(batch.Cards, cancellation))
        {
            if (line == batch.Files.Count)
            {
                throw Mismatch();
            }

            var file = batch.Files[line++];
            if (result.Card is { } card)
            {
                _imported.Add(new ImportedFile(file, card.CardId));
            }
            else
            {
                _refused.Add(new RefusedFile(file, result.Error?.Code ?? "client.unknown", result.Error?.Detail ?? "The server gave no reason."));
            }
        }

        if (line != batch.Files.Count)
        {
            throw Mismatch();
        }
    }

    private static NexusApiException Mismatch() => new(new ProblemDetails
    {
        Status = 502,
        Code = "client.answer_unreadable",
        Detail = "The server answered more or fewer results than lines were sent.",
    });
}
