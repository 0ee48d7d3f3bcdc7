using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Nexus.Flags.Targeting.Values;

/// <summary>Values as JSON for people, cut short.</summary>
internal static class ValueText
{
    private const int MaxLength = 120;

    public static string Format(in Value value)
    {
        var text = new StringBuilder();
        Append(value, text);
        return Shorten(text.ToString());
    }

    public static string Shorten(string text) => text.Length <= MaxLength ? text : text[..MaxLength] + "…";

    private static void Append(in Value value, StringBuilder text)
    {
        if (text.Length > MaxLength)
        {
            return;
        }

        switch (value.Kind)
        {
            case ValueKind.Boolean:
                text.Append(value.Number != 0 ? "true" : "false");
                break;
            case ValueKind.Number:
                text.Append(NumberText.Format(value.Number));
                break;
            case ValueKind.Text:
                AppendText(value.Text, text);
                break;
            case ValueKind.List:
                AppendList(value.Items, text);
                break;
            case ValueKind.Object:
                AppendObject(value.Members, text);
                break;
            default:
                text.Append("null");
                break;
        }
    }

    private static void AppendText(string value, StringBuilder text)
    {
        var part = value.Length > MaxLength ? value[..MaxLength] : value;
        text.Append('"').Append(JsonEncodedText.Encode(part, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).Value).Append('"');
    }

    private static void AppendList(Value[] items, StringBuilder text)
    {
        text.Append('[');
        for (var index = 0; index < items.Length && text.Length <= MaxLength; index++)
        {
            text.Append(index > 0 ? "," : "");
            Append(items[index], text);
        }

        text.Append(']');
    }

    private static void AppendObject(MemberMap members, StringBuilder text)
    {
        text.Append('{');
        for (var index = 0; index < members.Names.Length && text.Length <= MaxLength; index++)
        {
            text.Append(index > 0 ? "," : "");
            AppendText(members.Names[index], text);
            text.Append(':');
            Append(members.Values[index], text);
        }

        text.Append('}');
    }
}
