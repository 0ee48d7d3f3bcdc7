using System.Collections.Concurrent;
using System.Text;
using System.Text.Json.Nodes;
using Nexus.Merkle;
using Nexus.Server.Audit.Events;
using Nexus.Server.Platform.Storage;
using Nexus.Server.Platform.Tenancy;

namespace Nexus.Server.Audit.Transparency;

/// <summary>A key that signs checkpoints.</summary>
/// <param name="Number">The key's number in the order of rotation, from 1.</param>
/// <param name="Key">The key, including its private part.</param>
internal sealed record NumberedKey(long Number, LogKey Key);

/// <summary>
/// The keys that sign checkpoints, encrypted with the master key and shared by all nodes. After a rotation the old key keeps
/// signing for a while, so that verifiers have time to fetch the new one. A rotation on another node is noticed within 5 s.
/// </summary>
internal sealed class LogKeyStore : IDisposable
{
    private const string Topic = "log-keys";

    private readonly Database _database;
    private readonly SecretStore _secrets;
    private readonly EventLog _log;
    private readonly LogName _name;
    private readonly TimeProvider _time;
    private readonly TimeSpan _overlap;
    private readonly ReadThroughCache<List<Row>> _cache;
    private readonly ConcurrentDictionary<long, LogKey> _loadedKeys = new();

    public LogKeyStore(Database database, SecretStore secrets, EventLog log, LogName name, LogOptions options, TimeProvider time)
    {
        (_database, _secrets, _log, _name, _time, _overlap) = (database, secrets, log, name, time, TimeSpan.FromDays(options.KeyOverlap));
        _cache = new ReadThroughCache<List<Row>>(TimeSpan.FromSeconds(5), time);
        database.Changed += OnChanged;
    }

    /// <summary>Returns the active signing keys, newest first. Creates the first key if there is none.</summary>
    public async ValueTask<IReadOnlyList<NumberedKey>> GetSigningKeysAsync(CancellationToken cancellationToken)
    {
        var now = _time.GetUtcNow();
        var signing = (await GetRowsAsync(cancellationToken)).Where(
            row => row.RetiredAt is not { } retired || Timestamps.FromMicros(retired) + _overlap > now);
        var keys = new List<NumberedKey>();
        foreach (var row in signing)
        {
            keys.Add(new NumberedKey(row.Number, await LoadAsync(row.Number, cancellationToken)));
        }

        return keys;
    }

    /// <summary>Returns the public keys of all keys ever used as PEM, newest first, with a line of text before each.</summary>
    public async ValueTask<string> ExportPemAsync(CancellationToken cancellationToken)
    {
        var pem = new StringBuilder();
        foreach (var row in await GetRowsAsync(cancellationToken))
        {
            using var key = LogKey.FromPublic(row.PublicKey);
            pem.Append(
                CultureInfo.InvariantCulture,
                $"# {_name.Value}, key {key.Id:x8}, signs from {FormatTime(Timestamps.FromMicros(row.CreatedAt))}");
            if (row.RetiredAt is { } retired)
            {
                pem.Append(CultureInfo.InvariantCulture, $" to {FormatTime(Timestamps.FromMicros(retired) + _overlap)}");
            }

            pem.Append('\n').Append(LogKey.ToPem(key));
        }

        return pem.ToString();
    }

    /// <summary>Creates a key that signs from now on, and records the rotation in the log of tenant-0.</summary>
    /// <returns>The new key's id.</returns>
    public async ValueTask<uint> RotateAsync(CancellationToken cancellationToken)
    {
        var rows = await GetRowsAsync(cancellationToken);
        await CreateAsync(rows[0].Number + 1, cancellationToken);
        return (await GetSigningKeysAsync(cancellationToken))[0].Key.Id;
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _database.Changed -= OnChanged;
        foreach (var key in _loadedKeys.Values)
        {
            key.Dispose();
        }
    }

    private static string FormatTime(DateTimeOffset moment) =>
        moment.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private async ValueTask<List<Row>> GetRowsAsync(CancellationToken cancellationToken)
    {
        var rows = await _cache.GetAsync(Topic, ReadAsync);
        if (rows.Count > 0)
        {
            return rows;
        }

        await CreateAsync(1, cancellationToken);
        return await ReadAsync();

        ValueTask<List<Row>> ReadAsync() => _database.ReadAsync(
            Scope.System,
            session =>
                session.QueryAsync<Row>(
                    """
                    select key_number as Number, public_key as PublicKey, created_at as CreatedAt, retired_at as RetiredAt from log_keys
                      order by key_number desc
                    """),
            cancellationToken);
    }

    /// <summary>Creates the key with the number unless another node just did.</summary>
    private async ValueTask CreateAsync(long number, CancellationToken cancellationToken)
    {
        var key = await LoadAsync(number, cancellationToken);
        await _database.WriteAsync(
            Scope.System,
            async session =>
            {
                var now = _time.GetUtcNowMicros();
                var made = await session.ExecuteAsync(
                    """
                    insert into log_keys (key_number, public_key, created_at) values (@number, @key, @now)
                      on conflict (key_number) do nothing
                    """,
                    new { number, key = key.PublicKey.ToArray(), now });
                await session.ExecuteAsync(
                    "update log_keys set retired_at = @now where key_number < @number and retired_at is null",
                    new { number, now });
                if (made == 1 && number > 1)
                {
                    var context = RequestContextFactory.ForSystem("log_key_rotate");
                    var rotated = new NewEvent("log_key_rotated", "log_key", key.Id.ToString("x8", CultureInfo.InvariantCulture))
                    {
                        Surface = "audit",
                        Output = new JsonObject { ["public_key"] = Convert.ToBase64String(key.PublicKey) },
                    };
                    await _log.AppendAsync(session, context, rotated, EventLog.WithoutRedaction(context, rotated));
                }

                await session.NotifyAsync(Topic, Topic);
                return made;
            },
            cancellationToken);
        _cache.Invalidate(Topic);
    }

    private async ValueTask<LogKey> LoadAsync(long number, CancellationToken cancellationToken)
    {
        if (_loadedKeys.TryGetValue(number, out var known))
        {
            return known;
        }

        var name = string.Create(CultureInfo.InvariantCulture, $"log-key-{number}");
        var bytes = await _secrets.GetOrCreateAsync(
            name,
            () =>
            {
                using var made = LogKey.Create();
                return made.ExportPrivate();
            },
            cancellationToken);
        var key = LogKey.FromPrivate(bytes);
        var kept = _loadedKeys.GetOrAdd(number, key);
        if (!ReferenceEquals(kept, key))
        {
            key.Dispose();
        }

        return kept;
    }

    private void OnChanged(string topic, string key)
    {
        if (topic == Topic)
        {
            _cache.Invalidate(Topic);
        }
    }

    private sealed class Row
    {
        public long Number { get; init; }

        public byte[] PublicKey { get; init; } = [];

        public long CreatedAt { get; init; }

        public long? RetiredAt { get; init; }
    }
}
