using Nexus.Client;
using Nexus.Server.Platform.Storage;

namespace Nexus.Server.Identity.Accounts;

/// <summary>A stored user. Users belong to no tenant, so only a cross-tenant scope can read them.</summary>
internal sealed class StoredUser
{
    private const string Select =
        """
        select user_id as UserId, email as Email, display_name as DisplayName, password_hash as PasswordHash, issuer as Issuer,
          made_in as MadeIn from users where 
        """;

    public string UserId { get; init; } = "";

    /// <summary>The address they sign in with. For users of an external issuer, the address the issuer states.</summary>
    public string? Email { get; init; }

    public string? DisplayName { get; init; }

    /// <summary>Null for users of an external issuer.</summary>
    public string? PasswordHash { get; init; }

    /// <summary>The external issuer they sign in with; null if they sign in here.</summary>
    public string? Issuer { get; init; }

    /// <summary>The tenant through whose invitation the account was created; null if it was created otherwise.</summary>
    public string? MadeIn { get; init; }

    /// <summary>
    /// Returns the account with an address, or null. Users of external issuers are not found, because an address proves nothing.
    /// </summary>
    public static ValueTask<StoredUser?> FindByEmailAsync(ReadSession session, string email) =>
        session.FirstOrDefaultAsync<StoredUser>(Select + "email = @email and issuer is null", new { email = Emails.Normalize(email) });

    /// <summary>Returns a user, or null.</summary>
    public static ValueTask<StoredUser?> FindAsync(ReadSession session, string userId) =>
        session.FirstOrDefaultAsync<StoredUser>(Select + "user_id = @userId", new { userId });

    /// <summary>Returns the users that exist.</summary>
    public static ValueTask<List<StoredUser>> FindAsync(ReadSession session, string[] userIds) =>
        session.QueryAsync<StoredUser>(Select + session.In("user_id", nameof(userIds)), new { userIds });

    /// <summary>Returns the user for an issuer's subject, or null.</summary>
    public static ValueTask<StoredUser?> FindBySubjectAsync(ReadSession session, string issuer, string subject) =>
        session.FirstOrDefaultAsync<StoredUser>(Select + "issuer = @issuer and subject = @subject", new { issuer, subject });

    /// <summary>Stores a new user. Returns false if the address or the subject is taken.</summary>
    public static async ValueTask<bool> InsertAsync(WriteSession session, StoredUser user, string? subject, long now, long seq) =>
        await session.ExecuteAsync(
            """
            insert into users (user_id, email, display_name, password_hash, issuer, subject, made_in, created_at, seq)
            values (@UserId, @Email, @DisplayName, @PasswordHash, @Issuer, @subject, @MadeIn, @now, @seq)
            on conflict do nothing
            """,
            new { user.UserId, user.Email, user.DisplayName, user.PasswordHash, user.Issuer, subject, user.MadeIn, now, seq }) == 1;

    public static ValueTask<int> SetPasswordAsync(WriteSession session, string userId, string hash, long seq) =>
        session.ExecuteAsync("update users set password_hash = @hash, seq = @seq where user_id = @userId", new { userId, hash, seq });

    public User ToWire() => new() { UserId = UserId, Email = Email, DisplayName = DisplayName };
}
