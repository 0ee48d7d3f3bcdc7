namespace Nexus.Server.FeatureFlags;

/// <summary>
/// A flag's key in a path. Of all that is escaped there a slash alone comes escaped from the routing, so that no key may hold that escape
/// itself.
/// </summary>
internal static class FlagKey
{
    private const string Slash = "%2F";

    /// <summary>The key that a path names.</summary>
    public static string Of(string segment) => segment.Replace(Slash, "/", StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether a path can name it.</summary>
    public static bool IsReachable(string key) => key is not ("." or "..") && !key.Contains(Slash, StringComparison.OrdinalIgnoreCase);
}
