using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Nexus.Flags.Values;

/// <summary>Values for people: JSON, cut short.</summary>
internal static class ValueText
{
    private const int Length = 120;
    private const string More = "…";

    public static string Of(in Value value)
    {
        var text = new StringBuilder();
        Write(value, text);
        return text.Length <= Length ? text.ToString() : text.ToString(0, Length) + More;
    }

    private static void Write(in Value value, StringBuilder text)
    {
        if (text.Length > Length)
        {
            return;
        }

        switch (value.Kind)
        {
            case ValueKind.Undefined:
                text.Append("null");
                break;
            case ValueKind.String:
                var part = value.Text.Length > Length ? value.Text[..Length] : value.Text;
                text.Append('"').Append(JsonEncodedText.Encode(part, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).Value).Append('"');
                break;
            case ValueKind.Array:
                text.Append('[');
                var items = value.Items;
                for (var index = 0; index < items.Length; index++)
                {
                    text.Append(index > 0 ? "," : "");
                    Write(items[index], text);
                }

                text.Append(']');
                break;
            case ValueKind.Object:
                text.Append('{');
                var names = value.Members.Names;
                for (var index = 0; index < names.Length; index++)
                {
                    text.Append(index > 0 ? "," : "");
                    Write(Value.Of(names[index]), text);
                    text.Append(':');
                    Write(value.Members.Values[index], text);
                }

                text.Append('}');
                break;
            default:
                var run = Run.Beforehand;
                text.Append(Js.ToText(value, ref run));
                break;
        }
    }
}
