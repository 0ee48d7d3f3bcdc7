namespace Nexus.Bench;

/// <summary>Data sets that lie beside the checkout, where a machine has them.</summary>
internal static class SharedData
{
    /// <summary>The path of a file or folder under <c>../shared/data</c>, or null where it is not there.</summary>
    public static string? Find(params string[] path)
    {
        for (var at = new DirectoryInfo(Environment.CurrentDirectory); at is not null; at = at.Parent)
        {
            var candidate = Path.GetFullPath(Path.Combine([at.FullName, "..", "shared", "data", .. path]));
            if (File.Exists(Path.Combine(at.FullName, "Nexus.slnx")) && Path.Exists(candidate))
            {
                return candidate;
            }
        }

        return null;
    }
}
