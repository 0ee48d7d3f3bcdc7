using System.Globalization;
using Nexus.Testing;

namespace Nexus.Bench.Processes;

/// <summary>Starts the two servers that a row compares.</summary>
internal static class Servers
{
    /// <summary>The command line that was built with this program.</summary>
    public static string Nexus { get; } = Path.Combine(AppContext.BaseDirectory, "nexus");

    private static string Floor { get; } = Path.Combine(AppContext.BaseDirectory, "Nexus.Bench");

    /// <summary>The floor: this same executable, serving.</summary>
    public static Task<Child> FloorAsync(string engine, string place)
    {
        var address = Child.FreeAddress();
        return Child.StartAsync(Floor, ["floor", engine, $"http://{address}", place], address, "/hello");
    }

    /// <summary>
    /// Nexus on a folder, and on a database when a connection string is given. Limits and quotas are raised out of
    /// the way by configuration, which is where an operator raises them; the gates still run.
    /// </summary>
    public static Task<Child> NexusAsync(string folder, string? connectionString = null, params (string Name, string Value)[] settings)
    {
        var address = Child.FreeAddress();
        var all = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["Nexus__Auth__TrustedHs256Secret"] = TrustedToken.Secret,
            ["Nexus__RateLimits__Limit"] = "1000000000",
            ["Nexus__Quotas__DailyRequests"] = "1000000000000",
            ["Nexus__Quotas__StorageBytes"] = "1000000000000",
            ["Logging__LogLevel__Default"] = "Warning",
        };
        if (connectionString is not null)
        {
            all["Nexus__Database__Engine"] = "postgres";
            all["Nexus__Database__ConnectionString"] = connectionString;
        }

        foreach (var (name, value) in settings)
        {
            all[name] = value;
        }

        return Child.StartAsync(
            Nexus,
            ["serve", "--data", folder, "--urls", string.Create(CultureInfo.InvariantCulture, $"http://{address}")],
            address,
            "/readyz",
            all);
    }
}
