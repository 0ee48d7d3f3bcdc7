using Nexus.Client;
using Shouldly;
using Xunit;

namespace Nexus.Tests.Cli;

public sealed class CardBatchBodyTests
{
    [Fact]
    public void A_batch_takes_1000_lines()
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
    public void A_batch_stays_below_its_bytes_whatever_the_alphabet()
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
    public void A_first_line_is_taken_whatever_its_size()
    {
        var batch = new CardBatchBody();
        batch.TryAdd(new string('x', 2_000_000)).ShouldBeTrue();
        batch.TryAdd("y").ShouldBeFalse();
    }
}
