namespace Nexus.Flags;

/// <summary>What is wrong with a definition, and where.</summary>
/// <param name="Path">JSON pointer (RFC 6901) into what was read.</param>
/// <param name="Message">A sentence for people.</param>
internal sealed record FlagFault(string Path, string Message);
