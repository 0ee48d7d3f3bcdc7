using System.Text.Json;

namespace Nexus.Redaction;

/// <summary>
/// The kinds of personal data and secrets. A member's name is also its wire name (<see cref="PiiKindNames.Flag"/>), so renaming one
/// changes stored events. The order matters: of two overlapping findings with the same score, the kind that comes first is kept.
/// </summary>
public enum PiiKind
{
    /// <summary>A PEM block of a private key.</summary>
    PrivateKey,

    /// <summary>A URL with a password, or with a token in its query.</summary>
    Url,

    /// <summary>A key or token that a well-known service issues.</summary>
    ApiKey,

    /// <summary>An email address.</summary>
    Email,

    /// <summary>A payment card number.</summary>
    Card,

    /// <summary>An international bank account number.</summary>
    Iban,

    /// <summary>An IP address, version 4 or 6.</summary>
    Ip,

    /// <summary>The hardware address of a network interface.</summary>
    Mac,

    /// <summary>A US social security number.</summary>
    Ssn,

    /// <summary>A US individual taxpayer identification number, for people without a social security number.</summary>
    Itin,

    /// <summary>A UK National Health Service number.</summary>
    Nhs,

    /// <summary>A UK national insurance number.</summary>
    Nino,

    /// <summary>A German tax identification number.</summary>
    TaxId,

    /// <summary>A Spanish tax number, of a citizen (NIF) or a foreigner (NIE).</summary>
    Nif,

    /// <summary>A passport number.</summary>
    Passport,

    /// <summary>A telephone number.</summary>
    Phone,

    /// <summary>A postal code.</summary>
    PostalCode,
}

/// <summary>How kinds are written, and how their values are compared.</summary>
public static class PiiKindNames
{
    private static readonly string[] _labels = Array.ConvertAll(Enum.GetNames<PiiKind>(), JsonNamingPolicy.SnakeCaseUpper.ConvertName);

    private static readonly string[] _flags = Array.ConvertAll(_labels, label => label.ToLowerInvariant());

    /// <summary>All labels, in the order of the kinds.</summary>
    internal static ReadOnlySpan<string> Labels => _labels;

    internal static int Count => _labels.Length;

    /// <summary>The name in placeholders, such as <c>POSTAL_CODE</c>.</summary>
    public static string Label(this PiiKind kind) => _labels[(int)kind];

    /// <summary>The name in the flags of an event, such as <c>postal_code</c>.</summary>
    public static string Flag(this PiiKind kind) => _flags[(int)kind];

    /// <summary>Whether punctuation is part of a value. Where it is not, <c>4111 1111</c> and <c>4111-1111</c> are the same.</summary>
    internal static bool KeepsPunctuation(this PiiKind kind) =>
        kind is PiiKind.Email or PiiKind.Ip || kind.IsCaseSensitive();

    /// <summary>Whether two values that differ only in case are different.</summary>
    internal static bool IsCaseSensitive(this PiiKind kind) => kind is PiiKind.ApiKey or PiiKind.PrivateKey or PiiKind.Url;
}
