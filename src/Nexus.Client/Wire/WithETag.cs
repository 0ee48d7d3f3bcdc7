namespace Nexus.Client;

/// <summary>A record with its ETag, for <c>If-Match</c>.</summary>
/// <typeparam name="T">The record.</typeparam>
/// <param name="Value">The record.</param>
/// <param name="ETag">Opaque, including the quotes; null if the server sent none.</param>
public sealed record WithETag<T>(T Value, string? ETag);
