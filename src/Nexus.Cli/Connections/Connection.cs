using Nexus.Cli.CommandLine;
using Nexus.Client;

namespace Nexus.Cli.Connections;

/// <summary>The server that a command calls, with tenant, env and credential.</summary>
internal sealed class Connection
{
    // Tokens are refreshed this long before they expire, to allow for clock skew and slow requests.
    private static readonly TimeSpan _refreshMargin = TimeSpan.FromSeconds(30);

    private readonly Invocation _invocation;
    private readonly SessionFile _file;
    private StoredSession? _session;

    private Connection(Invocation invocation, Uri server, SessionFile file, StoredSession? session)
    {
        _invocation = invocation;
        _file = file;
        _session = session;
        Server = server;
        Env = invocation.Env ?? session?.Env ?? "prod";
        Tenant = invocation.Tenant ?? session?.Tenant;
        Client = new NexusClient(invocation.Http, new NexusClientOptions
        {
            Server = server,
            Tenant = Tenant,
            Env = Env,
            Credential = session is null ? NexusClientOptions.StaticCredential(invocation.Token!) : GetTokenAsync,
        });
    }

    public Uri Server { get; }

    public string? Tenant { get; }

    public string Env { get; }

    public NexusClient Client { get; }

    /// <summary>Uses the given token, or else the stored session. A stored session is used only for the server that issued it.</summary>
    public static Connection Open(Invocation invocation, string? url = null)
    {
        var file = SessionFile.ForCurrentUser(invocation.Terminal);
        var session = file.Read();
        var server = ParseServer(url ?? invocation.Server ?? session?.Server);
        if (invocation.Token is not null)
        {
            return new Connection(invocation, server, file, session: null);
        }

        if (session is null || ParseServer(session.Server) != server)
        {
            throw CommandException.NotSignedIn(
                $"auth.missing: Not signed in to {FormatUrl(server)}. {FormatSignInHint(server)}, or pass --token or NEXUS_TOKEN.");
        }

        invocation.SignInHint = $"{FormatSignInHint(server)} again.";
        return new Connection(invocation, server, file, session);
    }

    /// <summary>The stored session at the server that issued it, whatever the command line says.</summary>
    public static Connection FromStoredSession(Invocation invocation, SessionFile file, StoredSession session)
        => new(invocation, ParseServer(session.Server), file, session);

    /// <summary>A URL without its trailing slash.</summary>
    public static string FormatUrl(Uri server) => server.AbsoluteUri.TrimEnd('/');

    /// <summary>Parses the server's URL. Fails if it is missing or not an http or https URL.</summary>
    public static Uri ParseServer(string? url)
    {
        if (url is null)
        {
            throw CommandException.Usage("client.server_missing: No server given. Pass --server URL or set NEXUS_SERVER.");
        }

        return Uri.TryCreate(url, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"
            ? uri
            : throw CommandException.Usage(
                $"client.server_invalid: Invalid server URL '{Terminal.ToSingleLine(url)}'. Example: http://127.0.0.1:5400");
    }

    private static string FormatSignInHint(Uri server) => $"Run 'nexus login --server {FormatUrl(server)}'";

    private async ValueTask<string?> GetTokenAsync(CancellationToken cancellationToken)
    {
        if (!IsFresh(_session!))
        {
            _session = await RefreshAsync(_session!, cancellationToken);
        }

        return _session!.AccessToken;
    }

    private bool IsFresh(StoredSession session) => session.ExpiresAt - _refreshMargin > _invocation.Terminal.Time.GetUtcNow();

    private async Task<StoredSession> RefreshAsync(StoredSession known, CancellationToken cancellationToken)
    {
        var time = _invocation.Terminal.Time;
        using var fileLock = await _file.LockAsync(time, cancellationToken);
        var stored = _file.Read();
        var current = stored is not null && stored.Server == known.Server ? stored : known;
        if (IsFresh(current))
        {
            return current; // Another request or command refreshed it while this one waited.
        }

        var anonymous = new NexusClient(_invocation.Http, new NexusClientOptions { Server = Server, Tenant = Tenant, Env = Env });
        try
        {
            var answer = await anonymous.RefreshAsync(new RefreshRequest { RefreshToken = current.RefreshToken }, cancellationToken);
            var renewed = current.With(answer, time);
            _file.Write(renewed);
            return renewed;
        }
        catch (NexusApiException e) when (e.Status is 401 or 403)
        {
            throw CommandException.NotSignedIn(
                $"{e.Code}: The session at {FormatUrl(Server)} has ended. {FormatSignInHint(Server)} again. (request {e.RequestId})");
        }
    }
}
