using System.Text;
using Nexus.Merkle;

namespace Nexus.Tests.Merkle;

public sealed class SignedNoteTests
{
    private const string Name = "log.example/t_acme/prod/0";
    private const string Text = "first line\n\nthird line, after a blank one\n";

    // The example of C2SP signed-note, signed with Ed25519, which our keys do not use.
    private const string Foreign =
        "Ognuno sta solo sul cuor della terra\ntrafitto da un raggio di sole:\n\ned è subito sera.\n\n"
        + "— quasimodo.example/salvatore NnugSzTjtVAewIS+Z/iJhUPeFDkO/5QQ2i5ddnGITLlC+EhfLW9oJKONrMouFSQU0xMcXxj99ihAQwaqP3ZekRwNtIc=\n";

    [Fact]
    public void Specification_example_round_trips()
    {
        var note = SignedNote.Parse(Encoding.UTF8.GetBytes(Foreign));
        note.Text.ShouldEndWith("ed è subito sera.\n");
        note.Signatures.ShouldHaveSingleItem().Name.ShouldBe("quasimodo.example/salvatore");
        note.Signatures[0].KeyId.ShouldBe(0x367ba04bu);
        note.ToString().ShouldBe(Foreign);
    }

    [Fact]
    public void Note_verifies_with_each_of_its_keys()
    {
        using var old = LogKey.Create();
        using var young = LogKey.Create();
        using var other = LogKey.Create();
        var note = SignedNote.Parse(SignedNote.Sign(Text, Name, old, young).ToString());
        note.Text.ShouldBe(Text);
        note.SignedBy(Name, [old]).ShouldBe([old]);
        note.SignedBy(Name, [young, other]).ShouldBe([young]);
        note.SignedBy(Name, [other]).ShouldBeEmpty();
        note.SignedBy("another name", [old, young]).ShouldBeEmpty();
    }

    [Fact]
    public void Unknown_keys_are_ignored_but_bad_signature_of_known_key_throws()
    {
        using var key = LogKey.Create();
        var signed = SignedNote.Sign(Text, Name, key);
        var unknown = SignedNote.Parse(Foreign).Signatures[0];
        new SignedNote(Text, [unknown, .. signed.Signatures]).SignedBy(Name, [key]).ShouldBe([key]);
        var ofAnotherText = SignedNote.Sign("other\n", Name, key).Signatures[0];
        Should.Throw<VerificationException>(() => new SignedNote(Text, [.. signed.Signatures, ofAnotherText]).SignedBy(Name, [key]));
    }

    [Fact]
    public void Any_flipped_bit_is_rejected()
    {
        using var key = LogKey.Create();
        var note = Encoding.UTF8.GetBytes(SignedNote.Sign(Text, Name, key).ToString());
        for (var bit = 0; bit < note.Length * 8; bit++)
        {
            var changed = (byte[])note.Clone();
            changed[bit / 8] ^= (byte)(1 << (bit % 8));
            IsSigned(changed, key).ShouldBeFalse($"bit {bit}: {Encoding.UTF8.GetString(changed)}");
        }

        IsSigned(note, key).ShouldBeTrue();
    }

    [Theory]
    [InlineData("")]
    [InlineData("text\n")]
    [InlineData("text\n\n")]
    [InlineData("text\n\n\n")]
    [InlineData("text\n\n— n AAAAAAE=")]
    [InlineData("text\n— n AAAAAAE=\n")]
    [InlineData("text\n\n- n AAAAAAE=\n")]
    [InlineData("text\n\n—  AAAAAAE=\n")]
    [InlineData("text\n\n— n\n")]
    [InlineData("text\n\n— n \n")]
    [InlineData("text\n\n— n AAAAAA==\n")]
    [InlineData("text\n\n— n AAAAAAE\n")]
    [InlineData("text\n\n— n AAAAAAF=\n")]
    [InlineData("text\n\n— n AAAA AAE=\n")]
    [InlineData("text\n\n— n  AAAAAAE=\n")]
    [InlineData("text\n\n— n AAAAAAE= \n")]
    [InlineData("text\n\n— n+m AAAAAAE=\n")]
    [InlineData("text\n\n— n\u00a0m AAAAAAE=\n")]
    [InlineData("text\n\n— n AAAAAAE=\n\n")]
    [InlineData("te\rxt\n\n— n AAAAAAE=\n")]
    [InlineData("te\0xt\n\n— n AAAAAAE=\n")]
    [InlineData("te\u001bxt\n\n— n AAAAAAE=\n")]
    [InlineData("text\n\n— n\t AAAAAAE=\n")]
    [InlineData("text\n\n— n AAAAAAE=\r\n")]
    public void Malformed_note_is_rejected(string note) => Should.Throw<FormatException>(() => SignedNote.Parse(note));

    [Fact]
    public void Invalid_text_or_name_is_rejected()
    {
        Should.NotThrow(() => SignedNote.Parse("text\n\n— n AAAAAAE=\n"u8));
        Should.Throw<FormatException>(() => SignedNote.Parse([0xff, .. "text\n\n— n AAAAAAE=\n"u8]));
        Should.Throw<FormatException>(() => SignedNote.Parse("\ud800\n\n— n AAAAAAE=\n"));
        using var key = LogKey.Create();
        Should.Throw<FormatException>(() => SignedNote.Sign("no newline", Name, key));
        Should.Throw<FormatException>(() => SignedNote.Sign("text\n", "a name", key));
        Should.Throw<FormatException>(() => SignedNote.Sign("text\n", Name));
    }

    [Fact]
    public void Note_is_limited_to_100_signatures()
    {
        var line = SignedNote.Parse("text\n\n— n AAAAAAE=\n").Signatures[0] + "\n";
        string Note(int signatures) => "text\n\n" + string.Concat(Enumerable.Repeat(line, signatures));
        SignedNote.Parse(Note(100)).Signatures.Count.ShouldBe(100);
        Should.Throw<FormatException>(() => SignedNote.Parse(Note(101)));
        Should.Throw<FormatException>(() => SignedNote.Parse(new string('a', SignedNote.MaxSize) + "\n\n" + line));
    }

    private static bool IsSigned(byte[] note, LogKey key)
    {
        try
        {
            return SignedNote.Parse(note).SignedBy(Name, [key]).Count > 0;
        }
        catch (Exception e) when (e is FormatException or VerificationException)
        {
            return false;
        }
    }
}
