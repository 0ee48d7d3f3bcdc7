namespace Nexus.Redaction.Context;

/// <summary>
/// The name of the JSON property that holds a value. It gives a number its context; where it gives none, the name of the enclosing
/// property does: <c>{"phone":{"value":"785 8949"}}</c>.
/// </summary>
/// <param name="Name">The property's name; null outside of any property.</param>
/// <param name="Parent">The name of the property that holds the object with this property.</param>
internal readonly record struct JsonPropertyName(string? Name, string? Parent = null)
{
    /// <summary>Kinds that only tell an address from a version or an amount, so that the parent's name still counts.</summary>
    private const ContextKind QualifyingKinds = ContextKind.Host | ContextKind.Software | ContextKind.Amount;

    /// <summary>The context that the names give. A reference is not inherited: an order may hold telephone numbers.</summary>
    public ContextKind Context
    {
        get
        {
            var own = Name is null ? ContextKind.None : ContextWords.FromName(Name);
            return (own & ~QualifyingKinds) != ContextKind.None || Parent is null
                ? own
                : own | (ContextWords.FromName(Parent) & ~ContextKind.Reference);
        }
    }

    /// <summary>The name of a property of the object that is the value of this one.</summary>
    public JsonPropertyName Child(string name) => new(name, Name);
}
