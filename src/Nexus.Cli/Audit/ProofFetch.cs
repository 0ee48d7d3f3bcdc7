using Nexus.Cli.Running;
using Nexus.Client;
using Nexus.Merkle;

namespace Nexus.Cli.Audit;

/// <summary>Makes a proof file from what a server answers, which whoever reads the file will check.</summary>
internal static class ProofFetch
{
    public static async Task<ProofFile> FetchAsync(NexusClient client, long seq, CancellationToken cancellation)
    {
        var note = await client.GetCheckpointAsync(cancellation);
        try
        {
            var size = Checkpoint.Parse(note.Text).Size;
            if (seq < 0 || seq >= size)
            {
                throw Failure.NotFound($"not_found: The log's checkpoint has {size} entries; there is no {seq} among them.");
            }

            return new ProofFile((await client.GetInclusionAsync(seq, size, cancellation)).ToProof(), note);
        }
        catch (FormatException e)
        {
            throw Failure.Unreadable($"client.answer_unreadable: The server's answer is no proof: {e.Message}");
        }
    }
}
