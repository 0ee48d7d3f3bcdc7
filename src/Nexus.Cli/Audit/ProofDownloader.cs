using Nexus.Cli.Running;
using Nexus.Client;
using Nexus.Merkle;

namespace Nexus.Cli.Audit;

/// <summary>Makes a proof file from what a server answers, which whoever reads the file will check.</summary>
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
                throw CommandException.NotFound($"not_found: The log's checkpoint has {size} entries; there is no {seq} among them.");
            }

            return new ProofFile((await client.GetInclusionAsync(seq, size, cancellationToken)).ToProof(), note);
        }
        catch (FormatException e)
        {
            throw CommandException.Unreadable($"client.answer_unreadable: The server's answer is no proof: {e.Message}");
        }
    }
}
