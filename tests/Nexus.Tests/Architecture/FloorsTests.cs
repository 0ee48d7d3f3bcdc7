using ArchUnitNET.Domain;
using ArchUnitNET.Loader;
using Assembly = System.Reflection.Assembly;

namespace Nexus.Tests.Architecture;

/// <summary>Holds the code to <see cref="Floors"/>: what is compiled counts, however a source file spells it.</summary>
public sealed class FloorsTests
{
    private static readonly Assembly[] _assemblies =
    [
        typeof(Nexus.Merkle.TreeHash).Assembly,
        Assembly.Load("Nexus.Redaction"),
        Assembly.Load("Nexus.Flags"),
        typeof(Nexus.Client.NexusClient).Assembly,
        typeof(Nexus.Server.Program).Assembly,
        Assembly.Load("nexus"),
    ];

    private static readonly Lazy<IReadOnlyList<(string From, string To)>> _uses = new(FindUses);

    [Fact]
    public void No_room_uses_one_above_or_beside_it()
    {
        var wrong = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var (from, to) in _uses.Value)
        {
            var (user, used) = (Floors.FindRoom(NamespaceOf(from))!, Floors.FindRoom(NamespaceOf(to))!);
            if (user != used && Floors.GetLevel(used) >= Floors.GetLevel(user))
            {
                wrong.Add($"{from} uses {to}: {used} is not below {user}");
            }
        }

        wrong.ShouldBeEmpty();
    }

    [Fact]
    public void Every_type_is_in_a_room()
    {
        var homeless = _uses.Value.SelectMany(use => new[] { use.From, use.To })
            .Distinct()
            .Where(type => Floors.FindRoom(NamespaceOf(type)) is null);
        homeless.ShouldBeEmpty();
    }

    [Fact]
    public void Every_room_exists()
    {
        var inhabited = _uses.Value.Select(use => Floors.FindRoom(NamespaceOf(use.From))).ToHashSet();
        Floors.FromTheGround.SelectMany(floor => floor).Where(room => !inhabited.Contains(room)).ShouldBeEmpty();
    }

    [Fact]
    public void Leaf_libraries_reference_nothing_of_ours()
    {
        foreach (var leaf in _assemblies.Take(3))
        {
            leaf.GetReferencedAssemblies()
                .Select(name => name.Name!)
                .Where(name => name.StartsWith("Nexus", StringComparison.OrdinalIgnoreCase))
                .ShouldBeEmpty();
        }
    }

    private static List<(string From, string To)> FindUses()
    {
        var architecture = new ArchLoader().LoadAssemblies(_assemblies).Build();
        var ours = architecture.Types.Where(IsOurs).ToList();
        ours.Count.ShouldBeGreaterThan(500);
        return
        [
            .. ours.SelectMany(
                type => type.Dependencies.Select(use => use.Target).Where(IsOurs).Select(used => (type.FullName, used.FullName)))
            .Distinct(),
        ];
    }

    private static bool IsOurs(IType type) => type is not GenericParameter && type.FullName.StartsWith("Nexus.", StringComparison.Ordinal);

    /// <summary>Of <c>A.B.Outer+Inner</c> or <c>A.B.Generic`1</c>: <c>A.B</c>.</summary>
    private static string NamespaceOf(string typeName)
    {
        var outer = typeName.Split('+', '<', '`')[0];
        return outer[..Math.Max(0, outer.LastIndexOf('.'))];
    }
}
