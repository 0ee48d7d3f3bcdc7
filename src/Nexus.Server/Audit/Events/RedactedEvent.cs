using Nexus.Redaction;

namespace Nexus.Server.Audit.Events;

/// <summary>The parts of an event that are stored, without personal data.</summary>
/// <param name="Content">The canonical JSON of everything a caller wrote.</param>
/// <param name="AssetId">The affected asset. Redacted too, because a caller's id may be any text.</param>
/// <param name="Found">What was redacted; null if nothing was.</param>
internal sealed record RedactedEvent(byte[] Content, string Surface, string? AssetId, PiiCounts? Found);
