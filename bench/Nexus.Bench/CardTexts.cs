using System.Text;

namespace Nexus.Bench;

/// <summary>
/// Cards of a realistic size, about 700 bytes, the same on every run. Words come from a vocabulary of 20,000 and are
/// as unevenly frequent as those of a language are, since that is what an index has to cope with.
/// </summary>
internal static class CardTexts
{
    private const int Vocabulary = 20_000;
    private const int CommonWords = 20;

    private static readonly string[] _known =
        """
        tenant card search audit event backup restore policy owner member token refresh key master folder disk commit
        batch writer reader index query filter budget excerpt source lineage proof checkpoint leaf root switch gate limit
        quota window request answer retry queue drain deploy node cluster replica latency median load memory process signal
        customer agent session turn preference consent export erase subject redact pattern number address invoice order
        shipment refund ticket escalation priority severity incident review release rollback branch pipeline artefact
        """.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);

    private static readonly string[] _syllables =
        ["ba", "cor", "del", "fin", "gra", "hol", "jun", "ket", "lim", "mor", "nas", "pel", "qua", "rin", "sol", "tur", "ven", "wex", "yal", "zim"];

    /// <summary>A card: a title of two to eight words, a body of about eighty or as many as asked for.</summary>
    public static string Text(int number, int words = 80)
    {
        var random = new Random(number);
        var text = new StringBuilder(240 + (words * 8)).Append("card_type: note\ntitle: ");
        Append(text, random, random.Next(2, 9), 0);
        text.Append("\naudience: operators\nnumber: ").Append(number).Append("\n---\n");
        Append(text, random, Length(random, words), 0);
        return text.Append('\n').ToString();
    }

    /// <summary>A title and a body, without the header around them.</summary>
    public static (string Title, string Body) Parts(int number)
    {
        var random = new Random(number);
        var (title, body) = (new StringBuilder(), new StringBuilder());
        Append(title, random, random.Next(2, 9), 0);
        Append(body, random, Length(random, 80), 0);
        return (title.ToString(), body.ToString());
    }

    /// <summary>Three words as somebody would ask for: not the few that stand in most cards.</summary>
    public static string Query(int number)
    {
        var text = new StringBuilder();
        Append(text, new Random(-1 - number), 3, CommonWords);
        return text.ToString();
    }

    // Texts of one length would tie in their scores, which real ones do not.
    private static int Length(Random random, int words) => random.Next(words / 2, words * 3 / 2);

    private static void Append(StringBuilder text, Random random, int words, int skip)
    {
        for (var i = 0; i < words; i++)
        {
            // The logarithm of the rank is uniform: the nth word is about 1/n as frequent as the first.
            var rank = (int)(skip + Math.Pow(Vocabulary - skip, random.NextDouble()) - 1);
            text.Append(i == 0 ? "" : i % 12 == 0 ? "\n" : " ").Append(Word(rank));
        }
    }

    private static string Word(int rank) => rank < _known.Length
        ? _known[rank]
        : _syllables[rank % 20]
        + _syllables[rank / 20 % 20]
        + _syllables[rank / 400 % 20]
        + (rank >= 8_000 ? _syllables[rank / 8_000] : "");
}
