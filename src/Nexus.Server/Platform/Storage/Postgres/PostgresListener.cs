using Dapper;
using Npgsql;

namespace Nexus.Server.Platform.Storage.Postgres;

/// <summary>
/// Hears of other nodes' configuration changes, on a connection of its own. While that is lost, caches live off their bounded age.
/// </summary>
internal sealed partial class PostgresListener : IAsyncDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly NpgsqlDataSource _source;
    private readonly Action<string, string> _onChanged;
    private readonly ILogger _logger;
    private readonly Task _listening;

    /// <summary>Starts to listen.</summary>
    public PostgresListener(NpgsqlDataSource source, Action<string, string> onChanged, ILogger logger)
    {
        (_source, _onChanged, _logger) = (source, onChanged, logger);
        _listening = Task.Run(ListenAsync);
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _listening;
        _stopping.Dispose();
    }

    private async Task ListenAsync()
    {
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                await using var connection = await _source.OpenConnectionAsync(_stopping.Token);
                connection.Notification += (_, notice) => OnNotified(notice.Payload);
                await connection.ExecuteAsync("listen nexus");
                while (true)
                {
                    await connection.WaitAsync(_stopping.Token);
                }
            }
            catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception) when (!_stopping.IsCancellationRequested)
            {
                LogListenFailed(exception);
                await Task.Delay(TimeSpan.FromSeconds(1), _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    // The payload of a notification: a topic without spaces, and the key.
    private void OnNotified(string payload)
    {
        var space = payload.IndexOf(' ', StringComparison.Ordinal);
        if (space > 0)
        {
            _onChanged(payload[..space], payload[(space + 1)..]);
        }
    }

    [LoggerMessage(LogLevel.Warning, "Not listening for other nodes' changes; trying again")]
    private partial void LogListenFailed(Exception exception);
}
