namespace Nexus.Redaction;

/// <summary>What personal data, or what secret, was found. Of two findings of one place with one score, the earlier kind names it.</summary>
internal enum PiiKind
{
    /// <summary>A PEM block of a private key.</summary>
    PrivateKey,

    /// <summary>A URL with a password, or with a token in its query.</summary>
    Url,

    /// <summary>A key or token that a well-known service issues.</summary>
    ApiKey,

    /// <summary>An e-mail address.</summary>
    Email,

    /// <summary>The number of a payment card.</summary>
    Card,

    /// <summary>An international bank account number.</summary>
    Iban,

    /// <summary>An IP address, version 4 or 6.</summary>
    Ip,

    /// <summary>A hardware address of a network interface.</summary>
    Mac,

    /// <summary>A social security number of the United States.</summary>
    Ssn,

    /// <summary>A taxpayer number of the United States for who has no social security number.</summary>
    Itin,

    /// <summary>A number of the United Kingdom's health service.</summary>
    Nhs,

    /// <summary>A national insurance number of the United Kingdom.</summary>
    Nino,

    /// <summary>A German tax identification number.</summary>
    TaxId,

    /// <summary>A Spanish tax number, of a citizen (NIF) or a foreigner (NIE).</summary>
    Nif,

    /// <summary>A passport's number.</summary>
    Passport,

    /// <summary>A telephone number.</summary>
    Phone,

    /// <summary>A postal code.</summary>
    PostalCode,
}

/// <summary>How kinds are written.</summary>
internal static class PiiKinds
{
    private static readonly string[] _labels =
    [
        "PRIVATE_KEY", "URL", "API_KEY", "EMAIL", "CARD", "IBAN", "IP", "MAC", "SSN", "ITIN", "NHS", "NINO", "TAX_ID", "NIF", "PASSPORT", "PHONE", "POSTAL_CODE",
    ];

    private static readonly string[] _flags = Array.ConvertAll(_labels, label => label.ToLowerInvariant());

    /// <summary>How many kinds there are.</summary>
    public static int Count => _labels.Length;

    /// <summary>All labels, in the order of the kinds.</summary>
    public static ReadOnlySpan<string> Labels => _labels;

    /// <summary>What stands in brackets in the place of what was found, such as <c>EMAIL</c>.</summary>
    public static string Label(this PiiKind kind) => _labels[(int)kind];

    /// <summary>How an event's flags name it, such as <c>email</c>.</summary>
    public static string Flag(this PiiKind kind) => _flags[(int)kind];
}
