using Nexus.Redaction;

namespace Nexus.Tests.Redaction;

/// <summary>Examples of every kind. Those that are found without context are also tested in other notations and surroundings.</summary>
internal static class PiiExamples
{
    public static readonly (PiiKind Kind, string Value)[] WithoutContext =
    [
        (PiiKind.Email, "jane.doe@example.com"), (PiiKind.Email, "o'brien+x@mail.example.co.uk"),
        (PiiKind.Phone, "+49 30 901820"), (PiiKind.Phone, "415-555-2671"), (PiiKind.Phone, "(415) 555-2671"),
        (PiiKind.Card, "4111 1111 1111 1111"), (PiiKind.Card, "5555555555554444"), (PiiKind.Card, "378282246310005"),
        (PiiKind.Iban, "GB82 WEST 1234 5698 7654 32"), (PiiKind.Iban, "DE89370400440532013000"),
        (PiiKind.Ip, "192.168.1.20"), (PiiKind.Ip, "2001:db8::8a2e:370:7334"),
        (PiiKind.Mac, "00:1B:44:11:3A:B7"),
        (PiiKind.Ssn, "123-45-6789"), (PiiKind.Itin, "912-70-1234"), (PiiKind.Nino, "AB123456C"),
        (PiiKind.TaxId, "86095742719"), (PiiKind.Nif, "12345678Z"),
        (PiiKind.Url, "https://jane:pass@example.com/x"), (PiiKind.ApiKey, "AKIAIOSFODNN7EXAMPL1"),
    ];

    public static readonly (PiiKind Kind, string Text)[] WithContext =
    [
        (PiiKind.Nhs, "NHS number 943 476 5919"),
        (PiiKind.Passport, "passport C01X00T47"),
        (PiiKind.PostalCode, "zip 12345"),
        (PiiKind.PrivateKey, "-----BEGIN PRIVATE KEY-----\nMIIEpAIB\n-----END PRIVATE KEY-----"),
    ];
}
