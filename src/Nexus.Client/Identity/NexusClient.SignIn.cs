namespace Nexus.Client;

public sealed partial class NexusClient
{
    /// <summary>Creates a user, if sign-up is enabled, and signs in.</summary>
    public Task<AuthSession> SignUpAsync(SignupRequest request, CancellationToken cancellationToken = default)
        => CallAsync(
            HttpMethod.Post,
            "auth/signup",
            RequestHeaders.None,
            CreateContent(request, WireJson.Default.SignupRequest),
            WireJson.Default.AuthSession,
            cancellationToken);

    /// <summary>Signs in. 401 <c>auth.invalid</c>; 429 after too many attempts for an account or address.</summary>
    public Task<AuthSession> LogInAsync(LoginRequest request, CancellationToken cancellationToken = default)
        => CallAsync(
            HttpMethod.Post,
            "auth/login",
            RequestHeaders.None,
            CreateContent(request, WireJson.Default.LoginRequest),
            WireJson.Default.AuthSession,
            cancellationToken);

    /// <summary>Exchanges a refresh token for new tokens. Discard the old token. The client's tenant becomes the default tenant.</summary>
    public Task<AuthSession> RefreshAsync(RefreshRequest request, CancellationToken cancellationToken = default)
        => CallAsync(
            HttpMethod.Post,
            "auth/refresh",
            RequestHeaders.Context,
            CreateContent(request, WireJson.Default.RefreshRequest),
            WireJson.Default.AuthSession,
            cancellationToken);

    /// <summary>Ends the session of the credential, including its refresh tokens.</summary>
    public Task LogOutAsync(CancellationToken cancellationToken = default)
        => CallAsync(HttpMethod.Post, "auth/logout", RequestHeaders.Credential, null, cancellationToken);

    /// <summary>Returns the identity of the credential.</summary>
    public Task<Me> GetMeAsync(CancellationToken cancellationToken = default)
        => CallAsync(HttpMethod.Get, "auth/me", RequestHeaders.Credential, null, WireJson.Default.Me, cancellationToken);

    /// <summary>Changes the caller's password.</summary>
    public Task ChangePasswordAsync(PasswordChange request, CancellationToken cancellationToken = default)
        => CallAsync(
            HttpMethod.Post,
            "auth/password",
            RequestHeaders.Credential,
            CreateContent(request, WireJson.Default.PasswordChange),
            cancellationToken);
}
