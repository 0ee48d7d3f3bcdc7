using Nexus.Redaction.Detectors;
using Nexus.Redaction.Detectors.Contact;
using Nexus.Redaction.Detectors.Financial;
using Nexus.Redaction.Detectors.National;
using Nexus.Redaction.Detectors.Network;
using Nexus.Redaction.Detectors.Secrets;

namespace Nexus.Redaction;

/// <summary>The detectors that run. <see cref="IDetector"/> says how to add one.</summary>
internal static class DetectorRegistry
{
    /// <summary>All detectors, in the order in which they run.</summary>
    public static IReadOnlyList<IDetector> All { get; } =
    [
        new PrivateKeyDetector(), new CredentialUrlDetector(), new ApiKeyDetector(),
        new EmailDetector(), new CardDetector(), new IbanDetector(),
        new IpV4Detector(), new IpV6Detector(), new MacDetector(),
        new SsnDetector(), new ItinDetector(), new NhsDetector(), new NinoDetector(),
        new GermanTaxIdDetector(), new SpanishNifDetector(), new PassportDetector(),
        new PhoneDetector(), new PostalCodeDetector(),
    ];
}
