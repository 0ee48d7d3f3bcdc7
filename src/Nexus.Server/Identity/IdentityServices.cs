using Nexus.Server.Identity.Accounts;
using Nexus.Server.Identity.ApiKeys;
using Nexus.Server.Identity.Members;
using Nexus.Server.Identity.Setup;
using Nexus.Server.Identity.SignIn;
using Nexus.Server.Identity.Tenants;
using Nexus.Server.Identity.Tokens;
using Nexus.Server.Platform.Admission;

namespace Nexus.Server.Identity;

/// <summary>What identity is made of, and its routes.</summary>
internal static class IdentityServices
{
    /// <summary>Adds the services.</summary>
    public static IServiceCollection AddIdentity(this IServiceCollection services, AuthOptions options) => services
        .AddSingleton(provider => new VerifiedTokens(provider.GetRequiredService<TimeProvider>()))
        .AddSingleton(_ => new Passwords())
        .AddSingleton(_ => new SignInLimits(options.SignIn))
        .AddSingleton<OidcIssuers>().AddSingleton<OidcPeople>().AddSingleton<OwnTokens>()
        .AddSingleton<ApiKeyStore>().AddSingleton<SessionStore>().AddSingleton<Authenticator>()
        .AddSingleton<PersonalIdentity>().AddSingleton<Memberships>().AddSingleton<MemberStore>().AddSingleton<TenantDirectory>().AddSingleton<Standing>()
        .AddSingleton<SignInAnswers>().AddSingleton<Founding>().AddSingleton<Redemption>().AddSingleton<ResetLinks>();

    /// <summary>Maps the routes.</summary>
    public static void MapIdentity(this IEndpointRouteBuilder app)
    {
        app.MapSignIn();
        app.MapSignUp();
        app.MapAccount();
        app.MapTenants();
        app.MapMembers();
        app.MapApiKeys();
    }
}
