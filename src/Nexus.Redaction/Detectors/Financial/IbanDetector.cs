using System.Collections.Frozen;
using System.Globalization;
using Nexus.Redaction.Text;

namespace Nexus.Redaction.Detectors.Financial;

/// <summary>IBANs (ISO 13616): a known country, its length, and the check digits; in one piece, or with single spaces or hyphens.</summary>
internal sealed class IbanDetector : IDetector
{
    private const int MaxLength = 34;

    private static readonly FrozenDictionary<string, int> _lengths =
        ("AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27 DK18 DO28 EE20 EG29 ES24 FI18 FK18 "
        + "FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HN28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 LC32 LI21 LT20 LU20 LV21 "
        + "LY25 MC27 MD24 ME22 MK19 MN20 MR27 MT31 MU30 NI28 NL18 NO15 OM23 PK24 PL28 PS29 PT25 QA29 RO24 RS22 RU33 SA24 SC31 SD18 SE24 "
        + "SI19 SK24 SM27 SO23 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20 YE30")
        .Split(' ')
        .ToFrozenDictionary(
            entry => entry[..2], entry => int.Parse(entry[2..], CultureInfo.InvariantCulture), StringComparer.OrdinalIgnoreCase);

    private static readonly FrozenDictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _lengthOf =
        _lengths.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <inheritdoc />
    public void Find(TextScan scan)
    {
        var text = scan.Text;
        Span<char> iban = stackalloc char[MaxLength];
        foreach (var group in scan.DigitGroups)
        {
            var start = group.Start - 2;
            if (group.Length < 2
                || start < 0
                || !char.IsAsciiLetter(text[start])
                || !char.IsAsciiLetter(text[start + 1])
                || (start > 0 && WordBoundary.IsWordCharacter(text[start - 1]))
                || !_lengthOf.TryGetValue(text[start..group.Start], out var length))
            {
                continue;
            }

            var end = CopyDigits(text, start, iban[..length]);
            if (end > 0 && (end == text.Length || !WordBoundary.IsWordCharacter(text[end])) && Checksums.PassesMod97(iban[..length]))
            {
                scan.Add(PiiKind.Iban, start, end, 1);
            }
        }
    }

    /// <summary>Copies an IBAN without separators and returns its end in the text; 0 if the text ends too early.</summary>
    private static int CopyDigits(ReadOnlySpan<char> text, int start, Span<char> iban)
    {
        var (at, length) = (start, 0);
        while (length < iban.Length)
        {
            if (at < text.Length && length >= 4 && text[at] is ' ' or '-' && text[at - 1] is not (' ' or '-'))
            {
                at++;
            }

            if (at >= text.Length || !char.IsAsciiLetterOrDigit(text[at]))
            {
                return 0;
            }

            iban[length++] = text[at++];
        }

        return at;
    }
}
