using System.Text;

namespace Nexus.Bench;

/// <summary>Cards of a realistic size, about 700 bytes, the same on every run.</summary>
internal static class CardTexts
{
    private static readonly string[] Words =
        """
        tenant card search audit event backup restore policy owner member token refresh key master folder disk commit
        batch writer reader index query filter budget excerpt source lineage proof checkpoint leaf root switch gate limit
        quota window request answer retry queue drain deploy node cluster replica latency median load memory process signal
        customer agent session turn preference consent export erase subject redact pattern number address invoice order
        shipment refund ticket escalation priority severity incident review release rollback branch pipeline artefact
        """.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);

    /// <summary>A card: a title of four words, a body of eighty or as many as asked for.</summary>
    public static string Text(int number, int words = 80)
    {
        var random = new Random(number);
        var text = new StringBuilder(240 + (words * 8));
        text.Append("card_type: note\ntitle: ");
        Append(text, random, 4);
        text.Append("\naudience: operators\nnumber: ").Append(number).Append("\n---\n");
        Append(text, random, words);
        return text.Append('\n').ToString();
    }

    /// <summary>Three words that cards hold, for a search.</summary>
    public static string Query(int number)
    {
        var text = new StringBuilder();
        Append(text, new Random(-1 - number), 3);
        return text.ToString();
    }

    private static void Append(StringBuilder text, Random random, int words)
    {
        for (var i = 0; i < words; i++)
        {
            text.Append(i == 0 ? "" : i % 12 == 0 ? ".\n" : " ").Append(Words[random.Next(Words.Length)]);
        }
    }
}
