using Nexus.Server.Audit.Events;
using Nexus.Server.Knowledge.Cards;
using Nexus.Server.Platform.Storage;

namespace Nexus.Server.Knowledge.Search;

/// <summary>Reads the card changes of one tenant and env from the store in log order. The search index follows them.</summary>
internal sealed class CardChangeFeed(Database database)
{
    /// <summary>The maximum size of a page's text in bytes, unless the page is a single card.</summary>
    public const int MaxBytes = 8 << 20;

    /// <summary>Returns the reader for a tenant and env.</summary>
    public ReadCardChanges For(Scope scope) =>
        (position, cancellationToken) => database.ReadAsync(scope, session => ReadPageAsync(session, position), cancellationToken);

    private static async ValueTask<CardChangePage?> ReadPageAsync(ReadSession session, IndexPosition position)
    {
        var next = await CardStore.ListChangeSizesAsync(session, position.Seq, SearchIndexPool.MaxPageChanges);
        var last = position.Seq;
        var bytes = 0L;
        var taken = 0;
        foreach (var (seq, size) in next)
        {
            bytes += size;
            if (taken > 0 && bytes > MaxBytes)
            {
                break;
            }

            last = seq;
            taken++;
        }

        if (taken == 0 && (position.IsVerified || position.Seq < 0))
        {
            return new CardChangePage([], position.Seq, position.LeafHash, HasMore: false);
        }

        var marks = await StoredEventReader.ReadLeavesAsync(session, [position.Seq, last]);
        if (position.Seq >= 0 && !(marks.TryGetValue(position.Seq, out var mark) && mark.AsSpan().SequenceEqual(position.LeafHash)))
        {
            return null;
        }

        if (taken == 0)
        {
            return new CardChangePage([], position.Seq, position.LeafHash, HasMore: false);
        }

        // Cards that changed again since are not among these rows. Their later change follows.
        var rows = await CardStore.ListChangesAsync(session, position.Seq, last);
        return new CardChangePage(
            [.. rows.Select(ToIndexedCard)],
            last,
            marks[last],
            taken < next.Count || next.Count == SearchIndexPool.MaxPageChanges);
    }

    private static IndexedCard ToIndexedCard(CardRow row) => row.Deleted
        ? IndexedCard.CreateTombstone(row.CardId, row.Seq)
        : new IndexedCard(
            row.CardId,
            row.Seq,
            false,
            row.CardType,
            row.Version,
            row.Title,
            row.FullText.AsMemory(row.BodyStart, row.BodyLength),
            row.Header,
            row.CreatedAt);
}
