using System.Collections.Concurrent;
using Nexus.Cli.CommandLine;
using Nexus.Client;

namespace Nexus.Cli.Cards.Import;

/// <summary>
/// Creates cards from files, several batches at a time. A refused file does not stop the others. A refusal of the caller or a
/// server failure stops the import; <see cref="CreateReport"/> then reports what was done so far.
/// </summary>
internal sealed class CardImport(NexusClient client, IReadOnlyList<string> files, TimeProvider time)
{
    private const int MaxParallelBatches = 3;
    private const int MaxAttempts = 5;
    private const int Unavailable = 503;
    private static readonly TimeSpan _maxDelay = TimeSpan.FromSeconds(60);

    private readonly ConcurrentBag<ImportedFile> _imported = [];
    private readonly ConcurrentBag<RefusedFile> _refused = [];
    private readonly long _start = time.GetTimestamp();

    /// <summary>Files imported or refused so far.</summary>
    public int SettledCount => _imported.Count + _refused.Count;

    /// <summary>Imports all files. Throws the error that stopped the import.</summary>
    public Task RunAsync(string? cardType, CancellationToken cancellationToken)
        => Parallel.ForEachAsync(
            FileBatch.ReadAsync(files, cardType, _refused.Add, cancellationToken),
            new ParallelOptions { MaxDegreeOfParallelism = MaxParallelBatches, CancellationToken = cancellationToken },
            (batch, stopped) => new ValueTask(SendAsync(batch, stopped)));

    /// <summary>The state of all files so far.</summary>
    public ImportReport CreateReport() => new()
    {
        Files = files.Count,
        Imported = [.. _imported.OrderBy(file => file.File, StringComparer.Ordinal)],
        Refused = [.. _refused.OrderBy(file => file.File, StringComparer.Ordinal)],
        Seconds = Math.Round(time.GetElapsedTime(_start).TotalSeconds, 2),
    };

    private async Task SendAsync(FileBatch batch, CancellationToken cancellationToken)
    {
        try
        {
            RecordResults(batch, await SendWithRetryAsync(batch, cancellationToken));
        }
        catch (NexusApiException e) when (e.Status is 400 or 413 or 415 or 422)
        {
            foreach (var file in batch.Files)
            {
                _refused.Add(new RefusedFile(file, e.Code, e.Detail));
            }
        }
    }

    /// <summary>
    /// Retries a batch while the server is busy. Nothing is stored twice: the batch keeps its idempotency key, and the server
    /// keeps each part of its answer.
    /// </summary>
    private async Task<List<CardBatchResult>> SendWithRetryAsync(FileBatch batch, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            TimeSpan wait;
            try
            {
                var results = await client.CreateCardsAsync(batch.Cards, cancellationToken).ToListAsync(cancellationToken);
                if (attempt == MaxAttempts || !results.Exists(result => result.Error?.Status == Unavailable))
                {
                    return results;
                }

                wait = TimeSpan.FromSeconds(attempt);
            }
            catch (NexusApiException e) when (
                attempt < MaxAttempts && (e.Status is 429 or Unavailable || e.Code == "idempotency.in_flight"))
            {
                wait = e.RetryAfter ?? TimeSpan.FromSeconds(attempt);
            }
            catch (Exception e) when (
                attempt < MaxAttempts && !_imported.IsEmpty && (e is HttpRequestException || CommandException.IsConnectionLost(e)))
            {
                wait = TimeSpan.FromSeconds(attempt);
            }

            await Task.Delay(wait < _maxDelay ? wait : _maxDelay, time, cancellationToken);
        }
    }

    private void RecordResults(FileBatch batch, List<CardBatchResult> results)
    {
        LineError? unavailable = null;
        foreach (var (file, result) in batch.Files.Zip(results))
        {
            if (result.Card is { } card)
            {
                _imported.Add(new ImportedFile(file, card.CardId));
            }
            else if (result.Error is { Status: not Unavailable } refusal)
            {
                _refused.Add(new RefusedFile(file, refusal.Code, refusal.Detail));
            }
            else
            {
                unavailable = result.Error;
            }
        }

        if (unavailable is not null || results.Count != batch.Files.Count)
        {
            throw new NexusApiException(new ProblemDetails
            {
                Status = Unavailable,
                Code = unavailable?.Code ?? "client.answer_unreadable",
                Detail = unavailable?.Detail ?? "The number of results differs from the number of lines sent.",
            });
        }
    }
}
