using System.Collections.Concurrent;
using Nexus.Server.Platform.Storage;

namespace Nexus.Server.Audit.Events;

/// <summary>
/// Notifies followers of a log when it grows: immediately for writes on this node, and within <see cref="PollInterval"/> for
/// writes on other nodes. The heads of followed logs are polled, once per log. A database notification per append would serialize
/// all commits.
/// </summary>
internal sealed partial class LogWatcher : BackgroundService
{
    private readonly ConcurrentDictionary<(string TenantId, string Env), WatchedLog> _logs = new();
    private readonly Database _database;
    private readonly TimeProvider _time;
    private readonly ILogger<LogWatcher> _logger;

    /// <summary>Subscribes to this node's commits.</summary>
    public LogWatcher(Database database, TimeProvider time, ILogger<LogWatcher> logger)
    {
        (_database, _time, _logger) = (database, time, logger);
        database.Committed += scope =>
        {
            if (_logs.TryGetValue((scope.TenantId, scope.Env), out var watched))
            {
                watched.SignalGrowth();
            }
        };
    }

    /// <summary>How often logs that other nodes may write are polled.</summary>
    public static TimeSpan PollInterval { get; } = TimeSpan.FromMilliseconds(250);

    /// <summary>The number of followers on this node.</summary>
    public int Followers => _logs.Values.Sum(watched => watched.Followers);

    /// <summary>
    /// Follows a log until the follower is disposed. Returns null if the log already has <paramref name="most"/> followers.
    /// </summary>
    public Follower? TryFollow(Scope scope, int most)
    {
        while (true)
        {
            var watched = _logs.GetOrAdd((scope.TenantId, scope.Env), static _ => new WatchedLog());
            switch (watched.TryEnter(most))
            {
                case true:
                    return new Follower(this, (scope.TenantId, scope.Env), watched);
                case false:
                    return null;
                default:
                    // The last follower has just left and is removing this instance.
                    break;
            }
        }
    }

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (_database.IsShared && !stoppingToken.IsCancellationRequested)
        {
            foreach (var ((tenantId, env), watched) in _logs)
            {
                try
                {
                    var size = await _database.ReadAsync(
                        new Scope(tenantId, env),
                        LogHeads.GetSizeAsync,
                        stoppingToken);
                    watched.ReportSize(size);
                }
                catch (StoreUnavailableException exception)
                {
                    LogFailed(exception);
                }
                catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
                {
                    return;
                }
            }

            await Task.Delay(PollInterval, _time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    [LoggerMessage(LogLevel.Warning, "The size of a followed log could not be read; trying again")]
    private partial void LogFailed(Exception exception);

    /// <summary>A follower of a log.</summary>
    internal sealed class Follower(LogWatcher watch, (string TenantId, string Env) log, WatchedLog watched) : IDisposable
    {
        /// <summary>
        /// A task that completes when the log grows after this property was read. Get the task first, then read the log, then
        /// wait.
        /// </summary>
        public Task Grown => watched.Grown;

        /// <inheritdoc />
        public void Dispose()
        {
            if (watched.Leave())
            {
                watch._logs.TryRemove(new(log, watched));
            }
        }
    }

    /// <summary>A log with followers.</summary>
    internal sealed class WatchedLog
    {
        private readonly Lock _lock = new();
        private TaskCompletionSource _grown = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private long _size = -1;
        private int _followers;
        private bool _isAbandoned;

        /// <inheritdoc cref="Follower.Grown" />
        public Task Grown => Volatile.Read(ref _grown).Task;

        /// <inheritdoc cref="LogWatcher.Followers" />
        public int Followers => Volatile.Read(ref _followers);

        public void SignalGrowth() =>
            Interlocked.Exchange(ref _grown, new(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();

        /// <summary>Updates the log's size and notifies the followers if it changed.</summary>
        public void ReportSize(long size)
        {
            if (Interlocked.Exchange(ref _size, size) != size)
            {
                SignalGrowth();
            }
        }

        /// <summary>Adds a follower. Returns false if there are too many, or null if this instance was abandoned.</summary>
        public bool? TryEnter(int most)
        {
            lock (_lock)
            {
                if (_isAbandoned)
                {
                    return null;
                }

                if (_followers >= most)
                {
                    return false;
                }

                _followers++;
                return true;
            }
        }

        /// <summary>Removes a follower. Returns true if it was the last.</summary>
        public bool Leave()
        {
            lock (_lock)
            {
                _isAbandoned = --_followers == 0;
                return _isAbandoned;
            }
        }
    }
}
