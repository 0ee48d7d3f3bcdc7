using Nexus.Redaction;

namespace Nexus.Tests.Redaction;

/// <summary>
/// Texts that were not used to develop the rules, some with and some without personal data. The telephone numbers are examples that
/// numbering plans publish for landlines and mobiles, in national notation. They cover half of the world's countries; the rules were
/// developed with the other half. Only the share that is found counts, so no single number has to be found.
/// </summary>
public sealed class HeldOutTextTests
{
    private static readonly string[] _national =
    [
        "(01) 1234567", "(012) 312 34 56", "(020) 2012345", "(021) 234 5678", "(021) 23456789", "(021) 8350123", "(022) 221234",
        "(025) 123456", "(06 1) 234 5678",
        "(06) 200 1234", "(08) 9164 1234", "(2) 2123 4567", "(242) 345-6789", "(242) 359-1234", "(284) 229-1234", "(284) 300-1234",
        "(340) 642-1234", "(441) 370-1234",
        "(441) 412-3456", "(473) 269-1234", "(473) 403-1234", "(649) 231-1234", "(649) 712-1234", "(670) 234-5678", "(721) 520-5678",
        "(721) 542-5678", "(758) 284-5678",
        "(758) 430-5678", "(767) 225-1234", "(767) 420-1234", "(784) 266-1234", "(784) 430-1234", "(8 12) 34-56-78", "(809) 234-5678",
        "(869) 236-1234", "(869) 765-2917",
        "(876) 210-1234", "(876) 523-0123", "01 234567890", "010 123 4567", "010 1234 5678", "010 234567", "010-2000-0000", "011 111 2345",
        "011 15-2345-6789", "011 2345-6789",
        "0112 345 678", "012 34 56 78", "012 34567", "0121 234 5678", "013 1234567", "015 312 3456", "01512 3456789", "01534 456789",
        "018 1234567", "0192 123 4567",
        "02 123 456", "02 123 4567", "02 1234 5678", "02 2123 4567", "02 223 4567", "02-123-4567", "02-212-3456", "020 23 123 456",
        "02033 12 3456", "021 123 4567",
        "021 212 862", "021 234 56 78", "021 2345 6789", "021-2345678", "0211 234 567", "0212-1234567", "022 212 345", "022 345 678",
        "023 123 4567", "023 456 7890",
        "023 756 789", "0262 16 12 34", "0269 60 12 34", "028 012 345", "030 123456", "030 212-345", "030 234 5678", "0301 2345678",
        "040 123 45 67", "041 2345678",
        "0412 345 678", "0412-1234567", "043 012 345", "043 201 234", "0450 00 12 34", "05 28 81 23 45", "050-234-5678", "0590 20 12 34",
        "0590 27 12 34", "0594 10 12 34",
        "0599 123 456", "06 20 123 4567", "06 50 12 34 56", "06 6981 2345", "060 1234567", "061 123 456", "061 221 234", "0621 12 345",
        "0639 01 23 45", "0664 123456",
        "067 212 3456", "0690 00 12 34", "0692 12 34 56", "0694 20 12 34", "07 123 456", "07 9012 3456", "070 123 4567", "071 123 4567",
        "071 234 5678", "0712 034 567",
        "0720 123 456", "07400 123456", "074104 10123", "07797 712345", "078 123 45 67", "08 370 362", "0802 123 4567", "081 123 4567",
        "0812-345-678", "081234 56789",
        "091 123 1234", "091 123 4567", "091 234 567", "091-2345678", "0912 345 678", "0912 345 6789", "095 5123456", "0961 456789",
        "0991 234 567", "131 2345 6789",
        "2 2123456", "20 20 12 34", "20 21 23 45", "200 123 4567", "21 123 456", "21 23 45 67", "21 2345 6789", "21 61 23 45", "2100 1234",
        "212 345 678", "2123 4567",
        "22 12 34 56", "22 20 12 34", "22 21 23 45", "2212 3456", "2217 1234", "222 123 4567", "2245 6789", "250 123 456", "27 12 34 56",
        "30 101 23 45", "30 24 12 34",
        "312 345 6789", "32 12 34 56", "34 41 23 45", "35 12 34 56", "40 61 23 45", "41 23 45 67", "5012 3456", "5123 4567", "5312 3456",
        "600 123 456", "601 12 34 56",
        "601 123 456", "6123-4567", "628 123 456", "65 01 23 45", "66 905 01 23", "660 234 567", "691 234 5678", "70 01 23 45",
        "70 123 45 67", "7012 3456", "71 123 456",
        "71234567", "7612 3456", "79 12 34 56", "79 56 12 34", "8 (301) 123-45-67", "8 (71234) 5 67 89", "8 (771) 000 9998",
        "8 (912) 345-67-89", "8 0152 45-09-11",
        "8 029 491-19-11", "8 66 123456", "8123 4567", "82 123 4567", "8312 3456", "8812 3456", "90 11 23 45", "91 234 56 78",
        "912 345 678", "93 12 34 56", "9696 1234",
    ];

    [Theory]
    [InlineData("{0}")]
    [InlineData("see {0}, or not")]
    [InlineData("He left {0} with us.")]
    [InlineData("Maria, {0}, Lisboa")]
    [InlineData("{0} - Ana")]
    public void Nine_of_ten_national_phone_numbers_are_found_without_context(string around)
    {
        var found = _national.Count(number =>
            Redacted.Found(PiiKind.Phone, around.Replace("{0}", number, StringComparison.Ordinal))
                .Any(value => value.Contains(number, StringComparison.Ordinal)));
        ((double)found / _national.Length).ShouldBeGreaterThan(0.9, $"{found} of {_national.Length}");
    }

    [Theory]
    [InlineData("6.1.1.1")]
    [InlineData("see 6.1.1.1 Scope, then 6.1.2.4")]
    [InlineData(
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
        + "Chrome/120.0.0.0 Safari/537.36 Edg/120.0.2210.91")]
    [InlineData("Mozilla/5.0 (iPhone; CPU iPhone OS 17_2 like Mac OS X) AppleWebKit/605.1.15 CriOS/120.0.99.46 Mobile/15E148")]
    [InlineData("HeadlessChrome/119.0.44.12")]
    [InlineData("Chrome/120.0.0.0")]
    [InlineData("\"Chromium\";v=\"120.0.0.0\"")]
    [InlineData("Chrome 121.0.0.0 on Android")]
    [InlineData("the version of the app that we run is 48.2.0.91")]
    [InlineData("upgraded to 115.3.0.2 yesterday")]
    [InlineData("kernel 99.1.0.2 boots")]
    [InlineData("requires >= 99.4.0.1, != 98.1.1.2")]
    [InlineData("v 55.1.0.2 and v.55.1.0.3")]
    [InlineData("libfoo 77.4.0.2-1ubuntu2")]
    [InlineData("77.4.0.2+build5, 77.4.0.2-rc1")]
    [InlineData("System.Text.Json, Version=44.0.0.0, Culture=neutral")]
    [InlineData("[assembly: AssemblyVersion(\"41.0.0.0\")]")]
    [InlineData("Firmware 77.1.4.200 for the router")]
    public void Versions_are_not_taken_for_addresses(string text) => text.ShouldContainNothing();

    [Theory]
    [InlineData("""{"version":"99.4.0.1","app_version":"99.4.0.1","user_agent":"Chrome/120.0.0.0"}""")]
    public void Versions_in_properties_named_so_are_not_taken_for_addresses(string json) => Redacted.Json(json).ShouldBe(json);

    [Theory]
    [InlineData("version 2 ran at 77.1.4.200", "77.1.4.200")]
    [InlineData("83.12.4.9", "83.12.4.9")]
    [InlineData("ip: 6.1.1.1", "6.1.1.1")]
    [InlineData("GET /Chrome/93.184.216.34", "93.184.216.34")]
    [InlineData("node1.example.com/93.184.216.34:9042", "93.184.216.34")]
    [InlineData("root@6.1.1.1", "6.1.1.1")]
    [InlineData("http://6.1.1.1/x", "6.1.1.1")]
    [InlineData("6.1.1.1:8080 and 6.1.1.0/24", "6.1.1.1", "6.1.1.0")]
    [InlineData("Client 6.1.1.1 was refused", "6.1.1.1")]
    [InlineData("version of the router at 192.168.1.20", "192.168.1.20")]
    [InlineData("Server/192.168.1.20", "192.168.1.20")]
    [InlineData("IPv4 6.1.1.1", "6.1.1.1")]
    [InlineData("kernel: martian source 83.12.4.9 on dev eth0", "83.12.4.9")]
    [InlineData("kernel: [UFW BLOCK] IN=eth0 SRC=83.12.4.9 DST=77.1.4.200 LEN=40", "83.12.4.9", "77.1.4.200")]
    [InlineData("profile updated 83.12.4.9", "83.12.4.9")]
    [InlineData("nginx: 83.12.4.9 - - [24/Nov/2026:10:11:12 +0000]", "83.12.4.9")]
    [InlineData("93.184.216.30-93.184.216.34", "93.184.216.30")]
    [InlineData("resolvers 1.1.1.1 and 8.8.4.4", "1.1.1.1", "8.8.4.4")]
    public void Addresses_are_not_taken_for_versions(string text, params string[] addresses) =>
        Redacted.Found(PiiKind.Ip, text).ShouldBe(addresses, text);

    [Theory]
    [InlineData("""{"ip":"6.1.1.1","remote_addr":"6.1.1.1"}""", """{"ip":"[IP]","remote_addr":"[IP]"}""")]
    [InlineData("""{"phone":{"address":"785 8949"}}""", """{"phone":{"address":"[PHONE]"}}""")]
    public void Property_names_give_context(string json, string redacted) => Redacted.Json(json).ShouldBe(redacted);

    [Theory]
    [InlineData("a population of 123 456 789")]
    [InlineData("12 345 678 bytes, 123 456 789 rows and 512 345 678 km")]
    [InlineData("total: 123 456 789")]
    [InlineData("10 20 30 40")]
    [InlineData("05 12 19 26")]
    [InlineData("2026 11 24 10")]
    [InlineData("24 11 2026")]
    [InlineData("vol. 12, 100-114; J. Fluid Mech. 12 100-114")]
    [InlineData("1999 2000, 3840 2100, 2000 4000")]
    [InlineData("0123456789")]
    [InlineData("00012345678 and 0001234567")]
    [InlineData("Boston, MA 02111-1307")]
    [InlineData("0020.0002.0021 and 0201.0020.0002")]
    [InlineData("200 5324, 404 123456")]
    [InlineData("1 2 3 4 5 6 7 8")]
    [InlineData("pages 100-200, 300-400")]
    [InlineData("order 22 123 45 67")]
    public void Amounts_dates_series_and_codes_are_not_taken_for_phone_numbers(string text) =>
        Redacted.Found(PiiKind.Phone, text).ShouldBeEmpty(text);
}
