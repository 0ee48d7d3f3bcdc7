using System.Text;
using Nexus.Merkle;

namespace Nexus.Tests.Merkle;

public sealed class CheckpointTests
{
    private const string Origin = "log.example/t_acme/prod/0";
    private const string Root = "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=";

    [Fact]
    public void Specification_example_round_trips()
    {
        const string Text = $"example.com/behind-the-sofa\n20852163\n{Root}\n";
        var checkpoint = Checkpoint.Parse(Text);
        (checkpoint.Origin, checkpoint.Size, Convert.ToBase64String(checkpoint.Root)).ShouldBe(
            ("example.com/behind-the-sofa", 20_852_163, Root));
        checkpoint.ToString().ShouldBe(Text);
    }

    [Fact]
    public void Checkpoint_opens_with_any_signing_key()
    {
        using var old = LogKey.Create();
        using var young = LogKey.Create();
        using var other = LogKey.Create();
        var checkpoint = Checkpoint.Parse($"{Origin}\n3\n{Root}\n");
        var note = SignedNote.Parse(checkpoint.Sign(old, young).ToString());
        Checkpoint.Open(note, [other, old]).ShouldBe(checkpoint);
        Checkpoint.Open(note, LogKey.FromPem(LogKey.ToPem(young))).ShouldBe(checkpoint);
        Should.Throw<VerificationException>(() => Checkpoint.Open(note, [other]));
        Should.Throw<VerificationException>(() => Checkpoint.Open(note, []));
    }

    [Fact]
    public void Signature_with_name_other_than_origin_is_ignored()
    {
        using var key = LogKey.Create();
        var note = SignedNote.Sign($"{Origin}\n3\n{Root}\n", "log.example/t_other/prod/0", key);
        Should.Throw<VerificationException>(() => Checkpoint.Open(note, [key]));
    }

    [Fact]
    public void Any_flipped_bit_is_rejected()
    {
        using var key = LogKey.Create();
        var note = Encoding.UTF8.GetBytes(new Checkpoint(Origin, 300, Convert.FromBase64String(Root)).Sign(key).ToString());
        for (var bit = 0; bit < note.Length * 8; bit++)
        {
            var changed = (byte[])note.Clone();
            changed[bit / 8] ^= (byte)(1 << (bit % 8));
            Should.Throw<Exception>(() => Checkpoint.Open(SignedNote.Parse(changed), [key]), $"bit {bit}")
                .ShouldBeAssignableTo<Exception>()
                .GetType().ShouldBeOneOf(typeof(FormatException), typeof(VerificationException));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n")]
    [InlineData("o\n1\n")]
    [InlineData($"o\n1\n{Root}")]
    [InlineData($"o\n1\n{Root}\nmore\n")]
    [InlineData($"o\n1\n{Root}\n\n")]
    [InlineData($"\n1\n{Root}\n")]
    [InlineData($"o o\n1\n{Root}\n")]
    [InlineData($"o\n01\n{Root}\n")]
    [InlineData($"o\n00\n{Root}\n")]
    [InlineData($"o\n\n{Root}\n")]
    [InlineData($"o\n+1\n{Root}\n")]
    [InlineData($"o\n-1\n{Root}\n")]
    [InlineData($"o\n 1\n{Root}\n")]
    [InlineData($"o\n1,0\n{Root}\n")]
    [InlineData($"o\n1e1\n{Root}\n")]
    [InlineData($"o\n1\u0661\n{Root}\n")]
    [InlineData($"o\n9223372036854775808\n{Root}\n")]
    [InlineData($"o\n0\n{Root}\n")]
    [InlineData("o\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I\n")]
    [InlineData("o\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2J=\n")]
    [InlineData("o\n1\nCsUYapGGPo4dkMgIAUqom_Xajj7h2fB2MPA3j2jxq2I=\n")]
    [InlineData("o\n1\nAAAA\n")]
    public void Malformed_checkpoint_is_rejected(string text) => Should.Throw<FormatException>(() => Checkpoint.Parse(text));

    [Fact]
    public void Size_ranges_from_zero_to_max_long()
    {
        var empty = new Checkpoint(Origin, 0, TreeHash.Empty);
        Checkpoint.Parse(empty.ToString()).ShouldBe(empty);
        Checkpoint.Parse($"o\n{long.MaxValue}\n{Root}\n").Size.ShouldBe(long.MaxValue);
    }
}
