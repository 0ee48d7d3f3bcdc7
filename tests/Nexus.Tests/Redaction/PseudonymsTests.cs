using Nexus.Redaction;

namespace Nexus.Tests.Redaction;

public sealed class PseudonymsTests
{
    private static readonly Redactor _redactor = new(new Pseudonyms([.. Enumerable.Range(0, 32).Select(value => (byte)value)]));

    [Fact]
    public void Same_value_has_same_pseudonym_within_a_tenant()
    {
        string[] notations = ["jane@example.com", "JANE@example.com", "ｊａｎｅ@example.com", "jane%40example.com"];
        var pseudonyms = notations.Select(Redact).ToList();
        pseudonyms.ShouldAllBe(pseudonym => pseudonym == pseudonyms[0]);
        pseudonyms[0].ShouldMatch(@"\A\[EMAIL:[0-9a-f]{4}\]\z");
        Redact("+49 30 901820").ShouldBe(Redact("+49-30-90.18.20"));
        Redact("4111111111111111").ShouldBe(Redact("4111 1111 1111 1111"));
    }

    [Fact]
    public void Other_values_tenants_and_keys_have_other_pseudonyms()
    {
        var ofValues = Enumerable.Range(0, 50).Select(number => Redact($"jane{number}@example.com"));
        ofValues.Distinct().Count().ShouldBeGreaterThan(45); // 16 bits: a few may collide
        var ofTenants = Enumerable.Range(0, 50).Select(number => _redactor.CreateSession($"t_{number}").Redact("jane@example.com"));
        ofTenants.Distinct().Count().ShouldBeGreaterThan(45);
        new Redactor(new Pseudonyms(new byte[32])).CreateSession("t_a").Redact("jane@example.com").ShouldNotBe(Redact("jane@example.com"));
    }

    private static string Redact(string text) => _redactor.CreateSession("t_a").Redact(text);
}
