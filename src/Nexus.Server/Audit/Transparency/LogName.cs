using System.Security.Cryptography;
using System.Text;
using Nexus.Server.Platform.Storage;

namespace Nexus.Server.Audit.Transparency;

/// <summary>
/// The name of this service's logs, fixed when the database was first started. A log's origin is <c>name/tenant/env/epoch</c>,
/// which verifiers compare exactly.
/// </summary>
/// <param name="Value">The name, without white space or plus signs, as in signed notes.</param>
internal sealed record LogName(string Value)
{
    /// <summary>The secret that keeps it.</summary>
    public const string SecretName = "log-name";

    /// <summary>The name that the store keeps.</summary>
    public static LogName Load(SecretStore secrets) => new(Encoding.UTF8.GetString(secrets.GetKey(SecretName)));

    /// <summary>
    /// The name of a new database's logs, in UTF-8: the public URL without its scheme, or a random one where there is none.
    /// </summary>
    public static byte[] CreateInitial(string? publicUrl) => Encoding.UTF8.GetBytes(FromUrl(publicUrl));

    /// <summary>Returns the origin of a log in an epoch.</summary>
    public string GetOrigin(Scope scope, long epoch) =>
        string.Create(CultureInfo.InvariantCulture, $"{Value}/{scope.TenantId}/{scope.Env}/{epoch}");

    private static string FromUrl(string? publicUrl) => publicUrl is null
        ? "nexus-" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8))
        : new Uri(publicUrl) is var url && url.IsDefaultPort
        ? url.IdnHost + Path(url)
        : $"{url.IdnHost}:{url.Port.ToString(CultureInfo.InvariantCulture)}{Path(url)}";

    private static string Path(Uri url) => url.AbsolutePath.TrimEnd('/').Replace("+", "%2B", StringComparison.Ordinal);
}
