using Nexus.Cli.CommandLine;
using Nexus.Client;
using Nexus.Merkle;

namespace Nexus.Cli.Audit;

/// <summary>Builds a proof file from a server's responses. Nothing is verified here; whoever reads the file does that.</summary>
internal static class ProofDownloader
{
    public static async Task<ProofFile> FetchAsync(NexusClient client, long seq, CancellationToken cancellationToken)
    {
        var note = await client.GetCheckpointAsync(cancellationToken);
        try
        {
            var size = Checkpoint.Parse(note.Text).Size;
            if (seq < 0 || seq >= size)
            {
                throw CommandException.NotFound($"not_found: There is no event {seq}: the log's checkpoint covers {size} entries.");
            }

            return new ProofFile((await client.GetInclusionAsync(seq, size, cancellationToken)).ToProof(), note);
        }
        catch (FormatException e)
        {
            throw CommandException.Unreadable($"client.answer_unreadable: The server returned an invalid proof: {e.Message}");
        }
    }
}
