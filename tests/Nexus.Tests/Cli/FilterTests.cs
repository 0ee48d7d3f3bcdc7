using System.Text.Json;
using Nexus.Cli.Search;

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
    public void Filter_value_is_typed_like_header_value(string filter, string json)
        => JsonSerializer.Serialize(SearchOptions.BuildFilters([], [filter])).ShouldBe(json);

    [Fact]
    public void Repeated_filter_key_becomes_list()
        => JsonSerializer.Serialize(SearchOptions.BuildFilters(["a", "b"], ["owner=ops", "owner=1"]))
            .ShouldBe("""{"card_type":["a","b"],"owner":["ops",1]}""");

    [Fact]
    public void No_filters_returns_null() => SearchOptions.BuildFilters([], []).ShouldBeNull();
}
