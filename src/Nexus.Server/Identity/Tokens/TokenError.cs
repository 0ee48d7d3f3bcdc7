namespace Nexus.Server.Identity.Tokens;

/// <summary>
/// Why a token was refused. All but <see cref="IssuerUnreachable"/> are errors of the caller (401). The response does not say
/// which; the log does.
/// </summary>
internal enum TokenError
{
    /// <summary>The token is accepted.</summary>
    None,

    /// <summary>Not a token in the strict form, or a claim is missing or malformed.</summary>
    Malformed,

    /// <summary>It has expired.</summary>
    Expired,

    /// <summary>It is not valid yet, or was issued in the future.</summary>
    NotYetValid,

    /// <summary>Its issuer is not trusted.</summary>
    UnknownIssuer,

    /// <summary>Its issuer may not use this algorithm.</summary>
    WrongAlgorithm,

    /// <summary>Its issuer has no key with this id.</summary>
    UnknownKey,

    /// <summary>It is for another audience.</summary>
    WrongAudience,

    /// <summary>The signature does not verify.</summary>
    WrongSignature,

    /// <summary>The issuer's keys could not be fetched, so the token can be neither accepted nor refused: 503.</summary>
    IssuerUnreachable,
}
