using Nexus.Server.Identity.Tenants;
using Nexus.Server.Knowledge.Cards;
using Nexus.Server.Platform.Storage;
using Nexus.Server.Platform.Tenancy;

namespace Nexus.Server.Knowledge.Search;

/// <summary>
/// Embeds cards in the background, one batch per tenant and env in turn. Covers cards written on this node and, at startup, all
/// scopes known from tenant rows and index files. A failing scope backs off on its own. Does nothing if no embedder is
/// configured.
/// </summary>
internal sealed partial class EmbeddingWorker(
    Database database, CardEmbedder cards, EmbeddingQueue queue, SearchIndexPool indexes, TimeProvider time,
    ILogger<EmbeddingWorker> logger, Embedder? embedder = null)
    : BackgroundService
{
    // After this many consecutive failures the texts are suspected.
    private const int SuspectTextsAfterFailures = 3;

    private static readonly TimeSpan _minBackoff = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan _maxBackoff = TimeSpan.FromMinutes(5);

    private readonly Dictionary<Scope, int> _failureCounts = [];

    // The seq up to which every card of a scope has a vector or was skipped.
    private readonly Dictionary<Scope, long> _processedSeqs = [];

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (embedder is null)
        {
            return;
        }

        database.Committed += queue.Enqueue;
        try
        {
            await EnqueueAllAsync(stoppingToken);
            while (true)
            {
                var (scope, isSure) = await queue.DequeueAsync(stoppingToken);
                await ProcessAsync(embedder, scope, isSure, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
        finally
        {
            database.Committed -= queue.Enqueue;
        }
    }

    private async ValueTask ProcessAsync(Embedder embedder, Scope scope, bool isSure, CancellationToken cancellationToken)
    {
        try
        {
            var (newest, any) = await FindMissingAsync(embedder, scope, cancellationToken);
            var more = (isSure || any)
                && await cards.EmbedBatchAsync(
                    scope,
                    _failureCounts.GetValueOrDefault(scope) >= SuspectTextsAfterFailures,
                    cancellationToken);
            if (!more)
            {
                _processedSeqs[scope] = newest;
            }

            _failureCounts.Remove(scope);
            queue.Complete(scope, more, more ? TimeSpan.Zero : null);
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            var pause = GetBackoff(_failureCounts.GetValueOrDefault(scope));
            _failureCounts[scope] = _failureCounts.GetValueOrDefault(scope) + 1;
            LogFailed(failure, scope.TenantId, scope.Env, (int)pause.TotalSeconds);
            queue.Complete(scope, isSure, pause);
        }
    }

    private async ValueTask<(long Newest, bool Any)> FindMissingAsync(Embedder embedder, Scope scope, CancellationToken cancellationToken)
    {
        var (newest, any) = await database.ReadAsync(
            scope,
            session => CardEmbeddingStore.FindMissingAsync(session, embedder.Model, _processedSeqs.GetValueOrDefault(scope, -1)),
            cancellationToken);
        if (newest < _processedSeqs.GetValueOrDefault(scope, -1))
        {
            // The store was restored to an earlier state.
            _processedSeqs.Remove(scope);
            return await FindMissingAsync(embedder, scope, cancellationToken);
        }

        return (newest, any);
    }

    private async ValueTask EnqueueAllAsync(CancellationToken cancellationToken)
    {
        foreach (var (tenant, env) in indexes.ListStored())
        {
            queue.Enqueue(new Scope(tenant, env));
        }

        for (var failures = 0; ; failures++)
        {
            try
            {
                foreach (var tenant in await database.ReadAsync(Scope.System, StoredTenant.ListIdsAsync, cancellationToken))
                {
                    foreach (var env in Envs.All)
                    {
                        queue.Enqueue(new Scope(tenant, env));
                    }
                }

                return;
            }
            catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
            {
                LogFailed(failure, "all", "all", (int)GetBackoff(failures).TotalSeconds);
                await Task.Delay(GetBackoff(failures), time, cancellationToken);
            }
        }
    }

    private static TimeSpan GetBackoff(int failures) =>
        failures < 10 && _minBackoff * (1 << failures) < _maxBackoff ? _minBackoff * (1 << failures) : _maxBackoff;

    [LoggerMessage(LogLevel.Warning, "Embedding cards of {TenantId} {Env} failed; trying again in {Seconds} s")]
    private partial void LogFailed(Exception failure, string tenantId, string env, int seconds);
}
