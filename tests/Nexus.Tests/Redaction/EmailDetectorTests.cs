using Nexus.Redaction;

namespace Nexus.Tests.Redaction;

public sealed class EmailDetectorTests
{
    [Theory]
    [InlineData("write to jane.doe+news@mail.example.co.uk, please", "jane.doe+news@mail.example.co.uk")]
    [InlineData("<a href='mailto:o'brien@example.com'>", "o'brien@example.com")]
    [InlineData("'jane@example.com'", "jane@example.com")]
    [InlineData("jürgen@müller.de", "jürgen@müller.de")]
    [InlineData("josé@example.com", "josé@example.com")]
    [InlineData("пётр@пример.рф", "пётр@пример.рф")]
    [InlineData("x@xn--e1afmkfd.xn--p1ai", "x@xn--e1afmkfd.xn--p1ai")]
    [InlineData("Ends here: jane@example.com. Next", "jane@example.com")]
    [InlineData("(jane@example.com)", "jane@example.com")]
    [InlineData("?mail=jane@example.com&x=1", "jane@example.com")]
    [InlineData("JANE@EXAMPLE.COM", "JANE@EXAMPLE.COM")]
    [InlineData("jane@example.com4111", "jane@example.com")]
    [InlineData("jane@example.com-Office", "jane@example.com")]
    [InlineData("\"Jane Doe\"@example.com", "\"Jane Doe\"@example.com")]
    [InlineData("login of email root@localhost", "root@localhost")]
    public void Addresses_are_found(string text, string address) => text.ShouldContainExactly(PiiKind.Email, address);

    [Fact]
    public void Several_addresses_in_one_text_are_found() =>
        "a1@b.com;c@d.org,e_f@g-h.net".ShouldContainExactly(PiiKind.Email, "a1@b.com", "c@d.org", "e_f@g-h.net");

    [Theory]
    [InlineData("@angular/core@18.2.0")]
    [InlineData("lodash@4.17.21")]
    [InlineData("meet @ noon")]
    [InlineData("hi @jane.doe!")]
    [InlineData("logo@2x.png")]
    [InlineData("git@github.com:nexus/nexus.git")]
    [InlineData("root@localhost")]
    [InlineData("a@b.c")]
    [InlineData("@@@@")]
    [InlineData("https://maps.example.com/@52.52,13.40,12z")]
    public void Other_uses_of_the_at_sign_are_ignored(string text) => text.ShouldContainNothing();
}
