using System.Diagnostics.CodeAnalysis;
using System.Text;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace Nexus.Server.Knowledge.RawAssets;

/// <summary>A form as S3 takes it: fields, each once, then the part <c>file</c>, and nothing after it. Read part by part; the file is never whole in memory.</summary>
internal sealed class UploadForm
{
    private const int MostFields = 20;
    private const int MostOfField = 16 << 10;
    private static readonly UTF8Encoding _strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly MultipartReader _reader;
    private readonly Dictionary<string, string> _fields = new(StringComparer.Ordinal);

    private UploadForm(MultipartReader reader) => _reader = reader;

    /// <summary>The fields before the file, names in lower case.</summary>
    public IReadOnlyDictionary<string, string> Fields => _fields;

    /// <summary>The file's bytes, once the fields are read.</summary>
    public Stream File { get; private set; } = Stream.Null;

    /// <summary>What is wrong with the form, in words for the caller.</summary>
    public string Mistake { get; private set; } = "The form cannot be read, or breaks off.";

    /// <summary>Begins to read a request.</summary>
    public static bool TryOpen(HttpRequest request, [NotNullWhen(true)] out UploadForm? form)
    {
        form = MediaTypeHeaderValue.TryParse(request.ContentType, out var type) && type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase)
            && HeaderUtilities.RemoveQuotes(type.Boundary) is { Length: >= 1 and <= 70 } boundary
            ? new UploadForm(new MultipartReader(boundary.ToString(), request.Body) { HeadersCountLimit = 8, HeadersLengthLimit = 4 << 10 })
            : null;
        return form is not null;
    }

    /// <summary>Reads to the file.</summary>
    /// <exception cref="InvalidDataException"><see cref="Mistake"/> says why.</exception>
    public async ValueTask ReadFieldsAsync(CancellationToken cancellation)
    {
        while (await NextAsync(cancellation) is { } part)
        {
            if (!ContentDispositionHeaderValue.TryParse(part.ContentDisposition, out var disposition)
                || !disposition.DispositionType.Equals("form-data", StringComparison.OrdinalIgnoreCase)
                || HeaderUtilities.RemoveQuotes(disposition.Name).ToString().ToLowerInvariant() is not { Length: > 0 } name)
            {
                throw Refuse("A part of the form has no name.");
            }

            if (name == "file")
            {
                File = part.Body;
                return;
            }

            var value = await ReadAsync(part.Body, cancellation);
            if (_fields.Count == MostFields || !_fields.TryAdd(name, value))
            {
                throw Refuse("The form has a field twice, or too many.");
            }
        }

        throw Refuse("The form has no file.");
    }

    /// <summary>Checks that nothing follows the file.</summary>
    /// <exception cref="InvalidDataException">Something does, or the form breaks off.</exception>
    public async ValueTask EndAsync(CancellationToken cancellation)
    {
        if (await NextAsync(cancellation) is not null)
        {
            throw Refuse("The file must be the form's last part.");
        }
    }

    private async ValueTask<MultipartSection?> NextAsync(CancellationToken cancellation)
    {
        try
        {
            return await _reader.ReadNextSectionAsync(cancellation);
        }
        catch (IOException exception) when (exception is not BadHttpRequestException)
        {
            throw new InvalidDataException("The form broke off.", exception);
        }
    }

    private async ValueTask<string> ReadAsync(Stream body, CancellationToken cancellation)
    {
        var bytes = new byte[MostOfField + 1];
        try
        {
            var length = await body.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellation);
            return length <= MostOfField ? _strict.GetString(bytes, 0, length) : throw Refuse("A field of the form is too long.");
        }
        catch (DecoderFallbackException)
        {
            throw Refuse("A field of the form is not UTF-8.");
        }
        catch (IOException exception) when (exception is not BadHttpRequestException)
        {
            throw new InvalidDataException("The form broke off.", exception);
        }
    }

    private InvalidDataException Refuse(string why)
    {
        Mistake = why;
        return new InvalidDataException(why);
    }
}
