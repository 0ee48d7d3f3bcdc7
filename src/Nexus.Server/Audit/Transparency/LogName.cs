using System.Security.Cryptography;
using System.Text;
using Nexus.Server.Platform.Storage;

namespace Nexus.Server.Audit.Transparency;

/// <summary>
/// What this service's logs are called, fixed when its database first started: a log's origin is <c>name/tenant/env/epoch</c>, and
/// whoever verifies it compares that word for word.
/// </summary>
/// <param name="Value">Without white space or plus signs, as the names in signed notes are.</param>
internal sealed record LogName(string Value)
{
    /// <summary>The name that was fixed; at the first start the public URL without its scheme, or, where there is none, one that nobody else has.</summary>
    public static async Task<LogName> LoadOrCreateAsync(SecretStore secrets, string? publicUrl, CancellationToken cancellationToken) =>
        new(Encoding.UTF8.GetString(await secrets.GetOrCreateAsync("log-name", () => Encoding.UTF8.GetBytes(CreateInitial(publicUrl)), cancellationToken)));

    /// <summary>The origin of one log in one epoch.</summary>
    public string GetOrigin(Scope scope, long epoch) => string.Create(CultureInfo.InvariantCulture, $"{Value}/{scope.TenantId}/{scope.Env}/{epoch}");

    private static string CreateInitial(string? publicUrl) => publicUrl is null
        ? "nexus-" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8))
        : new Uri(publicUrl) is var url && url.IsDefaultPort ? url.IdnHost + Path(url) : $"{url.IdnHost}:{url.Port.ToString(CultureInfo.InvariantCulture)}{Path(url)}";

    private static string Path(Uri url) => url.AbsolutePath.TrimEnd('/').Replace("+", "%2B", StringComparison.Ordinal);
}
