using System.Text.RegularExpressions;
using Dapper;
using Npgsql;

namespace Nexus.Server.Platform.Storage.Postgres;

/// <summary>
/// Brings a PostgreSQL database up to date at start: refuses a server that may lose what it acknowledged, makes the two roles, applies
/// migrations, and then <see cref="PostgresRowLevelSecurity"/>.
/// </summary>
internal static partial class PostgresSetup
{
    // Of the advisory lock that starting nodes wait for.
    private const string LockKey = "7017276";

    /// <summary>Runs all of it under a lock that another starting node waits for.</summary>
    public static async Task ApplyAsync(NpgsqlConnection owner, IReadOnlyList<TableDeclaration> tables, TimeProvider time)
    {
        await RequireDurableSettingsAsync(owner);
        await owner.ExecuteAsync($"select pg_advisory_lock({LockKey})");
        try
        {
            await CreateRolesAsync(owner);
            await Migrator.ApplyAsync(owner, "postgres", CompareTextByBytes, time);
            await PostgresRowLevelSecurity.ApplyAsync(owner, tables, time);
        }
        finally
        {
            await owner.ExecuteAsync($"select pg_advisory_unlock({LockKey})");
        }
    }

    private static async Task RequireDurableSettingsAsync(NpgsqlConnection owner)
    {
        foreach (var setting in new[] { "fsync", "synchronous_commit", "full_page_writes" })
        {
            if (await owner.ExecuteScalarAsync<string>("select current_setting(@setting)", new { setting }) == "off")
            {
                throw new StartupException($"The PostgreSQL server has {setting}=off and may lose what it acknowledged. Set it to on.");
            }
        }
    }

    private static async Task CreateRolesAsync(NpgsqlConnection owner)
    {
        // Roles belong to the whole server: another database's node may make or grant them at the same moment.
        // From PostgreSQL 16 on, who made a role may not use it before it is granted.
        await owner.ExecuteAsync(
            """
            do $$ declare r text; begin
              foreach r in array array['nexus_app', 'nexus_system'] loop
                begin
                  execute format('create role %I nologin nobypassrls', r);
                exception when duplicate_object or unique_violation then null;
                end;
                begin
                  execute format('grant %I to %I', r, current_user);
                exception when unique_violation or insufficient_privilege then null;
                end;
              end loop;
            end $$
            """);
    }

    // As SQLite does anyway.
    private static string CompareTextByBytes(string migration) => TextColumn().Replace(migration, " text collate \"C\"");

    [GeneratedRegex(@"(?<=^  \w+) text\b", RegexOptions.Multiline | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex TextColumn();
}
