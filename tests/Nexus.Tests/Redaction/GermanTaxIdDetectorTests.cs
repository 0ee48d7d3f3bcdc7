using Nexus.Redaction;

namespace Nexus.Tests.Redaction;

public sealed class GermanTaxIdDetectorTests
{
    [Theory]
    [InlineData("86095742719", "86095742719")]
    [InlineData("Steuer-ID 65 929 970 489", "65 929 970 489")]
    [InlineData("IdNr. 47036892816,", "47036892816")]
    public void Tax_ids_are_found(string text, string number) => text.ShouldContainExactly(PiiKind.TaxId, number);

    [Theory]
    [InlineData("86095742718")]
    [InlineData("12345678901")]
    [InlineData("86095742719.5")]
    [InlineData("11111111111")]
    public void Numbers_that_break_a_rule_are_ignored(string text) => text.ShouldContainNothing();

    [Fact]
    public void Numbers_that_begin_with_0_are_ignored() => "06095742719".ShouldContainExactly(PiiKind.TaxId);
}
