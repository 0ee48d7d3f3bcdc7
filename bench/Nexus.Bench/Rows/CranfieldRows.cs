using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using Nexus.Bench.Processes;
using Nexus.Testing;

namespace Nexus.Bench.Rows;

/// <summary>The Cranfield abstracts taken in by the command line, and how well searches over them rank.</summary>
internal static class CranfieldRows
{
    private const string Tenant = "t_cranfield";

    public static async Task<bool> RunAsync(Arguments arguments)
    {
        if (Cranfield.Folder is not { } collection)
        {
            await Console.Error.WriteLineAsync("Skipped cranfield: ../shared/data/cranfield is not here.");
            return true;
        }

        using var scratch = new Scratch();
        var database = arguments.Engine == "postgres"
            ? await (await PostgresCluster.SharedAsync()).CreateDatabaseAsync(CancellationToken.None)
            : null;
        await using var nexus = await Servers.NexusAsync(scratch["nexus"], database);
        var cards = Cranfield.WriteCards(collection, scratch["cards"]);
        var token = TrustedToken.Mint("u_bench", (Tenant, "owner"));
        var seconds = await ImportAsync(nexus, scratch["cards"], token);
        var met = Report.AtMost($"`nexus card import` of {cards} Cranfield abstracts", seconds, 10, "s");

        using var client = new HttpClient { BaseAddress = new Uri($"http://{nexus.Address}") };
        client.DefaultRequestHeaders.Add("Authorization", $"Bearer {token}");
        client.DefaultRequestHeaders.Add("X-Env", "prod");
        var documents = await DocumentsAsync(client);
        var quality = Ndcg.Compute(collection, text => Search(client, documents, text));
        return Report.AtLeast(
            "nDCG@10 of the 225 Cranfield queries, by words, through `POST /nexus/search`",
            quality,
            0.39,
            $"{documents.Count} cards") & met;
    }

    private static async Task<double> ImportAsync(Child nexus, string folder, string token)
    {
        var start = new ProcessStartInfo(Servers.Nexus, ["card", "import", folder])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["NEXUS_SERVER"] = $"http://{nexus.Address}";
        start.Environment["NEXUS_TOKEN"] = token;
        start.Environment["NEXUS_ENV"] = "prod";
        var clock = Stopwatch.StartNew();
        using var import = Process.Start(start)!;
        var errors = import.StandardError.ReadToEndAsync();
        var output = await import.StandardOutput.ReadToEndAsync();
        await import.WaitForExitAsync();
        return import.ExitCode == 0
            ? clock.Elapsed.TotalSeconds
            : throw new InvalidOperationException($"The import ended with {import.ExitCode}: {output}{await errors}");
    }

    /// <summary>Which document each card is, from its header.</summary>
    private static async Task<Dictionary<string, string>> DocumentsAsync(HttpClient client)
    {
        var documents = new Dictionary<string, string>(StringComparer.Ordinal);
        for (string? cursor = ""; cursor is not null;)
        {
            var query = cursor.Length == 0 ? "" : $"&cursor={Uri.EscapeDataString(cursor)}";
            var page = await client.GetFromJsonAsync<JsonElement>(new Uri($"/nexus/cards?limit=100{query}", UriKind.Relative));
            foreach (var card in page.GetProperty("items").EnumerateArray())
            {
                documents[card.GetProperty("card_id").GetString()!] = card.GetProperty("header").GetProperty("doc_id").ToString();
            }

            cursor = page.GetProperty("next_cursor").GetString();
        }

        return documents;
    }

    private static IReadOnlyList<string> Search(HttpClient client, Dictionary<string, string> documents, string text)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/nexus/search")
        {
            Content = JsonContent.Create(new { query_text = text, top_k = 10 }),
        };
        using var response = client.Send(request);
        response.EnsureSuccessStatusCode();
        using var body = response.Content.ReadAsStream();
        using var results = JsonDocument.Parse(body);
        return [.. results.RootElement.EnumerateArray().Select(result => documents[result.GetProperty("id").GetString()!])];
    }
}
