namespace Nexus.Redaction;

/// <summary>The detectors, and the score from which a finding counts.</summary>
internal static class Detectors
{
    /// <summary>
    /// A shape that is rarely anything else reaches this alone; one that is common reaches it with a checksum or with a word of its
    /// subject nearby.
    /// </summary>
    public const double Threshold = 0.5;

    /// <summary>All, in the order in which they look.</summary>
    public static IReadOnlyList<IDetector> All { get; } =
    [
        new PrivateKeyDetector(), new CredentialUrlDetector(), new ApiKeyDetector(), new EmailDetector(), new CardDetector(), new IbanDetector(),
        new IpV4Detector(), new IpV6Detector(), new MacDetector(), new SsnDetector(), new ItinDetector(), new NhsDetector(), new NinoDetector(),
        new GermanTaxIdDetector(), new SpanishNifDetector(), new PassportDetector(), new PhoneDetector(), new PostalCodeDetector(),
    ];
}
