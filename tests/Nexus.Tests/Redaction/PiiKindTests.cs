using Nexus.Redaction;

namespace Nexus.Tests.Redaction;

public sealed class PiiKindTests
{
    public static TheoryData<PiiKind> Kinds => [.. Enum.GetValues<PiiKind>()];

    [Theory, MemberData(nameof(Kinds))]
    public void Every_kind_has_an_example_that_is_redacted(PiiKind kind)
    {
        var examples = PiiExamples.WithoutContext.Concat(PiiExamples.WithContext).Where(example => example.Kind == kind).ToList();
        examples.ShouldNotBeEmpty($"Add an example of {kind} to {nameof(PiiExamples)}.");
        foreach (var (_, text) in examples)
        {
            Redacted.Text(text).ShouldContain($"[{kind.Label()}]");
        }
    }

    [Fact]
    public void Wire_names_do_not_change() => Enum.GetValues<PiiKind>().Select(kind => kind.Flag()).ShouldBe(
    [
        "private_key", "url", "api_key", "email", "card", "iban", "ip", "mac", "ssn", "itin", "nhs", "nino", "tax_id", "nif", "passport",
        "phone", "postal_code",
    ]);

    [Fact]
    public void Labels_are_the_wire_names_in_upper_case()
    {
        var kinds = Enum.GetValues<PiiKind>();
        kinds.Select(kind => kind.Label()).ShouldBe(kinds.Select(kind => kind.Flag().ToUpperInvariant()));
    }

    [Theory, MemberData(nameof(Kinds))]
    public void Documentation_lists_every_kind(PiiKind kind) =>
        File.ReadAllText(Path.Combine(SourceTree.Root, "docs", "personal-data.md")).ShouldContain($"`{kind.Flag()}`");
}
