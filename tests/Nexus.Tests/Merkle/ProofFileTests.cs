using System.Text;
using Nexus.Merkle;

namespace Nexus.Tests.Merkle;

public sealed class ProofFileTests : IDisposable
{
    private const string Origin = "log.example/t_acme/prod/0";
    private static readonly byte[][] _entries = [.. Enumerable.Range(0, 11).Select(i => Encoding.ASCII.GetBytes($"entry {i}"))];
    private readonly LogKey _key = LogKey.Create();

    [Fact]
    public void File_round_trips_and_proves_its_entry()
    {
        var file = Proof(6).ToString();
        file.ShouldStartWith("c2sp.org/tlog-proof@v1\nindex 6\n");
        var read = ProofFile.Parse(Encoding.UTF8.GetBytes(file));
        read.ToString().ShouldBe(file);
        read.Extra.ShouldBeNull();
        read.Verify(_entries[6], [_key]).Size.ShouldBe(11);
        Should.Throw<VerificationException>(() => read.Verify(_entries[5], [_key]));
        using var other = LogKey.Create();
        Should.Throw<VerificationException>(() => read.Verify(_entries[6], [other]));
    }

    [Fact]
    public void Extra_data_round_trips_and_does_not_affect_verification()
    {
        var proof = Proof(6);
        var file = new ProofFile(proof.Proof, proof.SignedCheckpoint, "more"u8.ToArray()).ToString();
        file.ShouldStartWith("c2sp.org/tlog-proof@v1\nextra bW9yZQ==\nindex 6\n");
        var read = ProofFile.Parse(file);
        Encoding.UTF8.GetString(read.Extra!.Value.Span).ShouldBe("more");
        read.ToString().ShouldBe(file);
        read.Verify(_entries[6], [_key]).Size.ShouldBe(11);
    }

    [Fact]
    public void Any_flipped_bit_of_file_or_entry_is_rejected()
    {
        var file = Encoding.UTF8.GetBytes(Proof(6).ToString());
        for (var bit = 0; bit < file.Length * 8; bit++)
        {
            Holds(Flipped(file, bit), _entries[6]).ShouldBeFalse($"bit {bit}");
        }

        for (var bit = 0; bit < _entries[6].Length * 8; bit++)
        {
            Holds(file, Flipped(_entries[6], bit)).ShouldBeFalse($"bit {bit}");
        }

        Holds(file, _entries[6]).ShouldBeTrue();
    }

    [Fact]
    public void Wrong_index_is_rejected()
    {
        var file = Proof(6).ToString();
        for (var index = 0; index < 20; index++)
        {
            Holds(Encoding.UTF8.GetBytes(file.Replace("index 6\n", $"index {index}\n", StringComparison.Ordinal)), _entries[6])
                .ShouldBe(index == 6);
        }
    }

    [Theory]
    [InlineData("c2sp.org/tlog-proof@v1\n", "c2sp.org/tlog-proof@v2\n")]
    [InlineData("c2sp.org/tlog-proof@v1\n", "c2sp.org/tlog-proof@v1\r\n")]
    [InlineData("c2sp.org/tlog-proof@v1\n", "")]
    [InlineData("index 6\n", "")]
    [InlineData("index 6\n", "index 06\n")]
    [InlineData("index 6\n", "index -6\n")]
    [InlineData("index 6\n", "index 6 \n")]
    [InlineData("index 6\n", "index 9223372036854775808\n")]
    [InlineData("index 6\n", "Index 6\n")]
    [InlineData("index 6\n", "index 6\nindex 6\n")]
    [InlineData("index 6\n", "index 6\nextra bW9yZQ==\n")]
    [InlineData("index 6\n", "extra bW9yZQ\nindex 6\n")]
    [InlineData("index 6\n", "index 6\n\n")]
    [InlineData("index 6\n", "index 6\nAAAA\n")]
    public void Malformed_file_is_rejected(string what, string with) =>
        Should.Throw<FormatException>(() => ProofFile.Parse(Proof(6).ToString().Replace(what, with, StringComparison.Ordinal)));

    [Fact]
    public void Proof_of_other_size_than_checkpoint_is_rejected() =>
        Should.Throw<FormatException>(
            () => new ProofFile(new InclusionProof(6, 10, SlowTree.PATH(6, _entries[..10])), Proof(6).SignedCheckpoint));

    public void Dispose() => _key.Dispose();

    private ProofFile Proof(int index) =>
        new(new InclusionProof(
            index,
            _entries.Length,
            SlowTree.PATH(index, _entries)), new Checkpoint(Origin, _entries.Length, SlowTree.MTH(_entries)).Sign(_key));

    private bool Holds(byte[] file, byte[] entry)
    {
        try
        {
            ProofFile.Parse(file).Verify(entry, [_key]);
            return true;
        }
        catch (Exception e) when (e is FormatException or VerificationException)
        {
            return false;
        }
    }

    private static byte[] Flipped(byte[] bytes, int bit)
    {
        var changed = (byte[])bytes.Clone();
        changed[bit / 8] ^= (byte)(1 << (bit % 8));
        return changed;
    }
}
