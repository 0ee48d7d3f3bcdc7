namespace Nexus.Server.Platform.Http;

/// <summary>Says which record a handler reads from the body by itself, for OpenAPI; nothing binds or routes by it.</summary>
internal sealed record RequestBodyMetadata(Type Record, bool IsRequired = true);
