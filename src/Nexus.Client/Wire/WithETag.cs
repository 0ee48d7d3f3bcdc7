namespace Nexus.Client;

/// <summary>A record with the ETag of the state it was read in, for <c>If-Match</c>.</summary>
/// <typeparam name="T">The record.</typeparam>
/// <param name="Value">The record.</param>
/// <param name="ETag">Opaque, quotes included; null where the server sent none.</param>
public sealed record WithETag<T>(T Value, string? ETag);
