using System.Reflection;
using System.Text.Json;

namespace Nexus.Tests.Redaction;

/// <summary>Texts without personal data: sample files, ids, logs, and prose with numbers.</summary>
public sealed class OrdinaryTextTests
{
    [Fact]
    public void Sample_files_contain_no_personal_data()
    {
        var assembly = Assembly.Load("Nexus.Server"); // which embeds the samples
        var samples = assembly.GetManifestResourceNames().Where(name => name.StartsWith("samples/", StringComparison.Ordinal)).ToList();
        samples.Count.ShouldBeGreaterThan(10);
        foreach (var sample in samples)
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(sample)!);
            reader.ReadToEnd().ShouldContainNothing();
        }
    }

    [Fact]
    public void Ids_of_nexus_are_not_personal_data()
    {
        for (var i = 0; i < 5_000; i++)
        {
            var id = Guid.CreateVersion7().ToString();
            id.ShouldContainNothing();
            $"key_{id}".ShouldContainNothing();
            $"seen {id}, then card_{id}:{i} and {id[..8]}".ShouldContainNothing();
        }
    }

    [Theory]
    [InlineData("2026-11-24T10:11:12.123456Z info request_id=01JD6Z8Y9N4Q6T0V2X4Z6B8D0F status=200 ms=12.345 bytes=1048576")]
    [InlineData("GET /nexus/cards/0192f3a4-5678-7123-8456-789012345678 200 1764000000000 0.000123s")]
    [InlineData(
        "The release of 24 November 2026 brought 1,234,567 events (12.5 %) in 3 h 20 min; "
        + "see RFC 9457, section 3.1.1, and issue #12345.")]
    [InlineData("Between 1914 and 1918 some 70,000,000 served; the 1920s followed. Chapter 12, pages 345-367, vol. 8(3).")]
    [InlineData(
        "commit 9fceb02d0ae598e95dc970b74767f19372d61af8 of v10.0.401, "
        + "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")]
    [InlineData("Order 4532-1177-9921-0044-1 shipped; tracking 1Z999AA10123456784; invoice INV-2026-0001234; ref 20261124-0001.")]
    [InlineData("temperatures of -12.5, 3.75 and 20.125 degrees at 52.520008, 13.404954")]
    [InlineData("nexus_http_requests_total{code=\"200\"} 1027 1395066363000")]
    [InlineData("Zoom 10:30-11:15, room 4.12.345, seats 120-150, price 1.299,00 EUR")]
    [InlineData("Die Straße 12345 km lang; Umsatz 12 345 678 Euro; am 01.02.2026 um 10:30 Uhr.")]
    [InlineData("x = 0x1F600; y = 1e-10; z = 6.02214076e23; mask 0xffffffff; 1/3 + 2/3")]
    [InlineData("arXiv:2106.09685v2, doi:10.1145/3292500.3330701, ISBN 0-306-40615-2")]
    [InlineData("seq 1000000007, offset 4294967296, id 9007199254740991, port 5432, epoch 1764000000")]
    [InlineData("uuid 550e8400-e29b-41d4-a716-446655440000 and 11111111-2222-4333-8444-555555555555")]
    [InlineData("we will call the API 100000 times and reach 5000000 rows")]
    public void Ordinary_prose_and_logs_contain_no_personal_data(string text) => text.ShouldContainNothing();

    [Fact]
    public void Labelled_data_set_is_found_where_it_is_available()
    {
        var file = Path.Combine(SourceTree.Root, "..", "shared", "data", "pii", "generated_large.json");
        if (!File.Exists(file))
        {
            Assert.Skip("../shared/data/pii is not here.");
            return;
        }

        using var document = JsonDocument.Parse(File.ReadAllText(file));
        var (spans, found) = (0, 0);
        foreach (var entry in document.RootElement.EnumerateArray())
        {
            var text = entry.GetProperty("full_text").GetString()!;
            var redacted = Redacted.Text(text);
            foreach (var span in entry.GetProperty("spans").EnumerateArray())
            {
                if (span.GetProperty("entity_type").GetString()
                    is not ("EMAIL_ADDRESS" or "CREDIT_CARD" or "IBAN_CODE" or "IP_ADDRESS" or "US_SSN"))
                {
                    continue;
                }

                spans++;
                found += redacted.Contains(span.GetProperty("entity_value").GetString()!, StringComparison.Ordinal) ? 0 : 1;
            }
        }

        ((double)found / spans).ShouldBeGreaterThan(0.98);
    }
}
