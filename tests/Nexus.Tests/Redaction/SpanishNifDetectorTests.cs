using Nexus.Redaction;

namespace Nexus.Tests.Redaction;

public sealed class SpanishNifDetectorTests
{
    [Theory]
    [InlineData("12345678Z", "12345678Z")]
    [InlineData("NIF: 12.345.678-Z", "12.345.678-Z")]
    [InlineData("X1234567L", "X1234567L")]
    [InlineData("nie x-1234567-l", "x-1234567-l")]
    [InlineData("DNI 12345678z", "12345678z")]
    public void Numbers_of_citizens_and_foreigners_are_found(string text, string number) => text.ShouldContainExactly(PiiKind.Nif, number);

    [Theory]
    [InlineData("12345678A")]
    [InlineData("12345678z")]
    [InlineData("X1234567A")]
    [InlineData("A12345678Z")]
    [InlineData("12345678ZZ")]
    public void Wrong_letters_and_longer_tokens_are_ignored(string text) => text.ShouldContainNothing();
}
