using System.Diagnostics;
using System.Text.Json;

namespace Nexus.Tests.FeatureFlags;

/// <summary>An OpenFeature SDK from npm with its OFREP provider, in its own Node process.</summary>
internal sealed class OpenFeatureClient : IAsyncDisposable
{
    private readonly Process _node = NpmScript.Start("ofrep.mjs");
    private readonly Task<string> _errors;

    private OpenFeatureClient() => _errors = _node.StandardError.ReadToEndAsync(CancellationToken.None);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    /// <summary>
    /// Starts <c>@openfeature/server-sdk</c> with <c>@openfeature/ofrep-provider</c>, which sends a request per evaluation.
    /// </summary>
    public static async Task<OpenFeatureClient> ServerAsync(NexusHost host, Caller caller, params (string Name, string Value)[] headers)
    {
        var client = new OpenFeatureClient();
        (await client.Ask(new { command = "server", url = Origin(host), headers = Headers(caller, headers) })).GetRawText().ShouldBe("{}");
        return client;
    }

    /// <summary>
    /// Starts <c>@openfeature/web-sdk</c> with <c>@openfeature/ofrep-web-provider</c>, which fetches all flags at once, and again
    /// when notified.
    /// </summary>
    /// <returns>The client, and the error thrown by its initialization; null if it succeeded.</returns>
    public static async Task<(OpenFeatureClient Client, string? Thrown)> WebAsync(
        NexusHost host, Caller caller, object context, object? options = null, params (string Name, string Value)[] headers)
    {
        var client = new OpenFeatureClient();
        var answer = await client.Ask(new { command = "web", url = Origin(host), headers = Headers(caller, headers), context, options });
        return (client, answer.TryGetProperty("thrown", out var thrown) ? thrown.GetString() : null);
    }

    /// <summary>Evaluates a flag: value, variant, reason and error code, without those that are absent.</summary>
    public async Task<string> Evaluate(string key, object fallback, object? context = null)
    {
        var details = await Details(key, fallback, context);
        return string.Join(
            ' ',
            ((string[])["value", "variant", "reason", "errorCode"]).Select(
                name => details.TryGetProperty(name, out var part) ? part.ToString() : null)
                .OfType<string>());
    }

    /// <summary>Evaluates a flag and returns the SDK's details, including the flag's metadata.</summary>
    public Task<JsonElement> Details(string key, object fallback, object? context = null)
    {
        var type = fallback switch { bool => "boolean", string => "string", int or double => "number", _ => "object" };
        return Ask(new { command = "evaluate", key, type, fallback, context });
    }

    /// <summary>Sets the evaluation context and waits until the provider has the flags for it.</summary>
    public Task Context(object context) => Ask(new { command = "context", context });

    /// <summary>Waits for the next event of a name or response of a status, which may have arrived already.</summary>
    public Task<JsonElement> Hear(string kind) => Ask(new { command = "hear", kind });

    public async ValueTask DisposeAsync()
    {
        if (!_node.HasExited)
        {
            _node.Kill();
            await _node.WaitForExitAsync(CancellationToken.None);
        }

        _node.Dispose();
    }

    private static string Origin(NexusHost host) => host.Address.GetLeftPart(UriPartial.Authority);

    private static Dictionary<string, string> Headers(Caller caller, (string Name, string Value)[] other)
    {
        var headers = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["Authorization"] = "Bearer " + caller.Token,
            ["X-Tenant-Id"] = caller.Tenant,
            ["X-Env"] = caller.Env,
        };
        foreach (var (name, value) in other)
        {
            headers[name] = value;
        }

        return headers;
    }

    private async Task<JsonElement> Ask<T>(T command)
    {
        await _node.StandardInput.WriteLineAsync(JsonSerializer.Serialize(command).AsMemory(), Cancelled);
        await _node.StandardInput.FlushAsync(Cancelled);
        return await _node.StandardOutput.ReadLineAsync(Cancelled) is { } line
            ? JsonElement.Parse(line)
            : throw new InvalidOperationException(await _errors);
    }
}
