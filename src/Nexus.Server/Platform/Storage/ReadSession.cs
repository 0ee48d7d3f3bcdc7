namespace Nexus.Server.Platform.Storage;

/// <summary>
/// Statements against the store within one scope. The SQL is the same text on both engines; what differs between them is a fragment or
/// a method here.
/// </summary>
internal abstract class ReadSession(Scope scope)
{
    /// <summary>What is visible.</summary>
    public Scope Scope { get; } = scope;

    /// <summary>All rows of a query.</summary>
    public abstract ValueTask<List<T>> QueryAsync<T>(string sql, object? args = null);

    /// <summary>The first row of a query, or the type's default.</summary>
    public abstract ValueTask<T?> FirstOrDefaultAsync<T>(string sql, object? args = null);

    /// <summary>A condition that holds where a column is one of a list parameter's values.</summary>
    /// <param name="column">The column, literal SQL.</param>
    /// <param name="parameter">The parameter's name without <c>@</c>; its value is an array.</param>
    public abstract string In(string column, string parameter);

    /// <summary>Whether a write that is not committed yet holds the named lock, on any node; never waits.</summary>
    public abstract ValueTask<bool> IsLockedAsync(string name);
}
