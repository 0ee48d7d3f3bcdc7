using System.Reflection;
using System.Text;
using Microsoft.AspNetCore.Http.Metadata;

namespace Nexus.Server.Platform.Http;

/// <summary>A handler's body of <c>text/plain</c> or <c>text/markdown</c>, UTF-8, byte for byte.</summary>
internal sealed class TextBody(string text) : IEndpointParameterMetadataProvider
{
    private static readonly UTF8Encoding _strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
    private static readonly string[] _contentTypes = ["text/plain", "text/markdown"];

    /// <summary>What was sent.</summary>
    public string Text { get; } = text;

    /// <summary>Called by the framework.</summary>
    /// <exception cref="ProblemException">415 for another type or charset, 400 for bytes that are not UTF-8.</exception>
    public static ValueTask<TextBody?> BindAsync(HttpContext http, ParameterInfo parameter)
    {
        if (!Microsoft.Net.Http.Headers.MediaTypeHeaderValue.TryParse(http.Request.ContentType, out var type)
            || !(type.MediaType.Equals("text/plain", StringComparison.OrdinalIgnoreCase)
            || type.MediaType.Equals("text/markdown", StringComparison.OrdinalIgnoreCase))
            || !RequestBody.IsUtf8(type))
        {
            throw new ProblemException(RequestBody.UnsupportedContentType(http.Request, _contentTypes));
        }

        try
        {
            return new(new TextBody(_strict.GetString(RequestBody.Get(http).Bytes.Span)));
        }
        catch (DecoderFallbackException)
        {
            throw new ProblemException(new Problem(ProblemCodes.BodyEncoding, "The body is not valid UTF-8."));
        }
    }

    /// <summary>Tells OpenAPI.</summary>
    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) =>
        builder.Metadata.Add(new AcceptsMetadata(_contentTypes, typeof(string)));
}
