using System.Collections.Frozen;
using Nexus.Redaction.Text;

namespace Nexus.Redaction.Context;

/// <summary>The words that say what a number near them is, in the languages whose formats the detectors know.</summary>
internal static class ContextWords
{
    private const int MaxWordLength = 32;

    /// <summary>A word may stand in several rows and then has all their kinds. Plurals that only add an s are understood.</summary>
    private static readonly (ContextKind Kind, string Words)[] _vocabulary =
    [
        (ContextKind.Phone, """
            phone phoneno phonenumber telephone tel telno telefon telefonnummer telefonnr fon fone téléphone telephon teléfono telefono
            telefone telefoonnummer telefoon mobile mobil mobilnummer mobiltelefon handy handynummer móvil movil celular celulare
            cellulare cellphone cell cel gsm portable fax faxnummer telefax landline festnetz hotline whatsapp sms msisdn e164 voicemail
            helpline rufnummer durchwahl puhelin telefonu
            """),
        (ContextKind.Call, """
            call called calling callback dial dialling dialing ring reach text texted texting answering contact anrufen anruf ruf rufen
            erreichen erreichbar erreiche erreichst appeler appelez appelle joindre joignable rappeler llamar llame llámame llamame
            llámeme chiamare chiama chiamami chiamate bellen ligar ligue
            """),
        (ContextKind.PhoneLocation, "office mobile fax home work cell direct landline büro privat bureau oficina ufficio"),
        (ContextKind.Reference, """
            order invoice ticket reference sku isbn issn ean upc gtin serial tracking part item model batch lot build commit revision
            article license licence permit bestellung bestellnummer rechnung rechnungsnummer auftrag auftragsnummer artikel
            artikelnummer kundennummer facture commande factura pedido fattura ordine uuid guid hash checksum offset index
            """),
        (ContextKind.Identifier, "id identifier"),
        (ContextKind.Card, """
            card creditcard cardnumber credit debit visa mastercard amex american maestro discover diners jcb unionpay cc pan cvv cvc
            karte kreditkarte kreditkartennummer kartennummer tarjeta carte carta kaart creditcardnummer cartão cartao payment charge
            """),
        (ContextKind.Ssn, "ssn social security socialsecurity socialsecuritynumber"),
        (ContextKind.Itin, "itin taxpayer tin"),
        (ContextKind.Nhs, "nhs patient nhsnumber"),
        (ContextKind.Nino, "nino insurance ni nationalinsurance"),
        (ContextKind.TaxId, "steuer steuerid steuernummer steueridentifikationsnummer identifikationsnummer idnr stid tin tax taxid"),
        (ContextKind.Nif, "nif nie dni documento identidad"),
        (ContextKind.Passport, """
            passport passportnumber passportno reisepass pass passnummer reisepassnummer passeport pasaporte passaporto passaporte
            paspoort paspoortnummer paszport
            """),
        (ContextKind.PostalCode, """
            zip zipcode postcode postalcode postal plz postleitzahl codepostal cp cep postnummer postnr pincode eircode
            """),
        (ContextKind.Version, """
            version ver release firmware section chapter clause upgrade upgraded upgrading downgrade downgraded versión versione versão
            versie wersja
            """),
        (ContextKind.Host, """
            ip ips ipv address addr adresse dirección host hostname server client remote peer gateway router dns nameserver resolver
            subnet network cidr ping pinged traceroute connect connected connecting connection listening listen bind login proxy
            forwarded endpoint node serveur servidor rechner netzwerk from src dst source destination dhcp lease
            """),
        (ContextKind.Software, """
            kernel driver build chrome chromium firefox edge opera safari webkit vivaldi electron windows nt android nginx apache
            openssl java jdk python node dotnet assembly package library module plugin sdk
            """),
        (ContextKind.Connective, """
            and or with for to at on is was are if but after before today tomorrow please thanks und oder mit für ist ab y o con para et
            ou avec pour est e com en op
            """),
        (ContextKind.Amount, """
            amount total sum count population revenue price budget size bytes rows cost sales turnover distance profit loss balance
            summe umsatz betrag anzahl einwohner preis montant prix importe ventas
            """),
        (ContextKind.Mac, "mac hwaddr ethernet ether bssid wifi wlan lladdr nic"),
        (ContextKind.Email, "email mail mailto correo courriel"),
        (ContextKind.Possessive, "my your his her our their meine meiner ihre"),
        (ContextKind.Number, "number no nr num nummer"),
        (ContextKind.Archive, "file archive folder attachment files"),
    ];

    private static readonly FrozenDictionary<string, ContextKind> _kinds = Load();

    private static readonly FrozenDictionary<string, ContextKind>.AlternateLookup<ReadOnlySpan<char>> _lookup =
        _kinds.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>The context that a word gives, in singular or plural and in any case.</summary>
    public static ContextKind FromWord(ReadOnlySpan<char> word)
    {
        if (word.Length is < 2 or > MaxWordLength)
        {
            return ContextKind.None;
        }

        Span<char> lower = stackalloc char[MaxWordLength];
        lower = lower[..word.ToLowerInvariant(lower)];
        var isKnown = _lookup.TryGetValue(lower, out var kind) || (lower[^1] == 's' && _lookup.TryGetValue(lower[..^1], out kind));
        return isKnown ? kind : ContextKind.None;
    }

    /// <summary>The context that a word gives or, if it gives none, that the parts of a camel-cased word give: <c>homePhone</c>.</summary>
    public static ContextKind FromCompoundWord(ReadOnlySpan<char> word)
    {
        var kind = FromWord(word);
        if (kind != ContextKind.None)
        {
            return kind;
        }

        var start = 0;
        for (var at = 1; at < word.Length; at++)
        {
            if (char.IsUpper(word[at]) && char.IsLower(word[at - 1]))
            {
                kind |= FromWord(word[start..at]);
                start = at;
            }
        }

        return start == 0 ? kind : kind | FromWord(word[start..]);
    }

    /// <summary>The context that all the words of a name give together: <c>mobile_no</c>.</summary>
    public static ContextKind FromName(ReadOnlySpan<char> name)
    {
        var all = ContextKind.None;
        for (var words = new WordReader(name); words.Read();)
        {
            all |= FromCompoundWord(name[words.Start..words.End]);
        }

        return all & ~(ContextKind.Possessive | ContextKind.Number | ContextKind.Connective);
    }

    private static FrozenDictionary<string, ContextKind> Load()
    {
        var kinds = new Dictionary<string, ContextKind>(StringComparer.Ordinal);
        foreach (var (kind, words) in _vocabulary)
        {
            foreach (var word in words.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
            {
                kinds[word] = kinds.GetValueOrDefault(word) | kind;
            }
        }

        return kinds.ToFrozenDictionary(StringComparer.Ordinal);
    }
}
