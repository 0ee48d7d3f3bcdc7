using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Nexus.Client;

/// <summary>
/// The JSON of the contract: snake_case, times with <c>Z</c>, nulls written unless a member says otherwise, unknown members of an
/// answer passed over. The server reads requests with <c>new JsonSerializerOptions(WireJson.Default.Options)</c> made strict, so that
/// names and converters stay these.
/// </summary>
/// <remarks>
/// Init-only members get no default from the record when absent (the generator sets every one), so a member that may be absent
/// is nullable and its default is the reader's.
/// </remarks>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    RespectNullableAnnotations = true,
    Converters = [typeof(UtcTime)])]
[JsonSerializable(typeof(ProblemDetails))]
[JsonSerializable(typeof(LineError))]
[JsonSerializable(typeof(Card))]
[JsonSerializable(typeof(CardRevision))]
[JsonSerializable(typeof(Page<Card>), TypeInfoPropertyName = "CardPage")]
[JsonSerializable(typeof(Page<CardRevision>), TypeInfoPropertyName = "CardRevisionPage")]
[JsonSerializable(typeof(CardBatchLine))]
[JsonSerializable(typeof(CardBatchResult))]
[JsonSerializable(typeof(PresignRequest))]
[JsonSerializable(typeof(PresignedUpload))]
[JsonSerializable(typeof(RawAssetRegistration))]
[JsonSerializable(typeof(RawAsset))]
[JsonSerializable(typeof(Page<RawAsset>), TypeInfoPropertyName = "RawAssetPage")]
[JsonSerializable(typeof(AtomRequest))]
[JsonSerializable(typeof(AtomArtifact))]
[JsonSerializable(typeof(Page<AtomArtifact>), TypeInfoPropertyName = "AtomPage")]
[JsonSerializable(typeof(Page<AtomOp>), TypeInfoPropertyName = "AtomOpPage")]
[JsonSerializable(typeof(SearchQuery))]
[JsonSerializable(typeof(IReadOnlyList<SearchResult>), TypeInfoPropertyName = "SearchResults")]
[JsonSerializable(typeof(SearchResult[]))]
[JsonSerializable(typeof(List<SearchResult>))]
[JsonSerializable(typeof(InfluencePackRequest))]
[JsonSerializable(typeof(InfluencePack))]
[JsonSerializable(typeof(SettingsCards))]
[JsonSerializable(typeof(SessionTurnRequest))]
[JsonSerializable(typeof(SessionTurn))]
[JsonSerializable(typeof(SessionSnapshot))]
[JsonSerializable(typeof(MaybeRequest))]
[JsonSerializable(typeof(MaybeUpdate))]
[JsonSerializable(typeof(MaybeItem))]
[JsonSerializable(typeof(MaybeItems))]
[JsonSerializable(typeof(MaybeUpdated))]
[JsonSerializable(typeof(MaybeDeleted))]
[JsonSerializable(typeof(ResearchRun))]
[JsonSerializable(typeof(LineageGraph))]
[JsonSerializable(typeof(IReadOnlyList<ResearchRun>), TypeInfoPropertyName = "ResearchRuns")]
[JsonSerializable(typeof(DatasetEvent))]
[JsonSerializable(typeof(EventRequest))]
[JsonSerializable(typeof(EventReceipt))]
[JsonSerializable(typeof(Page<DatasetEvent>), TypeInfoPropertyName = "DatasetEventPage")]
[JsonSerializable(typeof(LogInclusion))]
[JsonSerializable(typeof(LogConsistency))]
[JsonSerializable(typeof(TrainingPreference))]
[JsonSerializable(typeof(TrainingPreferences))]
[JsonSerializable(typeof(TenantPreferenceRequest))]
[JsonSerializable(typeof(UserPreferenceRequest))]
[JsonSerializable(typeof(SignupRequest))]
[JsonSerializable(typeof(LoginRequest))]
[JsonSerializable(typeof(RefreshRequest))]
[JsonSerializable(typeof(PasswordChange))]
[JsonSerializable(typeof(AuthSession))]
[JsonSerializable(typeof(Me))]
[JsonSerializable(typeof(Tenant))]
[JsonSerializable(typeof(Page<Tenant>), TypeInfoPropertyName = "TenantPage")]
[JsonSerializable(typeof(TenantRequest))]
[JsonSerializable(typeof(TenantUpdate))]
[JsonSerializable(typeof(Member))]
[JsonSerializable(typeof(Page<Member>), TypeInfoPropertyName = "MemberPage")]
[JsonSerializable(typeof(MemberRequest))]
[JsonSerializable(typeof(MemberUpdate))]
[JsonSerializable(typeof(ResetLinkRequest))]
[JsonSerializable(typeof(OneTimeLink))]
[JsonSerializable(typeof(LinkRedemption))]
[JsonSerializable(typeof(SetupRequest))]
[JsonSerializable(typeof(ApiKeyRequest))]
[JsonSerializable(typeof(ApiKey))]
[JsonSerializable(typeof(Page<ApiKey>), TypeInfoPropertyName = "ApiKeyPage")]
[JsonSerializable(typeof(CreatedApiKey))]
[JsonSerializable(typeof(KillSwitch))]
[JsonSerializable(typeof(KillSwitchUpdate))]
[JsonSerializable(typeof(GateCheckRequest))]
[JsonSerializable(typeof(GateCheck))]
[JsonSerializable(typeof(IReadOnlyList<string>), TypeInfoPropertyName = "IReadOnlyListString")]
[JsonSerializable(typeof(JsonObject))]
public sealed partial class WireJson : JsonSerializerContext;
