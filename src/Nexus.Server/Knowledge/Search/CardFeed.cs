using Nexus.Server.Audit.Events;
using Nexus.Server.Knowledge.Cards;
using Nexus.Server.Platform.Storage;

namespace Nexus.Server.Knowledge.Search;

/// <summary>Where an index follows the store: the card changes of one tenant and env in the order of its log.</summary>
internal sealed class CardFeed(Database database)
{
    /// <summary>How much text one page holds, in bytes, unless it is a single card's.</summary>
    public const int MostBytes = 8 << 20;

    /// <summary>The changes of a scope.</summary>
    public CardChanges Of(Scope scope) => (position, cancellation) => database.ReadAsync(scope, session => PageAsync(session, position), cancellation);

    private static async ValueTask<CardPage?> PageAsync(ReadSession session, IndexPosition position)
    {
        var next = await CardStore.ChangedAsync(session, position.Seq, SearchIndexes.Batch);
        var last = position.Seq;
        var bytes = 0L;
        var taken = 0;
        foreach (var (seq, size) in next)
        {
            bytes += size;
            if (taken > 0 && bytes > MostBytes)
            {
                break;
            }

            last = seq;
            taken++;
        }

        if (taken == 0 && (position.IsSure || position.Seq < 0))
        {
            return new CardPage([], position.Seq, position.Mark, More: false);
        }

        var marks = await StoredEvents.LeavesAsync(session, [position.Seq, last]);
        if (position.Seq >= 0 && !(marks.TryGetValue(position.Seq, out var mark) && mark.AsSpan().SequenceEqual(position.Mark)))
        {
            return null;
        }

        if (taken == 0)
        {
            return new CardPage([], position.Seq, position.Mark, More: false);
        }

        // A card that has changed since is not among these: its change comes after them.
        var rows = await CardStore.ChangesAsync(session, position.Seq, last);
        return new CardPage([.. rows.Select(Card)], last, marks[last], taken < next.Count || next.Count == SearchIndexes.Batch);
    }

    private static IndexedCard Card(CardRow row) => row.Deleted
        ? IndexedCard.Gone(row.CardId, row.Seq)
        : new IndexedCard(row.CardId, row.Seq, false, row.CardType, row.Version, row.Title, row.FullText.AsMemory(row.BodyStart, row.BodyLength), row.Header, row.CreatedAt);
}
