using Nexus.Server.Identity.Tenants;
using Nexus.Server.Knowledge.Cards;
using Nexus.Server.Platform.Storage;
using Nexus.Server.Platform.Tenancy;

namespace Nexus.Server.Knowledge.Search;

/// <summary>
/// Has cards embedded in the background, a batch of each tenant and env in turn: those written on this node, and from the start on
/// all that are known to it, by the row of their tenant or by their index. One that fails pauses alone. Without an embedder nothing runs.
/// </summary>
internal sealed partial class EmbeddingWorker(
    Database database, CardEmbedder cards, EmbeddingQueue queue, SearchIndexes indexes, TimeProvider time, ILogger<EmbeddingWorker> logger, Embedder? embedder = null)
    : BackgroundService
{
    // So many failures in a row, and the texts are suspected.
    private const int FewFailures = 3;

    private static readonly TimeSpan _shortest = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan _longest = TimeSpan.FromMinutes(5);

    private readonly Dictionary<Scope, int> _failures = [];

    // Up to where a scope's cards were seen to have a vector, or to get none.
    private readonly Dictionary<Scope, long> _done = [];

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (embedder is null)
        {
            return;
        }

        database.Committed += queue.Wake;
        try
        {
            await WakeAllAsync(stoppingToken);
            while (true)
            {
                var (scope, isSure) = await queue.NextAsync(stoppingToken);
                await TurnToAsync(embedder, scope, isSure, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
        finally
        {
            database.Committed -= queue.Wake;
        }
    }

    private async ValueTask TurnToAsync(Embedder embedder, Scope scope, bool isSure, CancellationToken cancellation)
    {
        try
        {
            var (newest, any) = await LookAsync(embedder, scope, cancellation);
            var more = (isSure || any) && await cards.EmbedBatchAsync(scope, _failures.GetValueOrDefault(scope) >= FewFailures, cancellation);
            if (!more)
            {
                _done[scope] = newest;
            }

            _failures.Remove(scope);
            queue.Done(scope, more, more ? TimeSpan.Zero : null);
        }
        catch (Exception failure) when (!cancellation.IsCancellationRequested)
        {
            var pause = Pause(_failures.GetValueOrDefault(scope));
            _failures[scope] = _failures.GetValueOrDefault(scope) + 1;
            LogFailed(failure, scope.TenantId, scope.Env, (int)pause.TotalSeconds);
            queue.Done(scope, isSure, pause);
        }
    }

    private async ValueTask<(long Newest, bool Any)> LookAsync(Embedder embedder, Scope scope, CancellationToken cancellation)
    {
        var (newest, any) = await database.ReadAsync(scope, session => CardEmbeddings.FindMissingAsync(session, embedder.Model, _done.GetValueOrDefault(scope, -1)), cancellation);
        if (newest < _done.GetValueOrDefault(scope, -1))
        {
            // The store was restored to before.
            _done.Remove(scope);
            return await LookAsync(embedder, scope, cancellation);
        }

        return (newest, any);
    }

    private async ValueTask WakeAllAsync(CancellationToken cancellation)
    {
        foreach (var (tenant, env) in indexes.Stored())
        {
            queue.Wake(new Scope(tenant, env));
        }

        for (var failures = 0; ; failures++)
        {
            try
            {
                foreach (var tenant in await database.ReadAsync(Scope.System, StoredTenant.AllAsync, cancellation))
                {
                    foreach (var env in Envs.All)
                    {
                        queue.Wake(new Scope(tenant, env));
                    }
                }

                return;
            }
            catch (Exception failure) when (!cancellation.IsCancellationRequested)
            {
                LogFailed(failure, "all", "all", (int)Pause(failures).TotalSeconds);
                await Task.Delay(Pause(failures), time, cancellation);
            }
        }
    }

    private static TimeSpan Pause(int failures) => failures < 10 && _shortest * (1 << failures) < _longest ? _shortest * (1 << failures) : _longest;

    [LoggerMessage(LogLevel.Warning, "Embedding cards of {TenantId} {Env} failed; trying again in {Seconds} s")]
    private partial void LogFailed(Exception failure, string tenantId, string env, int seconds);
}
