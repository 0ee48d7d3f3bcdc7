using Nexus.Client;
using Nexus.Server.Platform.Storage;

namespace Nexus.Server.Identity.Accounts;

/// <summary>A person's row. They belong to no tenant, so only the service's own scope reads it.</summary>
internal sealed class StoredUser
{
    private const string Select =
        "select user_id as UserId, email as Email, display_name as DisplayName, password_hash as PasswordHash, issuer as Issuer, made_in as MadeIn from users where ";

    /// <summary>The person's id.</summary>
    public string UserId { get; init; } = "";

    /// <summary>The address they sign in with; for somebody of an issuer, what the issuer calls them.</summary>
    public string? Email { get; init; }

    /// <summary>What people call them.</summary>
    public string? DisplayName { get; init; }

    /// <summary>Null for somebody who signs in elsewhere.</summary>
    public string? PasswordHash { get; init; }

    /// <summary>Where they sign in; null: here.</summary>
    public string? Issuer { get; init; }

    /// <summary>The tenant whose invitation the account was made with; null for who came otherwise.</summary>
    public string? MadeIn { get; init; }

    /// <summary>The account of an address. People of an issuer are not found: an address proves nothing.</summary>
    public static ValueTask<StoredUser?> FindByEmailAsync(ReadSession session, string email) =>
        session.FirstOrDefaultAsync<StoredUser>(Select + "email = @email and issuer is null", new { email = Emails.Normalize(email) });

    /// <summary>The person of an id.</summary>
    public static ValueTask<StoredUser?> FindAsync(ReadSession session, string userId) =>
        session.FirstOrDefaultAsync<StoredUser>(Select + "user_id = @userId", new { userId });

    /// <summary>The persons of some ids.</summary>
    public static ValueTask<List<StoredUser>> FindAsync(ReadSession session, string[] userIds) =>
        session.QueryAsync<StoredUser>(Select + session.In("user_id", nameof(userIds)), new { userIds });

    /// <summary>The person that an issuer's subject is.</summary>
    public static ValueTask<StoredUser?> FindBySubjectAsync(ReadSession session, string issuer, string subject) =>
        session.FirstOrDefaultAsync<StoredUser>(Select + "issuer = @issuer and subject = @subject", new { issuer, subject });

    /// <summary>Stores somebody new; false if the address or the subject is taken.</summary>
    public static async ValueTask<bool> InsertAsync(WriteSession session, StoredUser user, string? subject, long now, long seq) =>
        await session.ExecuteAsync(
            """
            insert into users (user_id, email, display_name, password_hash, issuer, subject, made_in, created_at, seq)
            values (@UserId, @Email, @DisplayName, @PasswordHash, @Issuer, @subject, @MadeIn, @now, @seq)
            on conflict do nothing
            """,
            new { user.UserId, user.Email, user.DisplayName, user.PasswordHash, user.Issuer, subject, user.MadeIn, now, seq }) == 1;

    /// <summary>Stores another password's hash.</summary>
    public static ValueTask<int> SetPasswordAsync(WriteSession session, string userId, string hash, long seq) =>
        session.ExecuteAsync("update users set password_hash = @hash, seq = @seq where user_id = @userId", new { userId, hash, seq });

    /// <summary>The person as the wire shows them.</summary>
    public User ToWire() => new() { UserId = UserId, Email = Email, DisplayName = DisplayName };
}
