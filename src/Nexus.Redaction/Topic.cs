namespace Nexus.Redaction;

/// <summary>What a word near a number, or the name of a JSON member, says of it.</summary>
[Flags]
internal enum Topic
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Telephone numbers: <c>phone</c>, <c>fax</c>.</summary>
    Phone = 1,

    /// <summary>Calling somebody: <c>call</c>, <c>reach</c>. Counts in prose before a number, not in a member's name.</summary>
    Calling = 2,

    /// <summary>Where a telephone stands: <c>office</c>. Counts right after a number.</summary>
    PhonePlace = 4,

    /// <summary>Numbers that name something of a business: <c>order</c>, <c>invoice</c>.</summary>
    Reference = 8,

    /// <summary>Payment cards.</summary>
    Card = 16,

    /// <summary>United States social security.</summary>
    Ssn = 32,

    /// <summary>United States taxpayer numbers.</summary>
    Itin = 64,

    /// <summary>The United Kingdom's health service.</summary>
    Nhs = 128,

    /// <summary>The United Kingdom's national insurance.</summary>
    Nino = 256,

    /// <summary>German taxes.</summary>
    TaxId = 512,

    /// <summary>Spanish tax numbers.</summary>
    Nif = 1024,

    /// <summary>Passports.</summary>
    Passport = 2048,

    /// <summary>Postal codes.</summary>
    Postal = 4096,

    /// <summary>Versions of software, and numbered parts of documents.</summary>
    Version = 8192,

    /// <summary>Network interfaces.</summary>
    Mac = 16384,

    /// <summary>E-mail.</summary>
    Email = 32768,

    /// <summary>Whose: before <c>number</c> it makes it a telephone's.</summary>
    Possessive = 65536,

    /// <summary><c>number</c>, which alone says nothing.</summary>
    Number = 131072,

    /// <summary>Contents of archives: a <c>zip</c> that is no postal code.</summary>
    Archive = 262144,

    /// <summary>Identifiers: no word before one speaks of the number after it.</summary>
    Id = 524288,

    /// <summary>Machines and networks: what stands after it is an address, where it may also be a version.</summary>
    Host = 1048576,

    /// <summary>Programs that carry their version right behind their name.</summary>
    Software = 2097152,

    /// <summary>How much: digits in threes are then an amount.</summary>
    Amount = 4194304,

    /// <summary>Words that go on with a sentence, and are no unit of a number before them.</summary>
    Joining = 8388608,
}
