using System.Collections.Frozen;

namespace Nexus.Redaction;

/// <summary>The words that say what a number near them is, in the languages whose forms the detectors know.</summary>
internal static class TopicWords
{
    private const int Longest = 32;

    private static readonly FrozenDictionary<string, Topic> _topics = Load();

    private static readonly FrozenDictionary<string, Topic>.AlternateLookup<ReadOnlySpan<char>> _lookup = _topics.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>What a word says; a plural says what its singular does.</summary>
    public static Topic Of(ReadOnlySpan<char> word)
    {
        if (word.Length is < 2 or > Longest)
        {
            return Topic.None;
        }

        Span<char> lower = stackalloc char[Longest];
        lower = lower[..word.ToLowerInvariant(lower)];
        return _lookup.TryGetValue(lower, out var topic) || (lower[^1] == 's' && _lookup.TryGetValue(lower[..^1], out topic)) ? topic : Topic.None;
    }

    /// <summary>What a word says, or if nothing, what its parts say (<c>homePhone</c>), which begin with capitals.</summary>
    public static Topic OfParts(ReadOnlySpan<char> word)
    {
        var topic = Of(word);
        if (topic != Topic.None)
        {
            return topic;
        }

        var start = 0;
        for (var at = 1; at < word.Length; at++)
        {
            if (char.IsUpper(word[at]) && char.IsLower(word[at - 1]))
            {
                topic |= Of(word[start..at]);
                start = at;
            }
        }

        return start == 0 ? topic : topic | Of(word[start..]);
    }

    private static FrozenDictionary<string, Topic> Load()
    {
        var topics = new Dictionary<string, Topic>(StringComparer.Ordinal);
        Add(Topic.Phone, "phone phoneno phonenumber telephone tel telno telefon telefonnummer telefonnr fon fone téléphone telephon teléfono telefono telefone telefoonnummer telefoon mobile mobil mobilnummer mobiltelefon handy handynummer móvil movil celular celulare cellulare cellphone cell cel gsm portable fax faxnummer telefax landline festnetz hotline whatsapp sms msisdn e164 voicemail helpline rufnummer durchwahl puhelin telefonu");
        Add(Topic.Calling, "call called calling callback dial dialling dialing ring reach text texted texting answering contact anrufen anruf ruf rufen erreichen erreichbar erreiche erreichst appeler appelez appelle joindre joignable rappeler llamar llame llámame llamame llámeme chiamare chiama chiamami chiamate bellen ligar ligue");
        Add(Topic.PhonePlace, "office mobile fax home work cell direct landline büro privat bureau oficina ufficio");
        Add(Topic.Reference, "order invoice ticket reference sku isbn issn ean upc gtin serial tracking part item model batch lot build commit revision article license licence permit bestellung bestellnummer rechnung rechnungsnummer auftrag auftragsnummer artikel artikelnummer kundennummer facture commande factura pedido fattura ordine uuid guid hash checksum offset index");
        Add(Topic.Id, "id identifier");
        Add(Topic.Card, "card creditcard cardnumber credit debit visa mastercard amex american maestro discover diners jcb unionpay cc pan cvv cvc karte kreditkarte kreditkartennummer kartennummer tarjeta carte carta kaart creditcardnummer cartão cartao payment charge");
        Add(Topic.Ssn, "ssn social security socialsecurity socialsecuritynumber");
        Add(Topic.Itin, "itin taxpayer tin");
        Add(Topic.Nhs, "nhs patient nhsnumber");
        Add(Topic.Nino, "nino insurance ni nationalinsurance");
        Add(Topic.TaxId, "steuer steuerid steuernummer steueridentifikationsnummer identifikationsnummer idnr stid tin tax taxid");
        Add(Topic.Nif, "nif nie dni documento identidad");
        Add(Topic.Passport, "passport passportnumber passportno reisepass pass passnummer reisepassnummer passeport pasaporte passaporto passaporte paspoort paspoortnummer paszport");
        Add(Topic.Postal, "zip zipcode postcode postalcode postal plz postleitzahl codepostal cp cep postnummer postnr pincode eircode");
        Add(Topic.Version, "version ver release firmware section chapter clause upgrade upgraded upgrading downgrade downgraded versión versione versão versie wersja");
        Add(Topic.Host, "ip ips ipv address addr adresse dirección host hostname server client remote peer gateway router dns nameserver resolver subnet network cidr ping pinged traceroute connect connected connecting connection listening listen bind login proxy forwarded endpoint node serveur servidor rechner netzwerk from src dst source destination dhcp lease");
        Add(Topic.Software, "kernel driver build chrome chromium firefox edge opera safari webkit vivaldi electron windows nt android nginx apache openssl java jdk python node dotnet assembly package library module plugin sdk");
        Add(Topic.Joining, "and or with for to at on is was are if but after before today tomorrow please thanks und oder mit für ist ab y o con para et ou avec pour est e com en op");
        Add(Topic.Amount, "amount total sum count population revenue price budget size bytes rows cost sales turnover distance profit loss balance summe umsatz betrag anzahl einwohner preis montant prix importe ventas");
        Add(Topic.Mac, "mac hwaddr ethernet ether bssid wifi wlan lladdr nic");
        Add(Topic.Email, "email mail mailto correo courriel");
        Add(Topic.Possessive, "my your his her our their meine meiner ihre");
        Add(Topic.Number, "number no nr num nummer");
        Add(Topic.Archive, "file archive folder attachment files");
        return topics.ToFrozenDictionary(StringComparer.Ordinal);

        void Add(Topic topic, string words)
        {
            foreach (var word in words.Split(' '))
            {
                topics[word] = topics.GetValueOrDefault(word) | topic;
            }
        }
    }
}
