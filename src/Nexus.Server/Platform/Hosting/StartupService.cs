using System.Text;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Nexus.Client;
using Nexus.Server.Audit.Transparency;
using Nexus.Server.Identity.Setup;
using Nexus.Server.Platform.Http;

namespace Nexus.Server.Platform.Hosting;

/// <summary>
/// Runs once at startup: creates the first user and the demo data before the first request is accepted, and prints the startup
/// message once the service listens.
/// </summary>
internal sealed class StartupService(
    ServeOptions serve, PublicUrl publicUrl, InitialSetup initialSetup, DemoSeeder demo, LogKeyStore keys, LogEpochs epochs,
    IServer server) : IHostedLifecycleService
{
    private string? _demoKey;
    private uint? _newLogKey;
    private int? _begunEpochs;

    /// <inheritdoc />
    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        await initialSetup.PrepareAsync(cancellationToken);
        _demoKey = serve.Demo ? await demo.SeedAsync(cancellationToken) : null;
        _newLogKey = serve.RotateLogKey ? await keys.RotateAsync(cancellationToken) : null;
        _begunEpochs = serve.BeginEpoch ? await epochs.BeginAsync(cancellationToken) : null;
    }

    /// <inheritdoc />
    public async Task StartedAsync(CancellationToken cancellationToken)
    {
        if (serve.Announce is { } announce)
        {
            var url = publicUrl.Configured
                ?? server.Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault()
                ?? KestrelConfiguration.DefaultUrl;
            announce(BuildAnnouncement(url, await initialSetup.CreateLinkAsync(url, cancellationToken)));
        }
    }

    /// <inheritdoc />
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc />
    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc />
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc />
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private string BuildAnnouncement(string url, OneTimeLink? setup)
    {
        var words = new StringBuilder().AppendLine(
            CultureInfo.InvariantCulture,
            $"Nexus is listening on {url}   (API docs: {url}/docs, Ctrl-C stops)");
        if (setup is not null)
        {
            words.AppendLine()
                .AppendLine("This server has no owner yet. Open this link to become the owner (valid for 30 minutes, works once):")
                .AppendLine(CultureInfo.InvariantCulture, $"  {setup.Url}")
                .AppendLine("or run this command:")
                .AppendLine(
                    CultureInfo.InvariantCulture,
                    $$"""  curl -s {{url}}/auth/setup -H 'Content-Type: application/json' -d '{"token":"{{setup.Token}}","email":"you@example.com","password":"choose-a-better-one","tenant_id":"t_acme"}'""")
                .AppendLine("Then sign in:")
                .AppendLine(CultureInfo.InvariantCulture, $"  nexus login --server {url}");
        }

        if (_newLogKey is { } key)
        {
            words.AppendLine()
                .AppendLine(
                    CultureInfo.InvariantCulture,
                    $"A new key, {key:x8}, now signs the log. Remove --rotate-log-key from the next start.");
        }

        if (_begunEpochs is { } begun)
        {
            words.AppendLine()
                .AppendLine(
                    CultureInfo.InvariantCulture,
                    $"Logs that began a new epoch: {begun}. Remove --begin-epoch from the next start.");
        }

        if (_demoKey is not null)
        {
            words.AppendLine()
                .AppendLine("The tenant t_demo contains sample cards about running Nexus. API key for it, valid for 24 hours:")
                .AppendLine(CultureInfo.InvariantCulture, $"  {_demoKey}")
                .AppendLine("Try it:")
                .AppendLine(
                    CultureInfo.InvariantCulture,
                    $$"""  curl -s {{url}}/nexus/search -H 'Authorization: Bearer {{_demoKey}}' -H 'Content-Type: application/json' -d '{"query_text":"how do I switch an action off","top_k":3}'""");
        }

        return words.ToString();
    }
}
