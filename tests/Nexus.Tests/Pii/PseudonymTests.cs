using Nexus.Redaction;

namespace Nexus.Tests.Pii;

public sealed class PseudonymTests
{
    private static readonly Redactor _redactor = new(new Pseudonyms([.. Enumerable.Range(0, 32).Select(value => (byte)value)]));

    [Fact]
    public void The_same_value_has_the_same_name_in_one_tenant()
    {
        var names = ((string[])["jane@example.com", "JANE@example.com", "ｊａｎｅ@example.com", "jane%40example.com"]).Select(Of).ToList();
        names.ShouldAllBe(name => name == names[0]);
        names[0].ShouldMatch(@"\A\[EMAIL:[0-9a-f]{4}\]\z");
        Of("+49 30 901820").ShouldBe(Of("+49-30-90.18.20"));
        Of("4111111111111111").ShouldBe(Of("4111 1111 1111 1111"));
    }

    [Fact]
    public void Other_values_and_other_tenants_have_others()
    {
        Enumerable.Range(0, 50).Select(number => Of($"jane{number}@example.com")).Distinct().Count().ShouldBeGreaterThan(45);
        Enumerable.Range(0, 50).Select(number => _redactor.For($"t_{number}").Of("jane@example.com")).Distinct().Count().ShouldBeGreaterThan(45);
        new Redactor(new Pseudonyms(new byte[32])).For("t_a").Of("jane@example.com").ShouldNotBe(Of("jane@example.com"));
    }

    private static string Of(string text) => _redactor.For("t_a").Of(text);
}
