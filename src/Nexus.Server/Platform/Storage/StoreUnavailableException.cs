namespace Nexus.Server.Platform.Storage;

/// <summary>
/// The store cannot take the work now: it is unreachable, full, or has more waiting than it can do.
/// Nothing of the write is kept, unless the connection broke during its commit; the caller gets 503 with <c>Retry-After</c>.
/// </summary>
internal sealed class StoreUnavailableException(string message, Exception? inner = null) : Exception(message, inner);
