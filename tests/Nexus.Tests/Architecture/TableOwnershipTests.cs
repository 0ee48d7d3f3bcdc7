using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Nexus.Server.Platform.Storage;

namespace Nexus.Tests.Architecture;

/// <summary>Every table has one owner, declared beside it, and only the owner's SQL names it: others ask the owner.</summary>
public sealed partial class TableOwnershipTests
{
    private const string Server = "src/Nexus.Server";

    [Fact]
    public async Task Every_table_is_declared_by_one_owner()
    {
        var host = await NexusHost.SharedAsync("sqlite");
        var declared = host.Services.GetServices<TableDeclaration>().Select(table => table.Name).Order(StringComparer.Ordinal).ToList();
        var stored = await host.Services.GetRequiredService<Database>().ReadAsync(
            Scope.System,
            session => session.QueryAsync<string>(
                """
                select name from sqlite_master where type = 'table' and name not like 'sqlite_%' and name <> 'schema_migrations'
                  order by name
                """),
            TestContext.Current.CancellationToken);
        declared.ShouldBe(stored);
    }

    [Fact]
    public async Task Only_the_owner_names_a_table_in_sql()
    {
        var host = await NexusHost.SharedAsync("sqlite");
        var owners = host.Services.GetServices<TableDeclaration>()
            .ToDictionary(table => table.Name, table => table.Owner, StringComparer.Ordinal);
        var wrong = new List<string>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var path in Directory.EnumerateFiles(Path.Combine(SourceTree.Root, Server), "*.cs", SearchOption.AllDirectories))
        {
            var text = await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken);
            var room = NamespaceDeclaration().Match(text).Groups["name"].Value;
            foreach (var table in FindTables(text).Where(owners.ContainsKey))
            {
                seen.Add(table);
                if (room != owners[table] && !room.StartsWith(owners[table] + ".", StringComparison.Ordinal))
                {
                    wrong.Add($"{Path.GetRelativePath(SourceTree.Root, path)} names {table}, which {owners[table]} owns");
                }
            }
        }

        wrong.ShouldBeEmpty();
        owners.Keys.Except(seen).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("select x from cards c join packs p on true where exists (select 1 from atoms)", new[] { "cards", "packs", "atoms" })]
    [InlineData("insert into cards (a) values (1)", new[] { "cards" })]
    [InlineData("update cards set a = 1", new[] { "cards" })]
    [InlineData("delete from cards where a = 1", new[] { "cards" })]
    [InlineData("// read from cards", new string[0])]
    public void Tables_are_found_where_sql_names_them(string text, string[] tables) => FindTables(text).ShouldBe(tables);

    /// <summary>The words of a source file that stand where SQL names a table, comments apart.</summary>
    private static IEnumerable<string> FindTables(string text) => text.Split('\n')
        .Where(line => !line.TrimStart().StartsWith("//", StringComparison.Ordinal))
        .SelectMany(line => TableName().Matches(line).Select(match => match.Groups["table"].Value));

    [GeneratedRegex(@"\b(from|join|into|update)\s+(?<table>[a-z_]+)\b", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex TableName();

    [GeneratedRegex(@"^namespace (?<name>[\w.]+);", RegexOptions.Multiline | RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex NamespaceDeclaration();
}
