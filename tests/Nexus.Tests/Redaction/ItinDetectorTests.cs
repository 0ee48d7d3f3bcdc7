using Nexus.Redaction;

namespace Nexus.Tests.Redaction;

public sealed class ItinDetectorTests
{
    [Theory]
    [InlineData("912-70-1234", "912-70-1234")]
    [InlineData("ITIN 912 70 1234", "912 70 1234")]
    [InlineData("itin: 912501234", "912501234")]
    public void Numbers_are_found(string text, string number) => text.ShouldContainExactly(PiiKind.Itin, number);

    [Fact]
    public void Groups_that_are_not_issued_are_ignored() => "912-69-1234 812-70-1234x".ShouldContainNothing();
}
