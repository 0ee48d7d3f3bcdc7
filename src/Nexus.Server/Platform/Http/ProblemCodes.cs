namespace Nexus.Server.Platform.Http;

/// <summary>A stable, dotted code that programs compare, and the HTTP status that it is answered with.</summary>
internal sealed record ProblemCode(int Status, string Name);

/// <summary>
/// Every error code of the service with its status: the one place that decides which status a refusal has. Codes are part of the
/// contract and never change their meaning.
/// </summary>
internal static class ProblemCodes
{
    // The request as a whole
    public static ProblemCode RequestMalformed { get; } = new(StatusCodes.Status400BadRequest, "request.malformed");
    public static ProblemCode RouteUnknown { get; } = new(StatusCodes.Status404NotFound, "route.unknown");
    public static ProblemCode RouteMethod { get; } = new(StatusCodes.Status405MethodNotAllowed, "route.method");
    public static ProblemCode NotFound { get; } = new(StatusCodes.Status404NotFound, "not_found");
    public static ProblemCode Internal { get; } = new(StatusCodes.Status500InternalServerError, "internal");
    public static ProblemCode Unavailable { get; } = new(StatusCodes.Status503ServiceUnavailable, "unavailable");

    // Bodies
    public static ProblemCode BodyContentType { get; } = new(StatusCodes.Status415UnsupportedMediaType, "body.content_type");
    public static ProblemCode BodyEncoding { get; } = new(StatusCodes.Status400BadRequest, "body.encoding");
    public static ProblemCode BodyTooLarge { get; } = new(StatusCodes.Status413PayloadTooLarge, "body.too_large");
    public static ProblemCode BodyInvalid { get; } = new(StatusCodes.Status422UnprocessableEntity, "body.invalid");
    public static ProblemCode JsonMalformed { get; } = new(StatusCodes.Status400BadRequest, "json.malformed");
    public static ProblemCode BatchTooLong { get; } = new(StatusCodes.Status422UnprocessableEntity, "batch.too_long");

    // Query parameters
    public static ProblemCode CursorInvalid { get; } = new(StatusCodes.Status400BadRequest, "cursor.invalid");
    public static ProblemCode LimitInvalid { get; } = new(StatusCodes.Status422UnprocessableEntity, "limit.invalid");
    public static ProblemCode OffsetInvalid { get; } = new(StatusCodes.Status422UnprocessableEntity, "offset.invalid");
    public static ProblemCode DepthInvalid { get; } = new(StatusCodes.Status422UnprocessableEntity, "depth.invalid");
    public static ProblemCode LastInvalid { get; } = new(StatusCodes.Status422UnprocessableEntity, "last.invalid");
    public static ProblemCode AtInvalid { get; } = new(StatusCodes.Status422UnprocessableEntity, "at.invalid");
    public static ProblemCode AfterInvalid { get; } = new(StatusCodes.Status422UnprocessableEntity, "after.invalid");
    public static ProblemCode FormatInvalid { get; } = new(StatusCodes.Status422UnprocessableEntity, "format.invalid");
    public static ProblemCode ShapeInvalid { get; } = new(StatusCodes.Status422UnprocessableEntity, "shape.invalid");
    public static ProblemCode SearchTextInvalid { get; } = new(StatusCodes.Status422UnprocessableEntity, "search_text.invalid");
    public static ProblemCode TagsAnyInvalid { get; } = new(StatusCodes.Status422UnprocessableEntity, "tags_any.invalid");
    public static ProblemCode LastEventIdInvalid { get; } = new(StatusCodes.Status400BadRequest, "last_event_id.invalid");

    // Conditional and repeated requests
    public static ProblemCode PreconditionFailed { get; } = new(StatusCodes.Status412PreconditionFailed, "precondition.failed");
    public static ProblemCode PreconditionInvalid { get; } = new(StatusCodes.Status400BadRequest, "precondition.invalid");
    public static ProblemCode PreconditionRequired { get; } = new(StatusCodes.Status428PreconditionRequired, "precondition.required");
    public static ProblemCode IdempotencyInFlight { get; } = new(StatusCodes.Status409Conflict, "idempotency.in_flight");
    public static ProblemCode IdempotencyInvalid { get; } = new(StatusCodes.Status400BadRequest, "idempotency.invalid");
    public static ProblemCode IdempotencyMismatch { get; } = new(StatusCodes.Status422UnprocessableEntity, "idempotency.mismatch");
    public static ProblemCode IdempotencySecret { get; } = new(StatusCodes.Status409Conflict, "idempotency.secret");

    // Tenant, env and credentials
    public static ProblemCode ContextMissing { get; } = new(StatusCodes.Status400BadRequest, "context.missing");
    public static ProblemCode ContextInvalid { get; } = new(StatusCodes.Status400BadRequest, "context.invalid");
    public static ProblemCode ContextMismatch { get; } = new(StatusCodes.Status400BadRequest, "context.mismatch");
    public static ProblemCode AuthMissing { get; } = new(StatusCodes.Status401Unauthorized, "auth.missing");
    public static ProblemCode AuthInvalid { get; } = new(StatusCodes.Status401Unauthorized, "auth.invalid");
    public static ProblemCode AuthIssuerUnreachable { get; } = new(StatusCodes.Status503ServiceUnavailable, "auth.issuer_unreachable");
    public static ProblemCode AuthTenantMismatch { get; } = new(StatusCodes.Status403Forbidden, "auth.tenant_mismatch");
    public static ProblemCode AuthRole { get; } = new(StatusCodes.Status403Forbidden, "auth.role");
    public static ProblemCode AuthCredential { get; } = new(StatusCodes.Status403Forbidden, "auth.credential");
    public static ProblemCode AuthPassword { get; } = new(StatusCodes.Status403Forbidden, "auth.password");
    public static ProblemCode AuthSignupClosed { get; } = new(StatusCodes.Status403Forbidden, "auth.signup_closed");
    public static ProblemCode AuthEmailTaken { get; } = new(StatusCodes.Status409Conflict, "auth.email_taken");
    public static ProblemCode TenantSuspended { get; } = new(StatusCodes.Status403Forbidden, "tenant.suspended");
    public static ProblemCode TenantTaken { get; } = new(StatusCodes.Status409Conflict, "tenant.taken");
    public static ProblemCode MemberExists { get; } = new(StatusCodes.Status409Conflict, "member.exists");
    public static ProblemCode MemberElsewhere { get; } = new(StatusCodes.Status403Forbidden, "member.elsewhere");
    public static ProblemCode MemberLastOwner { get; } = new(StatusCodes.Status409Conflict, "member.last_owner");

    // Gates
    public static ProblemCode KillSwitchBlocked { get; } = new(StatusCodes.Status403Forbidden, "kill_switch.blocked");
    public static ProblemCode QuotaExceeded { get; } = new(StatusCodes.Status403Forbidden, "quota.exceeded");
    public static ProblemCode RateLimitExceeded { get; } = new(StatusCodes.Status429TooManyRequests, "rate_limit.exceeded");

    // Knowledge
    public static ProblemCode CardText { get; } = new(StatusCodes.Status422UnprocessableEntity, "card.text");
    public static ProblemCode CardSeparator { get; } = new(StatusCodes.Status422UnprocessableEntity, "card.separator");
    public static ProblemCode CardYaml { get; } = new(StatusCodes.Status422UnprocessableEntity, "card.yaml");
    public static ProblemCode CardTypeMissing { get; } = new(StatusCodes.Status422UnprocessableEntity, "card.type_missing");
    public static ProblemCode AtomOpUnknown { get; } = new(StatusCodes.Status422UnprocessableEntity, "atom.op_unknown");
    public static ProblemCode AtomParams { get; } = new(StatusCodes.Status422UnprocessableEntity, "atom.params");
    public static ProblemCode AtomUnreadable { get; } = new(StatusCodes.Status422UnprocessableEntity, "atom.unreadable");
    public static ProblemCode RawNotUploaded { get; } = new(StatusCodes.Status404NotFound, "raw.not_uploaded");
    public static ProblemCode RawInFlight { get; } = new(StatusCodes.Status409Conflict, "raw.in_flight");
    public static ProblemCode RawConflict { get; } = new(StatusCodes.Status409Conflict, "raw.conflict");
    public static ProblemCode UploadDenied { get; } = new(StatusCodes.Status403Forbidden, "upload.denied");
    public static ProblemCode UploadUsed { get; } = new(StatusCodes.Status403Forbidden, "upload.used");
    public static ProblemCode UploadForm { get; } = new(StatusCodes.Status400BadRequest, "upload.form");
    public static ProblemCode UploadTooLarge { get; } = new(StatusCodes.Status413PayloadTooLarge, "upload.too_large");
    public static ProblemCode UploadTooSmall { get; } = new(StatusCodes.Status422UnprocessableEntity, "upload.too_small");

    // Agents
    public static ProblemCode MemorySessionTaken { get; } = new(StatusCodes.Status409Conflict, "memory.session_taken");

    // Audit
    public static ProblemCode EventTooLarge { get; } = new(StatusCodes.Status413PayloadTooLarge, "event.too_large");
    public static ProblemCode StreamTooMany { get; } = new(StatusCodes.Status429TooManyRequests, "stream.too_many");
    public static ProblemCode ProofRange { get; } = new(StatusCodes.Status400BadRequest, "proof.range");
    public static ProblemCode ProofBeyond { get; } = new(StatusCodes.Status404NotFound, "proof.beyond");
    public static ProblemCode LogBehindSigned { get; } = new(StatusCodes.Status503ServiceUnavailable, "log.behind_signed");
    public static ProblemCode LogInconsistent { get; } = new(StatusCodes.Status503ServiceUnavailable, "log.inconsistent");

    // Feature flags
    public static ProblemCode FlagInvalid { get; } = new(StatusCodes.Status422UnprocessableEntity, "flag.invalid");
    public static ProblemCode FlagsSseDisabled { get; } = new(StatusCodes.Status403Forbidden, "flags.sse_disabled");
    public static ProblemCode TicketInvalid { get; } = new(StatusCodes.Status401Unauthorized, "ticket.invalid");

    // Privacy
    public static ProblemCode PrivacyEnvBound { get; } = new(StatusCodes.Status403Forbidden, "privacy.env_bound");
    public static ProblemCode PrivacyFourEyes { get; } = new(StatusCodes.Status403Forbidden, "privacy.four_eyes");
    public static ProblemCode PrivacyLastOwner { get; } = new(StatusCodes.Status409Conflict, "privacy.last_owner");
    public static ProblemCode PrivacyNotOwn { get; } = new(StatusCodes.Status403Forbidden, "privacy.not_own");
    public static ProblemCode PrivacyNotWaiting { get; } = new(StatusCodes.Status409Conflict, "privacy.not_waiting");
}
