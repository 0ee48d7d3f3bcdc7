namespace Nexus.Server.Platform.Storage;

/// <summary>The section <c>Nexus:Database</c>.</summary>
internal sealed class DatabaseOptions
{
    /// <summary><c>sqlite</c> (a file in the data folder) or <c>postgres</c>.</summary>
    public string Engine { get; set; } = "sqlite";

    /// <summary>Npgsql's connection string; for <c>postgres</c> only.</summary>
    public string? ConnectionString { get; set; }

    /// <summary>Whether <see cref="Engine"/> is <c>postgres</c>. Asked where the store is opened, and nowhere else.</summary>
    public bool IsPostgres => Engine == "postgres";

    /// <summary>Every mistake at once, each naming its key.</summary>
    public IEnumerable<string> Validate()
    {
        if (Engine is not ("sqlite" or "postgres"))
        {
            yield return "Nexus:Database:Engine must be sqlite or postgres.";
        }

        if (IsPostgres && string.IsNullOrWhiteSpace(ConnectionString))
        {
            yield return "Nexus:Database:ConnectionString is required for postgres.";
        }
    }
}
