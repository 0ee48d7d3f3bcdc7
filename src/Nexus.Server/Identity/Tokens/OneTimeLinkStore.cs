using Nexus.Client;
using Nexus.Server.Platform.Storage;
using Nexus.Server.Platform.Tenancy;

namespace Nexus.Server.Identity.Tokens;

/// <summary>
/// Links that work once: for setup, for a new password and for an invitation. The token comes after the <c>#</c>, which browsers do
/// not send, so it appears in no log and reaches no other site.
/// </summary>
internal static class OneTimeLinkStore
{
    /// <summary>For the initial setup.</summary>
    public const string Setup = "setup";

    /// <summary>For setting a new password.</summary>
    public const string Reset = "reset";

    /// <summary>For an invitation.</summary>
    public const string Invitation = "invitation";

    /// <summary>How long a link of this kind is valid.</summary>
    public static TimeSpan Lifetime(string kind) => kind switch
    {
        Setup => TimeSpan.FromMinutes(30),
        Reset => TimeSpan.FromHours(1),
        _ => TimeSpan.FromDays(7),
    };

    /// <summary>Creates a link. The caller must store its hash.</summary>
    public static OneTimeLink Create(string kind, string publicUrl, DateTimeOffset now)
    {
        var token = OneTimeToken.Generate("nxl_");
        return new OneTimeLink
        {
            Kind = kind,
            Token = token,
            Url = $"{publicUrl.TrimEnd('/')}/setup#{kind}={token}",
            ExpiresAt = now + Lifetime(kind),
        };
    }

    /// <summary>Stores a link for setup or reset.</summary>
    /// <param name="session">A write of the service's own scope.</param>
    /// <param name="link">The link.</param>
    /// <param name="userId">The user whose password it sets; null for setup.</param>
    /// <param name="madeIn">The tenant whose admin created it; null: the operator.</param>
    /// <param name="now">The current time in microseconds since the Unix epoch.</param>
    public static async ValueTask AddAsync(WriteSession session, OneTimeLink link, string? userId, string? madeIn, long now)
    {
        await session.ExecuteAsync("delete from one_time_links where expires_at < @now", new { now });
        await session.ExecuteAsync(
            """
            insert into one_time_links (token_hash, kind, user_id, made_in, created_at, expires_at)
            values (@hash, @Kind, @userId, @madeIn, @now, @expires)
            """,
            new { hash = OneTimeToken.Hash(link.Token), link.Kind, userId, madeIn, now, expires = Timestamps.ToMicros(link.ExpiresAt) });
    }

    /// <summary>The link of a token; null if it is used, expired or unknown.</summary>
    public static ValueTask<StoredLink?> FindAsync(ReadSession session, string kind, string token, long now) =>
        session.FirstOrDefaultAsync<StoredLink>(
            """
            select user_id as UserId, made_in as MadeIn from one_time_links
            where token_hash = @hash and kind = @kind and used_at is null and expires_at > @now
            """,
            new { hash = OneTimeToken.Hash(token), kind, now });

    /// <summary>Marks a link as used; false if it already was.</summary>
    public static async ValueTask<bool> TryUseAsync(WriteSession session, string token, long now) =>
        await session.ExecuteAsync(
            "update one_time_links set used_at = @now where token_hash = @hash and used_at is null and expires_at > @now",
            new { hash = OneTimeToken.Hash(token), now }) == 1;

    /// <summary>The open invitation of a token; null if there is none.</summary>
    public static ValueTask<StoredInvitation?> FindInvitationAsync(ReadSession session, string token, long now) =>
        session.FirstOrDefaultAsync<StoredInvitation>(
            """
            select tenant_id as TenantId, invitation_id as InvitationId, email as Email, role as RoleName from invitations
            where token_hash = @hash and status = 'open' and expires_at > @now
            """,
            new { hash = OneTimeToken.Hash(token), now });
}

/// <summary>A valid link.</summary>
internal sealed class StoredLink
{
    /// <summary>The user whose password it sets; null for setup.</summary>
    public string? UserId { get; init; }

    /// <summary>The tenant whose admin made it.</summary>
    public string? MadeIn { get; init; }
}

/// <summary>An open invitation.</summary>
internal sealed class StoredInvitation
{
    /// <summary>The tenant.</summary>
    public string TenantId { get; init; } = "";

    /// <summary>Its id.</summary>
    public string InvitationId { get; init; } = "";

    /// <summary>The invited e-mail address, normalized.</summary>
    public string Email { get; init; } = "";

    /// <summary>The role's name on the wire.</summary>
    public string RoleName { get; init; } = "";

    /// <summary>The role; <see cref="Role.None"/> if the name is unknown.</summary>
    public Role Role => Roles.TryParse(RoleName, out var role) ? role : Role.None;
}
