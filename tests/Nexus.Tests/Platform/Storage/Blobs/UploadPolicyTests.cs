using System.Text;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using Nexus.Server.Platform.Storage.Blobs;

namespace Nexus.Tests.Platform.Storage.Blobs;

/// <summary>Our POST policy signer and verifier, against forms created by Amazon's SDK.</summary>
public sealed class UploadPolicyTests
{
    private const string Secret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
    private static readonly DateTimeOffset _now = TimeProvider.System.GetUtcNow();
    private static readonly PostPolicySigner _policy = new("AKIDEXAMPLE", Secret, "eu-central-1", "bucket");
    private static readonly UploadConstraints _rules = new("staging/t_a/prod/1", "text/plain", 1, 100, _now, _now.AddHours(1));

    [Fact]
    public async Task SDK_form_verifies_and_yields_its_rules()
    {
        var (grant, reason) = _policy.Verify(await SdkFormAsync(), _now);
        grant.ShouldBe(new UploadGrant("staging/t_a/prod/1", "text/plain", 1, 100), reason);
        _policy.Verify(await SdkFormAsync("another"), _now).Grant.ShouldBeNull();
        _policy.Verify(await SdkFormAsync(), _now.AddHours(2)).Reason.ShouldBe("The form has expired.");
    }

    [Fact]
    public async Task Modified_SDK_form_does_not_verify()
    {
        var form = await SdkFormAsync();
        foreach (var name in form.Keys)
        {
            _policy.Verify(new Dictionary<string, string>(form) { [name] = form[name] + "A" }, _now).Grant.ShouldBeNull(name);
            _policy.Verify(new Dictionary<string, string>(form.Where(field => field.Key != name)), _now).Grant.ShouldBeNull(name);
        }

        _policy.Verify(new Dictionary<string, string>(form) { ["acl"] = "public-read" }, _now).Grant.ShouldBeNull();
    }

    [Fact]
    public async Task SDK_form_verifies_only_with_matching_key_and_region()
    {
        var theirs = await SdkFormAsync();
        new PostPolicySigner("AKIDEXAMPLE", Secret + "x", "eu-central-1", "bucket").Verify(theirs, _now).Grant.ShouldBeNull();
        new PostPolicySigner("AKIDEXAMPLE", Secret, "eu-west-1", "bucket").Verify(theirs, _now).Grant.ShouldBeNull();
        new PostPolicySigner("AKIDOTHER", Secret, "eu-central-1", "bucket").Verify(theirs, _now).Grant.ShouldBeNull();
    }

    [Fact]
    public void Signed_form_verifies_until_it_expires()
    {
        var form = LowerCaseKeys(_policy.Sign(_rules));
        _policy.Verify(form, _now.AddMinutes(59)).Grant.ShouldBe(new UploadGrant("staging/t_a/prod/1", "text/plain", 1, 100));
        _policy.Verify(form, _now.AddHours(1)).Grant.ShouldBeNull();
        foreach (var name in form.Keys)
        {
            _policy.Verify(new Dictionary<string, string>(form) { [name] = form[name] + "A" }, _now).Grant.ShouldBeNull(name);
            _policy.Verify(new Dictionary<string, string>(form.Where(field => field.Key != name)), _now).Grant.ShouldBeNull(name);
        }
    }

    [Fact]
    public void Signed_policy_contains_same_conditions_as_SDK_policy()
    {
        var form = _policy.Sign(_rules);
        var policy = Encoding.UTF8.GetString(Convert.FromBase64String(form["policy"]));
        policy.ShouldContain("""{"bucket":"bucket"}""");
        policy.ShouldContain("""{"key":"staging/t_a/prod/1"}""");
        policy.ShouldContain("""{"Content-Type":"text/plain"}""");
        policy.ShouldContain("""["content-length-range",1,100]""");
        policy.ShouldContain("\"x-amz-credential\":\"AKIDEXAMPLE/");
    }

    private static async Task<Dictionary<string, string>> SdkFormAsync(string bucket = "bucket")
    {
        using var s3 = new AmazonS3Client(
            new BasicAWSCredentials("AKIDEXAMPLE", Secret),
            new AmazonS3Config { ServiceURL = "http://127.0.0.1:1", ForcePathStyle = true, AuthenticationRegion = "eu-central-1" });
        var request = new CreatePresignedPostRequest { BucketName = bucket, Key = _rules.Key, Expires = _rules.ExpiresAt.UtcDateTime };
        request.Fields["Content-Type"] = "text/plain";
        request.Conditions.Add(S3PostCondition.ExactMatch("Content-Type", "text/plain"));
        request.Conditions.Add(S3PostCondition.ContentLengthRange(1, 100));
        var made = await s3.CreatePresignedPostAsync(request);
        return LowerCaseKeys(made.Fields);
    }

    private static Dictionary<string, string> LowerCaseKeys(Dictionary<string, string> fields) =>
        fields.ToDictionary(field => field.Key.ToLowerInvariant(), field => field.Value, StringComparer.Ordinal);
}
