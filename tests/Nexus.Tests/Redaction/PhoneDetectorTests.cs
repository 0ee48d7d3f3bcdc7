using Nexus.Redaction;

namespace Nexus.Tests.Redaction;

public sealed class PhoneDetectorTests
{
    [Theory]
    [InlineData("+49 30 901820")]
    [InlineData("+14155552671")]
    [InlineData("+1 (415) 555-2671")]
    [InlineData("(+44) 20 7946 0958")]
    [InlineData("+33 6 12 34 56 78")]
    [InlineData("0033 6 12 34 56 78")]
    [InlineData("001-748-088-2851x818")]
    [InlineData("+49 (0)30 123456")]
    [InlineData("415-555-2671")]
    [InlineData("415.555.2671")]
    [InlineData("(415) 555-2671 ext. 12")]
    [InlineData("(978)645-9740x11144")]
    [InlineData("1-800-555-0199")]
    [InlineData("415 555 2671")]
    [InlineData("06 12 34 56 78")]
    [InlineData("02.27.96.63.08")]
    [InlineData("030/1234567")]
    [InlineData("07911 123456")]
    [InlineData("020 7946 0958")]
    [InlineData("0412 345 678")]
    [InlineData("090-1234-5678")]
    [InlineData("(11) 91234-5678")]
    [InlineData("8 (495) 123-45-67")]
    [InlineData("06-12345678")]
    public void Formats_of_numbering_plans_are_found_without_context(string number)
    {
        number.ShouldContainExactly(PiiKind.Phone, number);
        $"see {number}, or not".ShouldContainExactly(PiiKind.Phone, number);
        $"({number})".ShouldContainExactly(PiiKind.Phone, number);
    }

    [Theory]
    [InlineData("Phone: 785 8949", "785 8949")]
    [InlineData("my phone number is 2813882583", "2813882583")]
    [InlineData("Tel.: 73 448 266", "73 448 266")]
    [InlineData("You can call 33 93 31 after six", "33 93 31")]
    [InlineData("Here is my number: 322 327 102.", "322 327 102")]
    [InlineData("22 498317 office", "22 498317")]
    [InlineData("25-62-29-72-Fax", "25-62-29-72")]
    [InlineData("Rufnummer 040123456", "040123456")]
    [InlineData("llámame al 612 345 678", "612 345 678")]
    [InlineData("WhatsApp 98765 43210", "98765 43210")]
    [InlineData("tel:5552671", "5552671")]
    public void Other_digits_are_found_with_a_context_word(string text, string number) => text.ShouldContainExactly(PiiKind.Phone, number);

    [Theory]
    [InlineData("""{"phone":"电话13812345678。"}""", """{"phone":"电话[PHONE]。"}""")]
    [InlineData(
        """{"homePhone":{"number":7858949},"MobileNo":["785 8949"]}""",
        """{"homePhone":{"number":"[PHONE]"},"MobileNo":["[PHONE]"]}""")]
    [InlineData(
        """{"number":7858949,"order_id":"415-555-2671","call_ms":1234567}""",
        """{"number":7858949,"order_id":"415-555-2671","call_ms":1234567}""")]
    public void Property_names_give_context(string json, string redacted) => Redacted.Json(json).ShouldBe(redacted);

    [Fact]
    public void Several_numbers_on_a_line_are_found() =>
        "089 72 63 41 office\n166-684-7899 fax,(978)645-9740x11144 mobile"
            .ShouldContainExactly(PiiKind.Phone, "089 72 63 41", "166-684-7899", "(978)645-9740x11144");

    [Theory]
    [InlineData("order 415-555-2671")]
    [InlineData("Order number 2813882583")]
    [InlineData("invoice 0123 456789")]
    [InlineData("call id 1234567")]
    [InlineData("2813882583")]
    [InlineData("1764000000000")]
    [InlineData("1764000000000123")]
    [InlineData("2026-11-24T10:11:12.123456Z")]
    [InlineData("2026-11-24 10:11:12+01:00")]
    [InlineData("from 2019-2020 to 01.02.2021")]
    [InlineData("24/11/2026 10:30")]
    [InlineData("20261124-101112")]
    [InlineData("version 10.0.26100.2033")]
    [InlineData("1.2.3-rc.4+20130313144700")]
    [InlineData("ISBN 978-3-16-148410-0, ISSN 1234-5678")]
    [InlineData("Nature 45 (2019) 123-145")]
    [InlineData("1,234,567 rows and 12 345 678 bytes")]
    [InlineData("52.520008, 13.404954")]
    [InlineData("$ 1 234 567.00 or 1.234.567,00 €")]
    [InlineData("0192f3a4-5678-7123-8456-789012345678")]
    [InlineData("card_01927123-5678-7123-8456-789012345678")]
    [InlineData("01234567-1234-1234-1234-123456789012")]
    [InlineData("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")]
    [InlineData("ORD-2026-000123, INV-0001234-01, sku 0123-4567-89, part 012-345-678")]
    [InlineData("112-1234567-1234567")]
    [InlineData("3.14159265358979")]
    [InlineData("10 20 30 40 50 60 70 80 90")]
    [InlineData("in 1999 2000 2001 and 2002")]
    [InlineData("rfc 9457, port 65535, 100000 cards, 0.00012345")]
    [InlineData("seq 123456789 of 987654321")]
    public void Other_numbers_are_ignored(string text) => text.ShouldContainNothing();
}
