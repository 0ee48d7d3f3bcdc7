namespace Nexus.Server.FeatureFlags;

/// <summary>
/// A flag's key in a path. Of all that is escaped there a slash alone comes escaped from the routing, so that no key may hold that escape
/// itself.
/// </summary>
internal static class FlagKey
{
    private const string EscapedSlash = "%2F";

    /// <summary>The key that a path names.</summary>
    public static string FromPath(string segment) => segment.Replace(EscapedSlash, "/", StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether a path can name it.</summary>
    public static bool IsAddressable(string key) =>
        key is not ("." or "..") && !key.Contains(EscapedSlash, StringComparison.OrdinalIgnoreCase);
}
