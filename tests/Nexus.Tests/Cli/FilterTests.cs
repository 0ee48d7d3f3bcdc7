using System.Text.Json;
using Nexus.Cli.Search;
using Shouldly;
using Xunit;

namespace Nexus.Tests.Cli;

public sealed class FilterTests
{
    [Theory]
    [InlineData("owner=ops", """{"owner":"ops"}""")]
    [InlineData("year=1958", """{"year":1958}""")]
    [InlineData("year=\"1958\"", """{"year":"1958"}""")]
    [InlineData("open=true", """{"open":true}""")]
    [InlineData("version=2", """{"version":"2"}""")]
    [InlineData("query=a=b", """{"query":"a=b"}""")]
    [InlineData("list=[1]", """{"list":"[1]"}""")]
    [InlineData("empty=", """{"empty":""}""")]
    public void A_filter_asks_for_the_value_as_a_header_holds_it(string filter, string json)
        => JsonSerializer.Serialize(SearchOptions.BuildFilters([], [filter])).ShouldBe(json);

    [Fact]
    public void Several_values_of_a_key_are_a_list()
        => JsonSerializer.Serialize(SearchOptions.BuildFilters(["a", "b"], ["owner=ops", "owner=1"]))
            .ShouldBe("""{"card_type":["a","b"],"owner":["ops",1]}""");

    [Fact]
    public void No_filter_is_none() => SearchOptions.BuildFilters([], []).ShouldBeNull();
}
