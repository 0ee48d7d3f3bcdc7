using System.Data.Common;
using System.Reflection;
using System.Security.Cryptography;
using Dapper;

namespace Nexus.Server.Platform.Storage;

/// <summary>
/// The schema's history: numbered SQL files, applied once each in order. A file with a <c>.sqlite</c> or <c>.postgres</c>
/// suffix runs on that engine only. The caller holds the engine's lock against other nodes.
/// </summary>
internal static class Migrator
{
    /// <summary>Applies what is missing, each file in its own transaction.</summary>
    /// <param name="connection">With the right to change the schema.</param>
    /// <param name="engine">The suffix of files that are the engine's own.</param>
    /// <param name="adapt">Makes a file's text the engine's own.</param>
    /// <param name="time">The clock.</param>
    /// <exception cref="StartupException">
    /// A file that was applied has changed since, or the database is newer than this program.
    /// </exception>
    public static async Task ApplyAsync(DbConnection connection, string engine, Func<string, string> adapt, TimeProvider time)
    {
        await connection.ExecuteAsync(
            "create table if not exists schema_migrations (name text primary key, checksum text not null, applied_at bigint not null)");
        var rows = await connection.QueryAsync<(string Name, string Checksum)>("select name, checksum from schema_migrations");
        var applied = rows.ToDictionary(row => row.Name, row => row.Checksum);
        var files = ReadFiles(engine).Select(file => (file.Name, Sql: adapt(file.Sql))).ToList();
        if (applied.Keys.Except(files.Select(file => file.Name)).OrderDescending(StringComparer.Ordinal).FirstOrDefault() is { } unknown)
        {
            throw new StartupException(
                $"The database has the migration '{unknown}', which this version does not know. "
                + "Start the version that made it, or a newer one.");
        }

        foreach (var (name, sql) in files)
        {
            var checksum = Convert.ToHexStringLower(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(sql)));
            if (applied.TryGetValue(name, out var before))
            {
                if (before != checksum)
                {
                    throw new StartupException(
                        $"The migration '{name}' has changed since it was applied: another build of Nexus made this database. "
                        + "Start that build, or begin with an empty database.");
                }

                continue;
            }

            await using var transaction = await connection.BeginTransactionAsync();
            await connection.ExecuteAsync(sql, transaction: transaction);
            await connection.ExecuteAsync(
                "insert into schema_migrations (name, checksum, applied_at) values (@name, @checksum, @now)",
                new { name, checksum, now = time.GetUtcNowMicros() },
                transaction);
            await transaction.CommitAsync();
        }
    }

    private static IEnumerable<(string Name, string Sql)> ReadFiles(string engine)
    {
        var assembly = Assembly.GetExecutingAssembly();
        const string Folder = "migrations/";
        var resources = assembly.GetManifestResourceNames().Where(name => name.StartsWith(Folder, StringComparison.Ordinal));
        foreach (var resource in resources.Order(StringComparer.Ordinal))
        {
            var name = resource[Folder.Length..^".sql".Length];
            var suffix = Path.GetExtension(name);
            if (suffix is "" || suffix == "." + engine)
            {
                using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!);
                yield return (name, reader.ReadToEnd());
            }
        }
    }
}
