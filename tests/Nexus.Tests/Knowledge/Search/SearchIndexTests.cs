using Nexus.Server.Knowledge.Search;
using static Nexus.Tests.Knowledge.Search.IndexFolder;

namespace Nexus.Tests.Knowledge.Search;

public sealed class SearchIndexTests : IDisposable
{
    private readonly IndexFolder _folder = new();

    [Fact]
    public void Search_ignores_word_forms_case_and_accents()
    {
        using var index = _folder.Open();
        index.Position.Seq.ShouldBe(-1);
        Apply(index, [Card("a", 3, "The turbines were rotating near the Café."), Card("b", 7, "Nothing of the kind.")]);
        index.Position.Seq.ShouldBe(7);
        Ids(index, "turbine rotation").ShouldBe(["a"]);
        Ids(index, "CAFE").ShouldBe(["a"]);
        Ids(index, "zeppelin").ShouldBeEmpty();
    }

    [Fact]
    public void New_revision_replaces_earlier_one()
    {
        using var index = _folder.Open();
        Apply(index, [Card("a", 0, "granite", header: """{"topic":"stone"}""")]);
        Apply(index, [Card("a", 1, "marble", header: """{"topic":"art"}""")]);
        Ids(index, "granite").ShouldBeEmpty();
        Ids(index, "marble").ShouldBe(["a"]);
        Ids(index, "", """{"topic":"stone"}""").ShouldBeEmpty();
        Ids(index, "", """{"topic":"art"}""").ShouldBe(["a"]);
    }

    [Fact]
    public void Changes_at_or_before_position_are_ignored()
    {
        using var index = _folder.Open();
        Apply(index, [Card("a", 5, "granite")]);
        Apply(index, [IndexedCard.CreateTombstone("a", 5), Card("a", 4, "marble")]);
        Ids(index, "granite").ShouldBe(["a"]);
        index.Position.Seq.ShouldBe(5);
    }

    [Fact]
    public void Deleted_card_leaves_no_text_in_index_files()
    {
        using var index = _folder.Open();
        var others = Enumerable.Range(0, 2_000).Select(i => Card($"c{i:D5}", i, $"common words number{i} quartz{i % 50}", $"title {i}"));
        Apply(index, [.. others]);
        Apply(index, [Card("secret", 5_000, "xylographer was here", "zyzzyva", """{"holder":"quisquilian"}""")]);
        Apply(index, [Card("secret", 5_001, "xylographer was here twice, hapaxlegomenon", "zyzzyva", """{"holder":"quisquilian"}""")]);
        Ids(index, "xylographer").ShouldBe(["secret"]);
        _folder.ContainsText("xylographer").ShouldBeTrue();
        Apply(index, [IndexedCard.CreateTombstone("secret", 5_002)]);
        Ids(index, "xylographer zyzzyva hapaxlegomenon").ShouldBeEmpty();
        foreach (var rest in (string[])["xylograph", "zyzzyva", "hapaxlegomenon", "quisquilian"])
        {
            _folder.ContainsText(rest).ShouldBeFalse(rest);
        }
    }

    [Theory]
    [InlineData("""{"card_type":"rule"}""", "b")]
    [InlineData("""{"card_type":["rule","note"]}""", "a,b,c")]
    [InlineData("""{"version":"v2"}""", "c")]
    [InlineData("""{"topic":"x","card_type":"note"}""", "a")]
    [InlineData("""{"tags":"two"}""", "a,b")]
    [InlineData("""{"tags":["three","one"]}""", "a,b")]
    [InlineData("""{"level":1}""", "a,b")]
    [InlineData("""{"level":1.0}""", "a,b")]
    [InlineData("""{"level":"1"}""", "c")]
    [InlineData("""{"open":true}""", "a")]
    [InlineData("""{"place":{"y":2,"x":1}}""", "c")]
    [InlineData("""{"topic":[]}""", "")]
    [InlineData("""{"nothing":"x"}""", "")]
    [InlineData("""{"topic":"X"}""", "")]
    public void Filters_match_equal_values(string filters, string expected)
    {
        using var index = _folder.Open();
        Apply(index, [
            Card("a", 0, "word", header: """{"topic":"x","tags":["one","two"],"level":1,"open":true}"""),
            Card("b", 1, "word", header: """{"topic":"x","tags":["two","three","three"],"level":1e0}""", type: "rule"),
            Card("c", 2, "word", header: """{"card_type":"other","level":"1","place":{"x":1,"y":2}}""", version: "v2"),
        ]);
        Ids(index, "word", filters).ShouldBe(expected.Split(',', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public void Broad_and_narrow_filters_return_best_matches()
    {
        using var index = _folder.Open();
        Apply(
            index,
            [.. Enumerable.Range(0, 3_000)
                .Select(
                    i => Card(
                        $"c{i:D5}",
                        i,
                        i % 3 == 0 ? "needle and hay" : "hay",
                        header: $$"""{"parity":{{i % 2}}}""",
                        type: i % 100 == 0 ? "rule" : "note"))]);
        Ids(index, "needle", """{"card_type":"note","parity":1}""", 3).ShouldBe(["c00003", "c00009", "c00015"]);
        Ids(index, "needle", """{"card_type":"rule"}""", 3).ShouldBe(["c00000", "c00300", "c00600"]);
        Ids(index, "", """{"card_type":"note"}""", 2).ShouldBe(["c02999", "c02998"]);
    }

    [Fact]
    public void Equal_scores_are_ordered_by_id()
    {
        using var index = _folder.Open();
        string[] ids = [.. Enumerable.Range(0, 500).Select(i => $"c{i:D4}")];
        Apply(index, [.. Enumerable.Range(0, ids.Length).Select(i => Card(ids[i * 7 % ids.Length], i, "same text"))]);
        Ids(index, "same").ShouldBe(ids[..10]);
        Ids(index, "same", topK: 500).ShouldBe(ids);
        Apply(index, [Card("z", 900, "same"), .. Enumerable.Range(0, 12).Select(i => Card($"y{11 - i:D2}", 901 + i, "rare text"))]);
        Ids(index, "same", topK: 3).ShouldBe(["z", "c0000", "c0001"]);
        Ids(index, "rare", topK: 3).ShouldBe(["y00", "y01", "y02"]);
    }

    [Fact]
    public void Query_without_text_lists_newest_first()
    {
        using var index = _folder.Open();
        Apply(index, [Card("b", 0, "x"), Card("a", 1, "x"), Card("c", 2, "x") with { CreatedAt = 1_000_000 }]);
        Ids(index, "  ", """{"card_type":"note"}""").ShouldBe(["a", "c", "b"]);
    }

    [Fact]
    public void Title_match_scores_higher_than_body_match()
    {
        using var index = _folder.Open();
        Apply(
            index,
            [Card("a", 0, "granite in the body of a text", "a title"), Card("b", 1, "the body of a text as long", "granite title")]);
        Ids(index, "granite").ShouldBe(["b", "a"]);
    }

    [Fact]
    public void Explained_term_scores_sum_to_hit_score()
    {
        using var index = _folder.Open();
        Apply(index, [Card("a", 0, "granite and marble", "granite"), Card("b", 1, "marble"), Card("c", 2, "sand"), Card("d", 3, "clay")]);
        var hits = index.Search(new LexicalQuery("the granite marble", 10) { Explain = true });
        hits[0].Terms!.Select(term => (term.Term, term.InTitle, term.InBody)).ShouldBe([("granite", true, true), ("marble", false, true)]);
        hits.ShouldAllBe(hit => Math.Abs(hit.Terms!.Sum(term => term.Score) - hit.Score) < 1e-9);
        index.Search(new LexicalQuery("granite", 10))[0].Terms.ShouldBeNull();
    }

    [Theory]
    [InlineData("\"")]
    [InlineData("*")]
    [InlineData("NEAR(")]
    [InlineData("granite AND")]
    [InlineData("OR NOT granite")]
    [InlineData("title : granite")]
    [InlineData("{title body} : granite")]
    [InlineData("^granite + marble*")]
    [InlineData("granite'; DROP TABLE cards; --")]
    [InlineData("\ud800granite\udc00")]
    [InlineData("\u0301\u0302")]
    [InlineData("$0 :x @y ?1")]
    public void Query_text_is_never_parsed_as_syntax(string text)
    {
        using var index = _folder.Open();
        Apply(index, [Card("a", 0, "granite")]);
        Ids(index, text).ShouldBe(text.Contains("granite", StringComparison.Ordinal) ? ["a"] : []);
        Ids(index, "granite").ShouldBe(["a"]);
    }

    [Fact]
    public void Operators_are_treated_as_words()
    {
        using var index = _folder.Open();
        Apply(index, [Card("a", 0, "it is near the sea"), Card("b", 1, "far")]);
        Ids(index, "NEAR(far, 5)").ShouldBe(["a", "b"], ignoreOrder: true);
    }

    [Theory]
    [InlineData('(')]
    [InlineData('"')]
    [InlineData('[')]
    [InlineData('*')]
    public void Thousands_of_repeated_symbols_find_nothing(char sign)
    {
        using var index = _folder.Open();
        Apply(index, [Card("a", 0, "granite")]);
        Ids(index, new string(sign, 3_000)).ShouldBeEmpty();
    }

    [Fact]
    public void Excess_query_terms_are_ignored()
    {
        using var index = _folder.Open();
        Apply(index, [Card("a", 0, "w5"), Card("b", 1, "w9999")]);
        Ids(index, string.Join(' ', Enumerable.Range(0, 10_000).Select(i => $"w{i}"))).ShouldBe(["a"]);
        Ids(index, new string('w', 500_000)).ShouldBeEmpty();
    }

    [Fact]
    public void Stop_words_match_only_in_absence_of_other_terms()
    {
        using var index = _folder.Open();
        Apply(index, [Card("a", 0, "to be or not to be"), Card("b", 1, "granite")]);
        Ids(index, "to be granite").ShouldBe(["b"]);
        Ids(index, "to be or not to be").ShouldBe(["a"]);
    }

    [Fact]
    public void Prepared_statement_cache_is_bounded()
    {
        using var index = _folder.Open();
        using var statements = IndexFile.OpenReader(_folder.Path);
        for (var i = 0; i < 3 * IndexFile.MaxStatements; i++)
        {
            statements[$"SELECT $0 + {i}", 1].ExecuteScalar().ShouldBe(i + 1L);
            statements.CachedCommands.ShouldBeLessThanOrEqualTo(IndexFile.MaxStatements);
        }
    }

    [Fact]
    public void Reopened_index_keeps_content_and_position()
    {
        using (var index = _folder.Open())
        {
            Apply(index, [Card("a", 4, "granite")]);
        }

        using var again = _folder.Open();
        again.Position.Seq.ShouldBe(4);
        Ids(again, "granite").ShouldBe(["a"]);
    }

    [Fact]
    public void Missing_damaged_or_outdated_file_is_recreated()
    {
        void Make()
        {
            using var index = _folder.Open();
            index.Position.Seq.ShouldBe(-1);
            Apply(index, [Card("a", 4, "granite")]);
        }

        Make();
        File.Delete(_folder.Path);
        Make();
        File.WriteAllText(_folder.Path, new string('x', 20_000));
        Make();
        using (var other = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={_folder.Path};Pooling=false"))
        {
            other.Open();
            using var command = other.CreateCommand();
            command.CommandText = "PRAGMA user_version=99";
            command.ExecuteNonQuery();
        }

        Make();
        using (var file = File.OpenWrite(_folder.Path))
        {
            file.Seek(4096, SeekOrigin.Begin);
            file.Write(new byte[file.Length - 4096]);
        }

        Make();
    }

    [Fact]
    public void Index_files_are_readable_by_owner_only()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Modes are Unix's.");
            return;
        }

        using var index = _folder.Open();
        Apply(index, [Card("a", 0, "granite")]);
        var folder = System.IO.Path.GetDirectoryName(_folder.Path)!;
        File.GetUnixFileMode(folder).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        foreach (var file in Directory.EnumerateFiles(folder))
        {
            File.GetUnixFileMode(file).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite, file);
        }
    }

    [Fact]
    public async Task Concurrent_searches_see_consistent_snapshots()
    {
        using var index = _folder.Open();
        Apply(index, [.. Enumerable.Range(0, 200).Select(i => Card($"c{i:D3}", i, "granite"))]);
        var writing = Task.Run(
            () =>
            {
                for (var i = 0; i < 100; i++)
                {
                    Apply(index, [IndexedCard.CreateTombstone($"c{i:D3}", 200 + (i * 2)), Card($"d{i:D3}", 201 + (i * 2), "granite")]);
                }
            },
            TestContext.Current.CancellationToken);
        var searching = Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            do
            {
                Ids(index, "granite", topK: 1_000).Count.ShouldBe(200);
            }
            while (!writing.IsCompleted);
        })).ToArray();
        await Task.WhenAll([writing, .. searching]);
    }

    public void Dispose() => _folder.Dispose();
}
