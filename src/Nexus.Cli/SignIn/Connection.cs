using Nexus.Cli.Running;
using Nexus.Client;

namespace Nexus.Cli.SignIn;

/// <summary>The service a verb talks to and whom it speaks for.</summary>
internal sealed class Connection
{
    // Refreshed this long before it expires, so that clocks and slow requests do not matter.
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(30);

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
            Credential = session is null ? NexusClientOptions.Fixed(invocation.Token!) : CurrentTokenAsync,
        });
    }

    /// <summary>Whether the credential is the stored session's.</summary>
    public bool IsOfSession => _session is not null;

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
        var server = ServerOf(address ?? invocation.Server ?? session?.Server);
        if (invocation.Token is not null)
        {
            return new Connection(invocation, server, session: null);
        }

        if (session is null || ServerOf(session.Server) != server)
        {
            throw Failure.NotSignedIn(
                $"auth.missing: Not signed in at {Shown(server)}. Run 'nexus login --server {Shown(server)}', or give --token or NEXUS_TOKEN.");
        }

        return new Connection(invocation, server, session);
    }

    /// <summary>An address as people write it.</summary>
    public static string Shown(Uri server) => server.AbsoluteUri.TrimEnd('/');

    /// <summary>The stored session at its own server, whatever else the command line says.</summary>
    public static Connection OfStored(Invocation invocation, StoredSession session)
        => new(invocation, ServerOf(session.Server), session);

    /// <summary>The address as a URI; fails where it is none or not given.</summary>
    public static Uri ServerOf(string? address)
    {
        if (address is null)
        {
            throw Failure.Usage("client.server_missing: Say where the service is: --server URL or NEXUS_SERVER.");
        }

        return Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"
            ? uri
            : throw Failure.Usage($"client.server_invalid: '{Terminal.Harmless(address)}' is not an http or https address.");
    }

    private async ValueTask<string?> CurrentTokenAsync(CancellationToken cancellation)
    {
        if (!IsFresh(_session!))
        {
            _session = await RefreshAsync(_session!, cancellation);
        }

        return _session!.AccessToken;
    }

    private bool IsFresh(StoredSession session) => session.ExpiresAt - Margin > _invocation.Terminal.Time.GetUtcNow();

    private async Task<StoredSession> RefreshAsync(StoredSession known, CancellationToken cancellation)
    {
        var file = _invocation.SessionFile;
        var time = _invocation.Terminal.Time;
        using var alone = await file.LockAsync(time, cancellation);
        var stored = file.Read();
        var current = stored is not null && stored.Server == known.Server ? stored : known;
        if (IsFresh(current))
        {
            return current; // Another request or command has refreshed it while this one waited.
        }

        var anonymous = new NexusClient(_invocation.Http, new NexusClientOptions { Server = Server, Tenant = Tenant, Env = Env });
        try
        {
            var answer = await anonymous.RefreshAsync(new RefreshRequest { RefreshToken = current.RefreshToken }, cancellation);
            var renewed = current.With(answer, time);
            file.Write(renewed);
            return renewed;
        }
        catch (NexusApiException e) when (e.Status is 401 or 403)
        {
            throw Failure.NotSignedIn($"{e.Code}: The session at {Shown(Server)} has ended. Run 'nexus login --server {Shown(Server)}' again. (request {e.RequestId})");
        }
    }
}
