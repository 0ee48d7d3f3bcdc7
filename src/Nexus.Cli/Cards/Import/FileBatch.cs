using System.Runtime.CompilerServices;
using Nexus.Client;

namespace Nexus.Cli.Cards.Import;

/// <summary>Files to send in one request. Files and lines are in the same order.</summary>
internal sealed class FileBatch
{
    /// <summary>
    /// Fewer than the server accepts, so that several requests run in parallel and the progress bar moves. Equals two of the
    /// server's transactions.
    /// </summary>
    private const int MaxLines = 200;

    private readonly List<string> _files = [];

    public CardBatchBody Cards { get; } = new();

    public IReadOnlyList<string> Files => _files;

    /// <summary>
    /// Reads the files into batches while earlier batches are being sent. A file that cannot be read as text is passed to
    /// <paramref name="refuse"/> instead.
    /// </summary>
    public static async IAsyncEnumerable<FileBatch> ReadAsync(
        IEnumerable<string> files, string? cardType, Action<RefusedFile> refuse,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var batch = new FileBatch();
        foreach (var file in files)
        {
            var text = await ReadTextAsync(file, refuse, cancellationToken);
            if (text is null)
            {
                continue;
            }

            if (cardType is not null)
            {
                text = CardText.WithCardType(text, cardType);
            }

            if (!batch.TryAdd(file, text))
            {
                yield return batch;
                batch = new FileBatch();
                batch.TryAdd(file, text);
            }
        }

        if (batch.Files.Count > 0)
        {
            yield return batch;
        }
    }

    private bool TryAdd(string file, string text)
    {
        if (Cards.Count == MaxLines || !Cards.TryAdd(text))
        {
            return false;
        }

        _files.Add(file);
        return true;
    }

    private static async Task<string?> ReadTextAsync(string file, Action<RefusedFile> refuse, CancellationToken cancellationToken)
    {
        try
        {
            var text = await CardFile.ReadAsync(file, cancellationToken);
            if (text is null)
            {
                refuse(new RefusedFile(file, "client.encoding", "The file is not UTF-8 text."));
            }

            return text;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            refuse(new RefusedFile(file, "client.file", "The file cannot be read."));
            return null;
        }
    }
}
