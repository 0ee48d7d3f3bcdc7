namespace Nexus.Server.Identity.Tokens;

/// <summary>
/// Why a token was not believed. Every fault but <see cref="IssuerUnreachable"/> is the caller's (401); the log may
/// name it, the answer does not need to.
/// </summary>
internal enum TokenError
{
    /// <summary>The token was believed.</summary>
    None,

    /// <summary>Not a token in the strict form, or a claim of it is missing or has the wrong shape.</summary>
    Malformed,

    /// <summary>Its time is over.</summary>
    Expired,

    /// <summary>Its time has not begun, or it says it was issued in the future.</summary>
    NotYetValid,

    /// <summary>Nobody here trusts its issuer.</summary>
    UnknownIssuer,

    /// <summary>Its issuer is not allowed this algorithm.</summary>
    WrongAlgorithm,

    /// <summary>Its issuer has no key of this id.</summary>
    UnknownKey,

    /// <summary>Made for somebody else.</summary>
    WrongAudience,

    /// <summary>The signature does not verify.</summary>
    WrongSignature,

    /// <summary>The issuer's keys could not be had, so nothing can be said: 503, and never a default that allows.</summary>
    IssuerUnreachable,
}
