namespace Nexus.Bench;

/// <summary>A folder for one row's stores, on a real disk, gone afterwards.</summary>
internal sealed class Scratch : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("nexus-bench-").FullName;

    public string this[string name] => Path.Combine(_root, name);

    public void Dispose() => Directory.Delete(_root, recursive: true);
}
