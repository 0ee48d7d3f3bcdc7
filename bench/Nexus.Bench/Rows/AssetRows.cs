using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Nexus.Bench.Processes;
using Nexus.Client;
using Nexus.Testing;

namespace Nexus.Bench.Rows;

/// <summary>Large files: what the server holds in memory while one goes in and out, and how long one takes to split.</summary>
internal static class AssetRows
{
    private const long Gigabyte = 1L << 30;
    private const int SplitBytes = 10 << 20;

    public static async Task<bool> UploadAsync(Arguments arguments)
    {
        using var scratch = new Scratch();
        await using var nexus = await StartAsync(scratch);
        using var http = new HttpClient();
        var client = Client(nexus, http);

        // A file with a hole: only the server writes its bytes.
        await using var file = new FileStream(scratch["large"], FileMode.CreateNew);
        file.SetLength(Gigabyte);
        var clock = Stopwatch.StartNew();
        var asset = await client.PutAssetAsync(file, "large.bin");
        var put = clock.Elapsed.TotalSeconds;
        await client.GetAssetContentAsync(asset.AssetId, Stream.Null);
        return Report.AtMost(
            "resident at its highest while 1 GiB is uploaded, registered and read", nexus.Memory().Peak, 200, "MB",
            nexus: $"uploaded and registered in {Report.Number(put)} s");
    }

    public static async Task<bool> SplitAsync(Arguments arguments)
    {
        using var scratch = new Scratch();
        await using var nexus = await StartAsync(scratch);
        using var http = new HttpClient();
        var client = Client(nexus, http);
        using var text = new MemoryStream(Text());
        var asset = await client.PutAssetAsync(text, "large.txt", "text/plain");
        var idle = nexus.Memory().Now;
        var seconds = new List<double>();
        var parts = 0;
        for (var round = 0; round < arguments.Rounds; round++)
        {
            // Other parameters make another atom; the same would be found.
            var clock = Stopwatch.StartNew();
            var atom = await client.CreateAtomAsync(
                asset.AssetId,
                "text_split",
                JsonElement.Parse($$"""{"max_chars":{{2_000 - round}}}"""));
            seconds.Add(clock.Elapsed.TotalSeconds);
            parts = atom.Metadata.GetProperty("child_atom_ids").GetArrayLength();
        }

        var met = Report.AtMost(
            "`text_split` of 10 MiB of text, stored, through the route",
            Comparison.Median(seconds),
            2,
            "s",
            nexus: $"{parts} parts",
            rounds: string.Join(' ', seconds.Select(Report.Number)));
        return met & Report.AtMost(
            "resident at its highest meanwhile",
            nexus.Memory().Peak,
            400,
            "MB",
            nexus: $"{Report.Number(idle)} MB before");
    }

    private static Task<Child> StartAsync(Scratch scratch) =>
        Servers.NexusAsync(scratch["nexus"], settings: ("Nexus__Blobs__MaxBytes", $"{2 * Gigabyte}"));

    private static NexusClient Client(Child nexus, HttpClient http) => new(http, new NexusClientOptions
    {
        Server = new Uri($"http://{nexus.Address}"),
        Env = "prod",
        Credential = NexusClientOptions.StaticCredential(TrustedToken.Mint("u_bench", ("t_assets", "owner"))),
    });

    private static byte[] Text()
    {
        var text = new StringBuilder(SplitBytes + 4_096);
        for (var paragraph = 0; text.Length < SplitBytes; paragraph++)
        {
            text.Append(CardTexts.Parts(paragraph).Body).Append("\n\n");
        }

        return Encoding.ASCII.GetBytes(text.ToString(0, SplitBytes));
    }
}
