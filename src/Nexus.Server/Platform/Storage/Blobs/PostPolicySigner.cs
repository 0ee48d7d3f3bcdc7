using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Nexus.Server.Platform.Storage.Blobs;

/// <summary>
/// S3's POST policy with Signature Version 4: what S3 checks of a form, checked here in the same way, so that a client cannot tell the
/// stores apart. Stricter in one thing: a field that the policy does not name is refused whatever it is called.
/// </summary>
/// <param name="accessKey">The key's id.</param>
/// <param name="secret">The key.</param>
/// <param name="region">The region that signatures name.</param>
/// <param name="bucket">The bucket that forms are good for.</param>
internal sealed class PostPolicySigner(string accessKey, string secret, string region, string bucket)
{
    private const string Algorithm = "AWS4-HMAC-SHA256";
    private const string PolicyField = "policy";
    private const string SignatureField = "x-amz-signature";

    private static readonly JsonWriterOptions _jsonOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The form's fields before the file.</summary>
    public Dictionary<string, string> Sign(UploadConstraints rules)
    {
        var day = rules.SignedAt.UtcDateTime.ToString("yyyyMMdd", CultureInfo.InvariantCulture);
        var fields = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["key"] = rules.Key,
            ["Content-Type"] = rules.ContentType,
            ["x-amz-algorithm"] = Algorithm,
            ["x-amz-credential"] = Credential(day),
            ["x-amz-date"] = rules.SignedAt.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture),
        };
        var policy = Convert.ToBase64String(WritePolicy(rules, fields));
        fields[PolicyField] = policy;
        fields[SignatureField] = Convert.ToHexStringLower(ComputeSignature(day, policy));
        return fields;
    }

    /// <summary>Checks a form's fields.</summary>
    /// <param name="fields">All but the file, names in lower case.</param>
    /// <param name="now">The time.</param>
    /// <returns>What the form allows, or a safe reason why nothing.</returns>
    public (UploadGrant? Grant, string Reason) Verify(IReadOnlyDictionary<string, string> fields, DateTimeOffset now)
    {
        string Field(string name) => fields.GetValueOrDefault(name, "");
        var date = Field("x-amz-date");
        if (Field("x-amz-algorithm") != Algorithm
            || !DateTime.TryParseExact(date, "yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture, DateTimeStyles.None, out _)
            || Field("x-amz-credential") != Credential(date[..8])
            || !IsSignatureValid(date[..8], Field(PolicyField), Field(SignatureField)))
        {
            return (null, "The form's signature does not verify.");
        }

        try
        {
            using var policy = JsonDocument.Parse(
                Convert.FromBase64String(Field(PolicyField)),
                new JsonDocumentOptions { AllowDuplicateProperties = false, MaxDepth = 8 });
            return ReadPolicy(policy.RootElement, fields, now);
        }
        catch (Exception exception)
            when (exception is FormatException or JsonException or InvalidOperationException or KeyNotFoundException)
        {
            return (null, "The form's policy cannot be read.");
        }
    }

    private (UploadGrant? Grant, string Reason) ReadPolicy(
        JsonElement policy, IReadOnlyDictionary<string, string> fields, DateTimeOffset now)
    {
        if (policy.GetProperty("expiration").GetDateTimeOffset() <= now)
        {
            return (null, "The form has expired.");
        }

        var named = new HashSet<string>(StringComparer.Ordinal) { PolicyField, SignatureField };
        var (smallest, largest) = (0L, long.MaxValue);
        var namesBucket = false;
        foreach (var (kind, name, value) in policy.GetProperty("conditions").EnumerateArray().SelectMany(ParseCondition))
        {
            if (kind == "content-length-range")
            {
                (smallest, largest) = (
                    Math.Max(smallest, long.Parse(name, CultureInfo.InvariantCulture)),
                    Math.Min(largest, long.Parse(value, CultureInfo.InvariantCulture)));
                continue;
            }

            var isBucket = name == "bucket";
            namesBucket |= isBucket;
            named.Add(name);
            var given = isBucket ? bucket : fields.GetValueOrDefault(name);
            if (given is null
                || !(kind == "starts-with" ? given.StartsWith(value, StringComparison.Ordinal) : kind == "eq" && given == value))
            {
                return (null, $"The form's {name} is not what the policy says.");
            }
        }

        if (!namesBucket || !named.Contains("key") || !fields.TryGetValue("key", out var key))
        {
            return (null, "The form's policy names no bucket or no key.");
        }

        return fields.Keys.FirstOrDefault(field => !named.Contains(field)) is { } extra
            ? (null, $"The form has a field that its policy does not name: {(extra.Length <= 64 ? extra : "a long one")}.")
            : (new UploadGrant(key, fields.GetValueOrDefault("content-type"), smallest, largest), "");
    }

    /// <summary>A condition is <c>{name: value}</c> or <c>[kind, "$name", value]</c>; a range has numbers in the last two places.</summary>
    private static IEnumerable<(string Kind, string Name, string Value)> ParseCondition(JsonElement condition)
    {
        if (condition.ValueKind == JsonValueKind.Object)
        {
            return condition.EnumerateObject().Select(member => ("eq", member.Name.ToLowerInvariant(), member.Value.GetString()!)).ToList();
        }

        var kind = condition[0].GetString()!.ToLowerInvariant();
        return kind == "content-length-range"
            ? [(kind, condition[1].GetInt64()
            .ToString(CultureInfo.InvariantCulture), condition[2].GetInt64().ToString(CultureInfo.InvariantCulture))]
            : [(kind, condition[1].GetString()!.TrimStart('$').ToLowerInvariant(), condition[2].GetString()!)];
    }

    private byte[] WritePolicy(UploadConstraints rules, Dictionary<string, string> fields)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes, _jsonOptions))
        {
            json.WriteStartObject();
            json.WriteString(
                "expiration",
                rules.ExpiresAt.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
            json.WriteStartArray("conditions");
            foreach (var (name, value) in fields.Prepend(new("bucket", bucket)))
            {
                json.WriteStartObject();
                json.WriteString(name, value);
                json.WriteEndObject();
            }

            json.WriteStartArray();
            json.WriteStringValue("content-length-range");
            json.WriteNumberValue(rules.MinBytes);
            json.WriteNumberValue(rules.MaxBytes);
            json.WriteEndArray();
            json.WriteEndArray();
            json.WriteEndObject();
        }

        return bytes.ToArray();
    }

    private string Credential(string day) => $"{accessKey}/{day}/{region}/s3/aws4_request";

    private bool IsSignatureValid(string day, string policy, string signature) =>
        CryptographicOperations.FixedTimeEquals(
            Encoding.UTF8.GetBytes(signature),
            Encoding.ASCII.GetBytes(Convert.ToHexStringLower(ComputeSignature(day, policy))));

    private byte[] ComputeSignature(string day, string policy)
    {
        var key = Encoding.UTF8.GetBytes("AWS4" + secret);
        foreach (var part in new[] { day, region, "s3", "aws4_request", policy })
        {
            key = HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(part));
        }

        return key;
    }
}

/// <summary>What a form that verified allows.</summary>
/// <param name="Key">The key its bytes go to.</param>
/// <param name="ContentType">The type it names.</param>
/// <param name="MinBytes">Fewest bytes.</param>
/// <param name="MaxBytes">Most bytes.</param>
internal sealed record UploadGrant(string Key, string? ContentType, long MinBytes, long MaxBytes);
