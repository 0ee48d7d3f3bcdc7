using FsCheck;
using FsCheck.Fluent;
using Nexus.Server.Platform.Paging;

namespace Nexus.Tests.Platform.Http;

public sealed class CursorsTests
{
    private const string Binding = "GET /nexus/cards card_type=note";
    private static readonly byte[] _key = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];
    private readonly CursorCodec _cursors = new(_key);

    [Fact]
    public void Cursor_round_trips() => Prop.ForAll(ArbMap.Default.ArbFor<uint[]>(), numbers =>
    {
        var parts = numbers.Select(n => n % 3 == 0 ? "" : $"é{n}\u0000,").ToArray();
        var cursor = _cursors.Encode("t_a", "dev", Binding, parts);
        return _cursors.TryDecode(cursor, "t_a", "dev", Binding, out var opened)
            && opened.SequenceEqual(parts)
            && Uri.EscapeDataString(cursor) == cursor;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Cursor_from_other_tenant_env_list_or_key_is_rejected()
    {
        var cursor = _cursors.Encode("t_a", "dev", Binding, "1");
        _cursors.TryDecode(cursor, "t_b", "dev", Binding, out _).ShouldBeFalse();
        _cursors.TryDecode(cursor, "t_a", "prod", Binding, out _).ShouldBeFalse();
        _cursors.TryDecode(cursor, "t_a", "dev", Binding + "s", out _).ShouldBeFalse();
        _cursors.TryDecode(cursor, "t_ad", "ev", Binding, out _).ShouldBeFalse();
        new CursorCodec([.. _key.Reverse()]).TryDecode(cursor, "t_a", "dev", Binding, out var parts).ShouldBeFalse();
        parts.ShouldBeEmpty();
    }

    [Fact]
    public void Tampered_cursor_is_rejected()
    {
        const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_=+/ ";
        var cursor = _cursors.Encode("t_a", "dev", Binding, "0190a5b0", "17");
        for (var at = 0; at < cursor.Length; at++)
        {
            foreach (var other in Alphabet.Where(c => c != cursor[at]))
            {
                Refused(cursor[..at] + other + cursor[(at + 1)..]);
            }

            Refused(cursor[..at]);
            Refused(cursor[..at] + ' ' + cursor[at..]);
        }

        foreach (var end in (string[])["=", "==", "A", " ", "\n", "AAAA"])
        {
            Refused(cursor + end);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("not a cursor")]
    [InlineData("\u00e9\u00e9\u00e9\u00e9")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public void Malformed_cursor_is_rejected(string cursor) => Refused(cursor);

    [Fact]
    public void Cursor_is_limited_to_4096_characters()
    {
        Refused(new string('A', 5000));
        Should.Throw<ArgumentException>(() => _cursors.Encode("t_a", "dev", Binding, new string('a', 4000)));
    }

    private void Refused(string cursor) => _cursors.TryDecode(cursor, "t_a", "dev", Binding, out _).ShouldBeFalse();
}
