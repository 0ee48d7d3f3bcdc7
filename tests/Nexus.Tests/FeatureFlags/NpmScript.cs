using System.Diagnostics;

namespace Nexus.Tests.FeatureFlags;

/// <summary>Runs the scripts of <c>tests/clients</c>, which use unmodified npm packages, each in its own process.</summary>
internal static class NpmScript
{
    /// <summary>Starts a script with its standard streams redirected.</summary>
    public static Process Start(string script, params string[] args)
    {
        var folder = Folder();
        if (!Directory.Exists(Path.Combine(folder, "node_modules")))
        {
            throw new InvalidOperationException("The npm packages of tests/clients are not installed: run ./test, or `npm ci` there.");
        }

        return Process.Start(new ProcessStartInfo("node", [script, .. args])
        {
            UseShellExecute = false,
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
    }

    private static string Folder()
    {
        for (var folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Combine(folder, "Nexus.slnx")))
            {
                return Path.Combine(folder, "tests", "clients");
            }
        }

        throw new InvalidOperationException("The tests do not run from within the repository.");
    }
}
