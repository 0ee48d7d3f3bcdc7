namespace Nexus.Redaction.Context;

/// <summary>What a word near a number, or the name of a JSON property, says about the number.</summary>
[Flags]
internal enum ContextKind
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>A telephone number: <c>phone</c>, <c>fax</c>.</summary>
    Phone = 1 << 0,

    /// <summary>Calling somebody: <c>call</c>, <c>reach</c>. Counts before a number in prose, not in the name of a property.</summary>
    Call = 1 << 1,

    /// <summary>The place of a telephone: <c>office</c>. Counts right after a number.</summary>
    PhoneLocation = 1 << 2,

    /// <summary>A business reference: <c>order</c>, <c>invoice</c>.</summary>
    Reference = 1 << 3,

    /// <summary>A payment card.</summary>
    Card = 1 << 4,

    /// <summary>A US social security number.</summary>
    Ssn = 1 << 5,

    /// <summary>A US taxpayer identification number.</summary>
    Itin = 1 << 6,

    /// <summary>A UK National Health Service number.</summary>
    Nhs = 1 << 7,

    /// <summary>A UK national insurance number.</summary>
    Nino = 1 << 8,

    /// <summary>A German tax identification number.</summary>
    TaxId = 1 << 9,

    /// <summary>A Spanish tax number.</summary>
    Nif = 1 << 10,

    /// <summary>A passport.</summary>
    Passport = 1 << 11,

    /// <summary>A postal code.</summary>
    PostalCode = 1 << 12,

    /// <summary>A version of software, or a numbered part of a document.</summary>
    Version = 1 << 13,

    /// <summary>A network interface.</summary>
    Mac = 1 << 14,

    /// <summary>Email.</summary>
    Email = 1 << 15,

    /// <summary>A possessive: <c>my number</c> is a telephone number.</summary>
    Possessive = 1 << 16,

    /// <summary>The word <c>number</c> itself, which says nothing without a possessive.</summary>
    Number = 1 << 17,

    /// <summary>The content of an archive: a <c>zip</c> that is not a postal code.</summary>
    Archive = 1 << 18,

    /// <summary>An identifier. It hides the words before it: in <c>call id 1234567</c>, <c>call</c> does not count.</summary>
    Identifier = 1 << 19,

    /// <summary>A machine or a network: what could be a version is an address after it.</summary>
    Host = 1 << 20,

    /// <summary>A program whose version directly follows its name.</summary>
    Software = 1 << 21,

    /// <summary>A quantity: digits grouped in threes are then an amount.</summary>
    Amount = 1 << 22,

    /// <summary>A word that continues a sentence, so it is not the unit of the number before it.</summary>
    Connective = 1 << 23,
}
