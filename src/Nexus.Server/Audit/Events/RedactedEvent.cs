using Nexus.Redaction;

namespace Nexus.Server.Audit.Events;

/// <summary>What of an event is kept, without the personal data that was in it.</summary>
/// <param name="Content">The canonical JSON of all that a caller wrote.</param>
/// <param name="Surface">The part of the product.</param>
/// <param name="AssetId">What it is about: an id of a caller's may be anything.</param>
/// <param name="Found">What was taken out; null for nothing.</param>
internal sealed record RedactedEvent(byte[] Content, string Surface, string? AssetId, PiiCounts? Found);
