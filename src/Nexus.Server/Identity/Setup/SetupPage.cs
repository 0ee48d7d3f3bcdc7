using System.Security.Cryptography;
using System.Text;

namespace Nexus.Server.Identity.Setup;

/// <summary>
/// The page that one-time links open: a self-contained form. The token stays in the URL fragment until the form is sent. The
/// content security policy allows only the page's own script and style, by their hashes.
/// </summary>
internal static class SetupPage
{
    private const string Script =
        """
        const [kind, token] = location.hash.slice(1).split('=');
        const $ = id => document.getElementById(id);
        const setup = kind === 'setup';
        const titles = { setup: 'Set up Nexus', invitation: 'Accept the invitation', reset: 'Set a new password' };
        $('title').textContent = titles[kind] ?? 'This link is incomplete';
        $('form').hidden = !titles[kind];
        for (const e of document.querySelectorAll('[data-only]')) {
          e.hidden = e.dataset.only !== kind;
          for (const i of e.querySelectorAll('input')) i.required = !e.hidden && i.dataset.free === undefined;
        }
        $('form').addEventListener('submit', async event => {
          event.preventDefault();
          const body = { token, password: $('password').value };
          if (setup) Object.assign(body, { email: $('email').value, tenant_id: $('tenant').value });
          if (kind === 'invitation' && $('name').value) body.display_name = $('name').value;
          const answer = await fetch(setup ? 'auth/setup' : 'auth/redeem', {
            method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) });
          const said = await answer.json();
          $('form').hidden = answer.ok;
          $('said').textContent = answer.ok
            ? 'Done. You are ' + said.user.email + (said.tenant ? ', in ' + said.tenant.tenant_id : '') + '. Sign in with: nexus login --server ' + new URL('.', location.href).href.replace(/\/$/, '')
            : said.detail;
          if (answer.ok) history.replaceState(null, '', location.pathname);
        });
        """;

    private const string Style =
        """
        body{font:16px/1.5 system-ui,sans-serif;max-width:26rem;margin:10vh auto;padding:0 1rem;color:#1c2733}
        label{display:block;margin:1rem 0}input{display:block;width:100%;box-sizing:border-box;font:inherit;padding:.5rem;border:1px solid #8795a5;border-radius:.3rem}
        button{font:inherit;padding:.5rem 1.2rem;border:0;border-radius:.3rem;background:#1c4f8b;color:#fff}
        """;

    private static readonly string _contentSecurityPolicy =
        $"default-src 'none'; connect-src 'self'; form-action 'none'; frame-ancestors 'none'; base-uri 'none'; script-src "
        + $"'{Hash(Script)}'; style-src '{Hash(Style)}'";

    private static readonly byte[] _page = Encoding.UTF8.GetBytes(
        $"""
        <!doctype html>
        <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Nexus</title><style>{Style}</style></head>
        <body><h1 id="title">Nexus</h1>
        <form id="form" hidden>
        <label data-only="setup">E-mail address<input id="email" type="email" autocomplete="username"></label>
        <label data-only="invitation">Your name<input id="name" autocomplete="name" data-free></label>
        <label>Password, at least 12 characters<input id="password" type="password" minlength="12" maxlength="256" required autocomplete="new-password"></label>
        <label data-only="setup">First tenant, such as t_acme<input id="tenant" pattern="t_[a-z0-9_\-]+" maxlength="64"></label>
        <button>Go on</button></form><p id="said" role="status"></p>
        <noscript>This page needs JavaScript.</noscript><script>{Script}</script></body></html>
        """);

    public static IResult Get(HttpContext http)
    {
        http.Response.Headers.ContentSecurityPolicy = _contentSecurityPolicy;
        http.Response.Headers.XContentTypeOptions = "nosniff";
        http.Response.Headers["Referrer-Policy"] = "no-referrer";
        http.Response.Headers.CacheControl = "no-store";
        return Results.Bytes(_page, "text/html; charset=utf-8");
    }

    private static string Hash(string text) => "sha256-" + Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
