using Nexus.Client;
using Nexus.Server.Platform.Storage;
using Nexus.Server.Platform.Tenancy;

namespace Nexus.Server.Identity.Tokens;

/// <summary>
/// Links that work once: to set the service up, to set a new password, to take an invitation. The token stands after the
/// <c>#</c>, which browsers keep to themselves, so it reaches no log and no other site.
/// </summary>
internal static class OneTimeLinkStore
{
    /// <summary>Sets the service up.</summary>
    public const string Setup = "setup";

    /// <summary>Sets a new password.</summary>
    public const string Reset = "reset";

    /// <summary>Makes a member.</summary>
    public const string Invitation = "invitation";

    /// <summary>How long a link of a kind works.</summary>
    public static TimeSpan Lifetime(string kind) => kind switch
    {
        Setup => TimeSpan.FromMinutes(30),
        Reset => TimeSpan.FromHours(1),
        _ => TimeSpan.FromDays(7),
    };

    /// <summary>A new link, to be handed over once; its hash is for the caller to store.</summary>
    public static OneTimeLink Create(string kind, string publicUrl, DateTimeOffset now)
    {
        var token = OneTimeToken.Generate("nxl_");
        return new OneTimeLink { Kind = kind, Token = token, Url = $"{publicUrl.TrimEnd('/')}/setup#{kind}={token}", ExpiresAt = now + Lifetime(kind) };
    }

    /// <summary>Stores a link for setup or reset.</summary>
    /// <param name="session">A write of the service's own scope.</param>
    /// <param name="link">The link.</param>
    /// <param name="userId">Whose password it sets; null for setup.</param>
    /// <param name="madeIn">The tenant whose admin made it; null: the operator.</param>
    /// <param name="now">Microseconds.</param>
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

    /// <summary>The link of a token, if it still works.</summary>
    public static ValueTask<StoredLink?> FindAsync(ReadSession session, string kind, string token, long now) =>
        session.FirstOrDefaultAsync<StoredLink>(
            """
            select user_id as UserId, made_in as MadeIn from one_time_links
            where token_hash = @hash and kind = @kind and used_at is null and expires_at > @now
            """,
            new { hash = OneTimeToken.Hash(token), kind, now });

    /// <summary>Uses a link up; false if somebody else was faster.</summary>
    public static async ValueTask<bool> TryUseAsync(WriteSession session, string token, long now) =>
        await session.ExecuteAsync(
            "update one_time_links set used_at = @now where token_hash = @hash and used_at is null and expires_at > @now",
            new { hash = OneTimeToken.Hash(token), now }) == 1;

    /// <summary>The open invitation of a token.</summary>
    public static ValueTask<StoredInvitation?> FindInvitationAsync(ReadSession session, string token, long now) =>
        session.FirstOrDefaultAsync<StoredInvitation>(
            """
            select tenant_id as TenantId, invitation_id as InvitationId, email as Email, role as RoleName from invitations
            where token_hash = @hash and status = 'open' and expires_at > @now
            """,
            new { hash = OneTimeToken.Hash(token), now });
}

/// <summary>A link that works.</summary>
internal sealed class StoredLink
{
    /// <summary>Whose password it sets.</summary>
    public string? UserId { get; init; }

    /// <summary>The tenant whose admin made it.</summary>
    public string? MadeIn { get; init; }
}

/// <summary>An invitation that is open.</summary>
internal sealed class StoredInvitation
{
    /// <summary>The tenant.</summary>
    public string TenantId { get; init; } = "";

    /// <summary>Its id.</summary>
    public string InvitationId { get; init; } = "";

    /// <summary>Who was invited, normalised.</summary>
    public string Email { get; init; } = "";

    /// <summary>As what.</summary>
    public string RoleName { get; init; } = "";

    /// <summary>As what.</summary>
    public Role Role => Roles.TryParse(RoleName, out var role) ? role : Role.None;
}
