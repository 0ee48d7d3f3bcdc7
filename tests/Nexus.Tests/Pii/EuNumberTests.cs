using Nexus.Redaction;

namespace Nexus.Tests.Pii;

/// <summary>Tax numbers of Germany and Spain.</summary>
public sealed class EuNumberTests
{
    [Theory]
    [InlineData("86095742719", "86095742719")]
    [InlineData("Steuer-ID 65 929 970 489", "65 929 970 489")]
    [InlineData("IdNr. 47036892816,", "47036892816")]
    public void German_tax_ids_are_found(string text, string number) => text.ShouldHold(PiiKind.TaxId, number);

    [Theory]
    [InlineData("86095742718")]
    [InlineData("12345678901")]
    [InlineData("86095742719.5")]
    [InlineData("11111111111")]
    public void Without_their_rules_they_are_none(string text) => text.ShouldHoldNothing();

    [Fact]
    public void None_begins_with_0() => "06095742719".ShouldHold(PiiKind.TaxId);

    [Theory]
    [InlineData("12345678Z", "12345678Z")]
    [InlineData("NIF: 12.345.678-Z", "12.345.678-Z")]
    [InlineData("X1234567L", "X1234567L")]
    [InlineData("nie x-1234567-l", "x-1234567-l")]
    [InlineData("DNI 12345678z", "12345678z")]
    public void Spanish_numbers_are_found(string text, string number) => text.ShouldHold(PiiKind.Nif, number);

    [Theory]
    [InlineData("12345678A")]
    [InlineData("12345678z")]
    [InlineData("X1234567A")]
    [InlineData("A12345678Z")]
    [InlineData("12345678ZZ")]
    public void Others_are_none(string text) => text.ShouldHoldNothing();
}
