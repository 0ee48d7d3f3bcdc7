namespace Nexus.Server.Platform.Storage;

/// <summary>
/// When a row may be purged: from then on a scope with <see cref="Scope.CrossTenant"/> sees, and so may delete, every tenant's row.
/// </summary>
/// <param name="Column">A time in microseconds since 1970.</param>
/// <param name="After">How long after it.</param>
internal sealed record RowExpiry(string Column, TimeSpan After);
