using System.Diagnostics.CodeAnalysis;
using System.Text;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace Nexus.Server.Knowledge.RawAssets;

/// <summary>
/// Reads a form as S3 accepts it: fields, each at most once, then the part <c>file</c>, and nothing after it. The file is
/// streamed and never held in memory as a whole.
/// </summary>
internal sealed class UploadForm
{
    private const int MaxFields = 20;
    private const int MaxOfField = 16 << 10;
    private static readonly UTF8Encoding _strictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly MultipartReader _reader;
    private readonly Dictionary<string, string> _fields = new(StringComparer.Ordinal);

    private UploadForm(MultipartReader reader) => _reader = reader;

    /// <summary>The fields before the file, with names in lower case.</summary>
    public IReadOnlyDictionary<string, string> Fields => _fields;

    /// <summary>The file's bytes. Available after the fields are read.</summary>
    public Stream File { get; private set; } = Stream.Null;

    /// <summary>What is wrong with the form, in words for the caller.</summary>
    public string Error { get; private set; } = "The form cannot be read, or breaks off.";

    /// <summary>Starts reading a request. Returns false if it is not <c>multipart/form-data</c>.</summary>
    public static bool TryOpen(HttpRequest request, [NotNullWhen(true)] out UploadForm? form)
    {
        form = MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
            && type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase)
            && HeaderUtilities.RemoveQuotes(type.Boundary) is { Length: >= 1 and <= 70 } boundary
            ? new UploadForm(new MultipartReader(boundary.ToString(), request.Body) { HeadersCountLimit = 8, HeadersLengthLimit = 4 << 10 })
            : null;
        return form is not null;
    }

    /// <summary>Reads the fields, up to the file.</summary>
    /// <exception cref="InvalidDataException">The form is malformed; <see cref="Error"/> says how.</exception>
    public async ValueTask ReadFieldsAsync(CancellationToken cancellationToken)
    {
        while (await ReadNextPartAsync(cancellationToken) is { } part)
        {
            if (!ContentDispositionHeaderValue.TryParse(part.ContentDisposition, out var disposition)
                || !disposition.DispositionType.Equals("form-data", StringComparison.OrdinalIgnoreCase)
                || HeaderUtilities.RemoveQuotes(disposition.Name).ToString().ToLowerInvariant() is not { Length: > 0 } name)
            {
                throw Fail("A part of the form has no name.");
            }

            if (name == "file")
            {
                File = part.Body;
                return;
            }

            var value = await ReadFieldAsync(part.Body, cancellationToken);
            if (_fields.Count == MaxFields || !_fields.TryAdd(name, value))
            {
                throw Fail("The form has a field twice, or too many.");
            }
        }

        throw Fail("The form has no file.");
    }

    /// <summary>Checks that nothing follows the file.</summary>
    /// <exception cref="InvalidDataException">Something follows, or the form is truncated.</exception>
    public async ValueTask EnsureEndAsync(CancellationToken cancellationToken)
    {
        if (await ReadNextPartAsync(cancellationToken) is not null)
        {
            throw Fail("The file must be the form's last part.");
        }
    }

    private async ValueTask<MultipartSection?> ReadNextPartAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await _reader.ReadNextSectionAsync(cancellationToken);
        }
        catch (IOException exception) when (exception is not BadHttpRequestException)
        {
            throw new InvalidDataException("The form broke off.", exception);
        }
    }

    private async ValueTask<string> ReadFieldAsync(Stream body, CancellationToken cancellationToken)
    {
        var bytes = new byte[MaxOfField + 1];
        try
        {
            var length = await body.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellationToken);
            return length <= MaxOfField ? _strictUtf8.GetString(bytes, 0, length) : throw Fail("A field of the form is too long.");
        }
        catch (DecoderFallbackException)
        {
            throw Fail("A field of the form is not UTF-8.");
        }
        catch (IOException exception) when (exception is not BadHttpRequestException)
        {
            throw new InvalidDataException("The form broke off.", exception);
        }
    }

    private InvalidDataException Fail(string why)
    {
        Error = why;
        return new InvalidDataException(why);
    }
}
