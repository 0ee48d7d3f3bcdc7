using Nexus.Client;

namespace Nexus.Tests.Cli;

public sealed class CardBatchBodyTests
{
    [Fact]
    public void Batch_accepts_at_most_1000_lines()
    {
        var batch = new CardBatchBody();
        for (var i = 0; i < CardBatchBody.MaxLines; i++)
        {
            batch.TryAdd("x").ShouldBeTrue();
        }

        batch.TryAdd("x").ShouldBeFalse();
        batch.Count.ShouldBe(CardBatchBody.MaxLines);
    }

    [Fact]
    public void Batch_size_limit_counts_bytes_not_characters()
    {
        var batch = new CardBatchBody();
        var text = new string('語', 50_000);
        while (batch.TryAdd(text))
        {
        }

        batch.Count.ShouldBe(5);
        batch.Length.ShouldBeLessThanOrEqualTo(CardBatchBody.MaxBytes);
    }

    [Fact]
    public void First_line_is_accepted_regardless_of_size()
    {
        var batch = new CardBatchBody();
        batch.TryAdd(new string('x', 2_000_000)).ShouldBeTrue();
        batch.TryAdd("y").ShouldBeFalse();
    }
}
