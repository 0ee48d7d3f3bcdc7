using System.Buffers;

namespace Nexus.Redaction;

/// <summary>How the keys of a service look: a prefix that nothing else has, and what follows it.</summary>
/// <param name="Prefix">Such as <c>ghp_</c>.</param>
/// <param name="Body">Which characters follow.</param>
/// <param name="Least">How many at least.</param>
internal sealed record ApiKeyForm(string Prefix, SearchValues<char> Body, int Least)
{
    private const string Letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

    private static readonly SearchValues<char> _alphanumeric = SearchValues.Create(Letters);
    private static readonly SearchValues<char> _token = SearchValues.Create(Letters + "_-");
    private static readonly SearchValues<char> _wide = SearchValues.Create(Letters + "_-.+/=~");

    /// <summary>The forms of well-known services, and our own.</summary>
    public static IReadOnlyList<ApiKeyForm> All { get; } =
    [
        .. Of(_wide, 30, "nxs_"),
        .. Of(_alphanumeric, 16, "AKIA", "ASIA", "ABIA", "ACCA"),
        .. Of(_alphanumeric, 30, "ghp_", "gho_", "ghu_", "ghs_", "ghr_"),
        .. Of(_token, 22, "github_pat_"),
        .. Of(_token, 20, "glpat-", "gldt-", "glrt-", "glptt-"),
        .. Of(_token, 10, "xoxb-", "xoxp-", "xoxa-", "xoxr-", "xoxs-", "xoxo-", "xoxe-", "xoxe.", "xapp-"),
        .. Of(_wide, 20, "hooks.slack.com/services/"),
        .. Of(_wide, 16, "sk_live_", "sk_test_", "rk_live_", "rk_test_", "pk_live_", "pk_test_", "whsec_"),
        .. Of(_token, 20, "sk-"),
        .. Of(_token, 30, "AIza"),
        .. Of(_token, 20, "ya29.", "GOCSPX-"),
        .. Of(_wide, 40, "SG."),
        .. Of(_alphanumeric, 30, "npm_", "hf_", "gsk_", "xai-", "pplx-", "figd_", "sbp_", "sntrys_", "lin_api_", "dapi", "shpat_", "shpca_", "shppa_", "shpss_", "dop_v1_", "doo_v1_", "dor_v1_"),
        .. Of(_token, 40, "pypi-", "rubygems_", "ATATT3x", "pul-", "ops_eyJ", "PMAK-"),
        .. Of(_alphanumeric, 32, "key-"),
        .. Of(_token, 22, "sq0atp-", "sq0csp-", "hvs.", "hvb.", "tskey-", "NRAK-"),
        .. Of(_alphanumeric, 40, "AGE-SECRET-KEY-1"),
        .. Of(_wide, 40, "AccountKey=", "SharedAccessKey=", "dt0c01."),
        .. Of(_wide, 16, "Bearer "),
    ];

    private static IEnumerable<ApiKeyForm> Of(SearchValues<char> body, int least, params string[] prefixes) => prefixes.Select(prefix => new ApiKeyForm(prefix, body, least));
}
