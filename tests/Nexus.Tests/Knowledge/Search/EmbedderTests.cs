using Nexus.Server.Knowledge.Search;
using Nexus.Server.Platform.Http;

namespace Nexus.Tests.Knowledge.Search;

public sealed class EmbedderTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Vectors_follow_input_order_in_either_encoding(bool asArrays)
    {
        await using var server = await EmbeddingServer.StartAsync();
        server.AsArrays = asArrays;
        using var embedder = Open(server, key: "secret");
        var vectors = await embedder.EmbedAsync(["a car", "", "the ocean"], TestContext.Current.CancellationToken);
        vectors.Select(vector => vector.ToArray()).ShouldBe([[0.1f, 1, 0, 0], [0.1f, 0, 0, 0], [0.1f, 0, 0, 1]]);
        server.Authorization.ShouldBe("Bearer secret");
    }

    [Theory]
    [InlineData(500, false)]
    [InlineData(401, false)]
    [InlineData(429, false)]
    [InlineData(302, false)]
    [InlineData(400, true)]
    public async Task Failure_tells_whether_texts_caused_it_and_is_not_retried(int status, bool ofTheTexts)
    {
        await using var server = await EmbeddingServer.StartAsync();
        server.FailsWith = status;
        using var embedder = Open(server);
        var failure = await Should.ThrowAsync<EmbeddingException>(
            async () => await embedder.EmbedAsync(["a car"], TestContext.Current.CancellationToken));
        failure.IsInputRejected.ShouldBe(ofTheTexts);
        server.Batches.Count.ShouldBe(1);
    }

    [Theory]
    [InlineData(400)]
    [InlineData(500)]
    public async Task Exception_does_not_contain_service_response_text(int status)
    {
        await using var server = await EmbeddingServer.StartAsync();
        server.FailsWith = status;
        server.ErrorMessage = "cannot embed: a private text";
        using var embedder = Open(server);
        var failure = await Should.ThrowAsync<EmbeddingException>(
            async () => await embedder.EmbedAsync(["a private text"], TestContext.Current.CancellationToken));
        failure.ToString().ShouldContain(status.ToString(System.Globalization.CultureInfo.InvariantCulture));
        failure.ToString().ShouldNotContain("private text");
    }

    [Theory]
    [InlineData("localhost")]
    [InlineData("127.0.0.1")]
    [InlineData("::ffff:127.0.0.1")]
    public async Task Private_address_requires_permission(string host)
    {
        await using var server = await EmbeddingServer.StartAsync();
        var place = new System.Net.DnsEndPoint(host, server.Url.Port);
        await Should.ThrowAsync<NoPublicAddressException>(
            async () => await SsrfGuard.ConnectAsync(place, allowPrivate: false, TestContext.Current.CancellationToken));
        await (await SsrfGuard.ConnectAsync(place, allowPrivate: true, TestContext.Current.CancellationToken)).DisposeAsync();
    }

    [Fact]
    public async Task Unresponsive_service_times_out()
    {
        await using var server = await EmbeddingServer.StartAsync();
        server.Waits = new TaskCompletionSource();
        using var embedder = Open(server);
        await Should.ThrowAsync<EmbeddingException>(
            async () => await embedder.EmbedAsync(["a car"], TestContext.Current.CancellationToken));
        server.Waits.SetResult();
    }

    [Fact]
    public async Task Caller_cancellation_throws_OperationCanceledException()
    {
        await using var server = await EmbeddingServer.StartAsync();
        server.Waits = new TaskCompletionSource();
        using var embedder = Open(server);
        using var impatient = new CancellationTokenSource();
        var embedding = embedder.EmbedAsync(["a car"], impatient.Token).AsTask();
        await impatient.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(embedding);
        server.Waits.SetResult();
    }

    [Fact]
    public async Task Refused_connection_throws_EmbeddingException()
    {
        using var embedder = new Embedder(new EmbeddingOptions { Url = new Uri("http://127.0.0.1:1/v1"), Model = "m" });
        await Should.ThrowAsync<EmbeddingException>(
            async () => await embedder.EmbedAsync(["a car"], TestContext.Current.CancellationToken));
    }

    [Fact]
    public void All_invalid_options_are_reported()
    {
        var validator = new EmbeddingOptionsValidator();
        validator.Validate(null, new EmbeddingOptions()).Succeeded.ShouldBeTrue();
        validator.Validate(null, new EmbeddingOptions { Url = new Uri("ftp://x"), TimeoutSeconds = 0, Weight = double.NaN })
            .Failures!.Count().ShouldBe(4);
    }

    private static Embedder Open(EmbeddingServer server, string? key = null) =>
        new(new EmbeddingOptions { Url = server.Url, Model = "words", ApiKey = key, TimeoutSeconds = 1 });
}
