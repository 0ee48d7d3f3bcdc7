using System.Buffers;

namespace Nexus.Redaction.Detectors.Secrets;

/// <summary>The format of a service's keys: a distinctive prefix and a body.</summary>
/// <param name="Prefix">The prefix, such as <c>ghp_</c>.</param>
/// <param name="Body">The characters that may follow.</param>
/// <param name="MinBodyLength">The minimum number of characters that follow.</param>
internal sealed record ApiKeyFormat(string Prefix, SearchValues<char> Body, int MinBodyLength)
{
    private const string Alphanumerics = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

    private static readonly SearchValues<char> _alphanumeric = SearchValues.Create(Alphanumerics);
    private static readonly SearchValues<char> _token = SearchValues.Create(Alphanumerics + "_-");
    private static readonly SearchValues<char> _wide = SearchValues.Create(Alphanumerics + "_-.+/=~");

    /// <summary>The formats of well-known services, and of Nexus itself (<c>nxs_</c>).</summary>
    public static IReadOnlyList<ApiKeyFormat> All { get; } =
    [
        .. Create(_wide, 30, "nxs_"),
        .. Create(_alphanumeric, 16, "AKIA", "ASIA", "ABIA", "ACCA"),
        .. Create(_alphanumeric, 30, "ghp_", "gho_", "ghu_", "ghs_", "ghr_"),
        .. Create(_token, 22, "github_pat_"),
        .. Create(_token, 20, "glpat-", "gldt-", "glrt-", "glptt-"),
        .. Create(_token, 10, "xoxb-", "xoxp-", "xoxa-", "xoxr-", "xoxs-", "xoxo-", "xoxe-", "xoxe.", "xapp-"),
        .. Create(_wide, 20, "hooks.slack.com/services/"),
        .. Create(_wide, 16, "sk_live_", "sk_test_", "rk_live_", "rk_test_", "pk_live_", "pk_test_", "whsec_"),
        .. Create(_token, 20, "sk-"),
        .. Create(_token, 30, "AIza"),
        .. Create(_token, 20, "ya29.", "GOCSPX-"),
        .. Create(_wide, 40, "SG."),
        .. Create(_alphanumeric, 30, "npm_", "hf_", "gsk_", "xai-", "pplx-", "figd_", "sbp_", "sntrys_", "lin_api_", "dapi"),
        .. Create(_alphanumeric, 30, "shpat_", "shpca_", "shppa_", "shpss_", "dop_v1_", "doo_v1_", "dor_v1_"),
        .. Create(_token, 40, "pypi-", "rubygems_", "ATATT3x", "pul-", "ops_eyJ", "PMAK-"),
        .. Create(_alphanumeric, 32, "key-"),
        .. Create(_token, 22, "sq0atp-", "sq0csp-", "hvs.", "hvb.", "tskey-", "NRAK-"),
        .. Create(_alphanumeric, 40, "AGE-SECRET-KEY-1"),
        .. Create(_wide, 40, "AccountKey=", "SharedAccessKey=", "dt0c01."),
        .. Create(_wide, 16, "Bearer "),
    ];

    private static IEnumerable<ApiKeyFormat> Create(SearchValues<char> body, int minBodyLength, params string[] prefixes) =>
        prefixes.Select(prefix => new ApiKeyFormat(prefix, body, minBodyLength));
}
