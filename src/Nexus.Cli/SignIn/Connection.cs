using Nexus.Cli.Running;
using Nexus.Client;

namespace Nexus.Cli.SignIn;

/// <summary>The service a verb talks to and whom it speaks for.</summary>
internal sealed class Connection
{
    // Refreshed this long before it expires, so that clocks and slow requests do not matter.
    private static readonly TimeSpan _margin = TimeSpan.FromSeconds(30);

    private readonly Invocation _invocation;
    private StoredSession? _session;

    private Connection(Invocation invocation, Uri server, StoredSession? session)
    {
        _invocation = invocation;
        _session = session;
        Server = server;
        Env = invocation.Env ?? session?.Env ?? "prod";
        Tenant = invocation.Tenant ?? session?.Tenant;
        Client = new NexusClient(invocation.Http, new NexusClientOptions
        {
            Server = server,
            Tenant = Tenant,
            Env = Env,
            Credential = session is null ? NexusClientOptions.StaticCredential(invocation.Token!) : CurrentTokenAsync,
        });
    }

    /// <summary>Whether the credential is the stored session's.</summary>
    public bool UsesStoredSession => _session is not null;

    public Uri Server { get; }

    public string? Tenant { get; }

    public string Env { get; }

    public NexusClient Client { get; }

    /// <summary>
    /// With a token given, that one; else the stored session, but only for the server it was made for.
    /// </summary>
    public static Connection Open(Invocation invocation, string? address = null)
    {
        var session = invocation.SessionFile.Read();
        var server = ParseServer(address ?? invocation.Server ?? session?.Server);
        if (invocation.Token is not null)
        {
            return new Connection(invocation, server, session: null);
        }

        if (session is null || ParseServer(session.Server) != server)
        {
            throw CommandException.NotSignedIn(
                $"auth.missing: Not signed in at {FormatUrl(server)}. Run 'nexus login --server {FormatUrl(server)}', or give --token or NEXUS_TOKEN.");
        }

        return new Connection(invocation, server, session);
    }

    /// <summary>An address as people write it.</summary>
    public static string FormatUrl(Uri server) => server.AbsoluteUri.TrimEnd('/');

    /// <summary>The stored session at its own server, whatever else the command line says.</summary>
    public static Connection FromStoredSession(Invocation invocation, StoredSession session)
        => new(invocation, ParseServer(session.Server), session);

    /// <summary>The address as a URI; fails where it is none or not given.</summary>
    public static Uri ParseServer(string? address)
    {
        if (address is null)
        {
            throw CommandException.Usage("client.server_missing: Say where the service is: --server URL or NEXUS_SERVER.");
        }

        return Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"
            ? uri
            : throw CommandException.Usage($"client.server_invalid: '{Terminal.Sanitize(address)}' is not an http or https address.");
    }

    private async ValueTask<string?> CurrentTokenAsync(CancellationToken cancellationToken)
    {
        if (!IsFresh(_session!))
        {
            _session = await RefreshAsync(_session!, cancellationToken);
        }

        return _session!.AccessToken;
    }

    private bool IsFresh(StoredSession session) => session.ExpiresAt - _margin > _invocation.Terminal.Time.GetUtcNow();

    private async Task<StoredSession> RefreshAsync(StoredSession known, CancellationToken cancellationToken)
    {
        var file = _invocation.SessionFile;
        var time = _invocation.Terminal.Time;
        using var alone = await file.LockAsync(time, cancellationToken);
        var stored = file.Read();
        var current = stored is not null && stored.Server == known.Server ? stored : known;
        if (IsFresh(current))
        {
            return current; // Another request or command has refreshed it while this one waited.
        }

        var anonymous = new NexusClient(_invocation.Http, new NexusClientOptions { Server = Server, Tenant = Tenant, Env = Env });
        try
        {
            var answer = await anonymous.RefreshAsync(new RefreshRequest { RefreshToken = current.RefreshToken }, cancellationToken);
            var renewed = current.With(answer, time);
            file.Write(renewed);
            return renewed;
        }
        catch (NexusApiException e) when (e.Status is 401 or 403)
        {
            throw CommandException.NotSignedIn($"{e.Code}: The session at {FormatUrl(Server)} has ended. Run 'nexus login --server {FormatUrl(Server)}' again. (request {e.RequestId})");
        }
    }
}
