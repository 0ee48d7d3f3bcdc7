namespace Nexus.Tests.FeatureFlags.Evaluation;

/// <summary>Operations, data and outcomes. The outcomes are those of flagd-core, which a test asks for them again.</summary>
public static class OperatorCases
{
    private const string Data =
        """{"targetingKey":"user-1","plan":"pro","age":20,"zero":0,"text":"7","yes":true,"no":false,"nil":null,"tags":["a","b"],"prices":[3,4,5],"none":[],"user":{"name":"Ada","address":{"city":"Paris"}},"a.b":"dot","version":"1.2.3","bare":{}}""";

    public static TheoryData<string, string, string?> All
    {
        get
        {
            var cases = new TheoryData<string, string, string?>();
            foreach (var (targeting, outcome) in List)
            {
                cases.Add(targeting, Data, outcome);
            }

            return cases;
        }
    }

    public static (string Targeting, string? Outcome)[] List { get; } =
    [
        // var
        ("""{"var":"plan"}""", "pro"),
        ("""{"var":["plan"]}""", "pro"),
        ("""{"var":"user.address.city"}""", "Paris"),
        ("""{"var":"user.none.city"}""", null),
        ("""{"var":["user.none.city","home"]}""", "home"),
        ("""{"var":["nil","home"]}""", "home"),
        ("""{"var":["none.0",{"var":"plan"}]}""", "pro"),
        ("""{"var":"tags.1"}""", "b"),
        ("""{"var":"tags.length"}""", "2"),
        ("""{"var":"plan.0"}""", "p"),
        ("""{"var":"a\\.b"}""", "dot"),
        ("""{"var":{"cat":["pl","an"]}}""", "pro"),
        ("""{"var":{"if":[{"var":"yes"},"plan","x"]}}""", "pro"),
        ("""{"var":""}""", "[object Object]"),
        ("""{"var":"$flagd.flagKey"}""", "flag"),
        ("""{"var":"$flagd.timestamp"}""", "1795521600"),
        ("""{"var":"../plan"}""", null),

        // missing, missing_some
        ("""{"missing":["plan","x"]}""", "x"),
        ("""{"missing":["plan","user.name","user.x","y"]}""", "user.x,y"),
        ("""{"missing":{"merge":["plan",{"var":"tags"}]}}""", "a,b"),
        ("""{"missing_some":[1,["plan","x"]]}""", ""),
        ("""{"missing_some":[2,["plan","x","y"]]}""", "x,y"),
        ("""{"missing_some":[2,["plan","x","y","user.name"]]}""", ""),

        // if
        ("""{"if":[{"var":"yes"},"b","a"]}""", "b"),
        ("""{"if":[{"var":"no"},"b","a"]}""", "a"),
        ("""{"if":[{"var":"no"},"b"]}""", null),
        ("""{"if":[{"var":"yes"},{"var":"plan"}]}""", "pro"),
        ("""{"if":[{"var":"no"},"a",{"var":"yes"},"b","c"]}""", "b"),
        ("""{"if":[{"var":"none"},"b","a"]}""", "a"),
        ("""{"if":[{"var":"bare"},"b","a"]}""", "a"),
        ("""{"if":[{"var":"text"},"b","a"]}""", "b"),
        ("""{"?:":[{"var":"zero"},"b","a"]}""", "a"),
        ("""{"if":[]}""", null),

        // comparisons
        ("""{"==":[{"var":"age"},20]}""", "true"),
        ("""{"==":[{"var":"text"},7]}""", "true"),
        ("""{"==":[{"var":"yes"},1]}""", "true"),
        ("""{"==":[{"var":"nil"},null]}""", "true"),
        ("""{"==":[{"var":"age"},"pro"]}""", "error"),
        ("""{"==":[{"var":"age"},{"var":"plan"}]}""", "false"),
        ("""{"==":[{"var":"tags"},"a,b"]}""", "error"),
        ("""{"===":[{"var":"text"},7]}""", "false"),
        ("""{"===":[{"var":"tags"},{"var":"tags"}]}""", "true"),
        ("""{"!=":[{"var":"plan"},"free"]}""", "true"),
        ("""{"!==":[{"var":"age"},"20"]}""", "true"),
        ("""{"<":[{"var":"zero"},{"var":"age"}]}""", "true"),
        ("""{"<":[1,{"var":"age"},30]}""", "true"),
        ("""{"<=":[1,{"var":"age"},19]}""", "false"),
        ("""{">":[{"var":"plan"},"free"]}""", "true"),
        ("""{">=":[{"var":"nil"},0]}""", "true"),
        ("""{">":[{"var":"x"},-1]}""", "true"),

        // logic
        ("""{"and":[{"var":"yes"},{"var":"plan"}]}""", "pro"),
        ("""{"and":[{"var":"zero"},{"var":"plan"}]}""", "0"),
        ("""{"or":[{"var":"none"},{"var":"plan"}]}""", "pro"),
        ("""{"or":[{"var":"nil"},{"var":"zero"}]}""", "0"),
        ("""{"!":[{"var":"none"}]}""", "true"),
        ("""{"!":{"var":"plan"}}""", "false"),
        ("""{"!!":[{"var":"bare"}]}""", "false"),

        // arithmetic
        ("""{"+":[{"var":"age"},"1.5"]}""", "21.5"),
        ("""{"+":[{"var":"text"}]}""", "7"),
        ("""{"+":{"var":"prices"}}""", "12"),
        ("""{"+":[{"var":"plan"},1]}""", "error"),
        ("""{"+":[{"var":"tags"},1]}""", "error"),
        ("""{"+":["x",{"var":"age"}]}""", "fault"),
        ("""{"-":[{"var":"age"},1,2]}""", "17"),
        ("""{"-":[{"var":"age"}]}""", "-20"),
        ("""{"-":{"var":"prices"}}""", "-6"),
        ("""{"*":[{"var":"age"},0.1]}""", "2"),
        ("""{"*":{"var":"prices"}}""", "60"),
        ("""{"/":[{"var":"age"},8]}""", "2.5"),
        ("""{"/":[{"var":"age"},{"var":"zero"}]}""", "error"),
        ("""{"/":[{"var":"age"},0]}""", "fault"),
        ("""{"/":{"var":"prices"}}""", "0.15"),
        ("""{"%":[{"var":"age"},7]}""", "6"),
        ("""{"%":[-5.5,{"var":"prices.0"}]}""", "-2.5"),
        ("""{"+":[0.1,0.2]}""", "0.30000000000000004"),
        ("""{"*":[1e20,10]}""", "1e+21"),
        ("""{"max":[1,{"var":"age"},3]}""", "20"),
        ("""{"min":[{"var":"prices"},1]}""", "error"),
        ("""{"min":{"var":"prices"}}""", "3"),
        ("""{"max":[{"var":"text"},1]}""", "error"),

        // texts
        ("""{"cat":["v",{"var":"age"},"-",{"var":"yes"}]}""", "v20-true"),
        ("""{"cat":["v",{"var":"x"}]}""", "vnull"),
        ("""{"cat":[{"var":"tags"}]}""", "a,b"),
        ("""{"cat":["v-",{"or":[{"var":"x"},{"var":"plan"}]}]}""", null),
        ("""{"substr":[{"var":"plan"},1]}""", "ro"),
        ("""{"substr":[{"var":"plan"},-2,1]}""", "r"),
        ("""{"substr":[{"var":"plan"},0,-1]}""", "pr"),
        ("""{"substr":[{"var":"age"},0,1]}""", "error"),
        ("""{"in":["ro",{"var":"plan"}]}""", "true"),
        ("""{"in":[{"var":"plan"},["free","pro"]]}""", "true"),
        ("""{"in":[20,{"var":"tags"}]}""", "false"),
        ("""{"in":["a",{"var":"x"}]}""", "false"),
        ("""{"in":["a",{"var":"age"}]}""", "error"),
        ("""{"in":["20",{"cat":["1",{"var":"age"}]}]}""", "true"),

        // lists
        ("""{"merge":[{"var":"tags"},"c",["d"]]}""", "a,b,c,d"),
        ("""{"map":[{"var":"prices"},{"*":[{"var":""},2]}]}""", "6,8,10"),
        ("""{"map":[{"var":"tags"},{"var":"../index"}]}""", "0,1"),
        ("""{"map":[{"var":"tags"},{"var":"../../plan"}]}""", "pro,pro"),
        ("""{"map":[{"var":"x"},{"var":""}]}""", ""),
        ("""{"map":[{"var":"plan"},{"var":""}]}""", "error"),
        ("""{"filter":[{"var":"prices"},{">":[{"var":""},3]}]}""", "4,5"),
        ("""{"reduce":[{"var":"prices"},{"+":[{"var":"accumulator"},{"var":"current"}]},0]}""", "12"),
        ("""{"reduce":[{"var":"prices"},{"max":[{"var":"accumulator"},{"var":"current"}]},4]}""", "5"),
        ("""{"reduce":[{"var":"none"},{"var":"current"}]}""", "error"),
        ("""{"reduce":[{"var":"tags"},{"merge":[[["x"]],{"var":"current"}]},[]]}""", "error"),
        ("""{"some":[{"var":"prices"},{">":[{"var":""},4]}]}""", "true"),
        ("""{"all":[{"var":"prices"},{">":[{"var":""},2]}]}""", "true"),
        ("""{"all":[{"var":"none"},{"var":""}]}""", "false"),
        ("""{"none":[{"var":"prices"},{"<":[{"var":""},0]}]}""", "true"),
        ("""{"if":[{"some":[{"var":"plan"},{"==":[{"var":""},"r"]}]},"b"]}""", "b"),

        // flagd's
        ("""{"starts_with":[{"var":"plan"},"pr"]}""", "true"),
        ("""{"starts_with":[{"var":"age"},"2"]}""", null),
        ("""{"ends_with":[{"var":"plan"},"ro"]}""", "true"),
        ("""{"ends_with":[{"var":"plan"}]}""", null),
        ("""{"some":[{"var":"tags"},{"starts_with":[{"var":""},"a"]}]}""", "error"),
        ("""{"sem_ver":[{"var":"version"},">=","1.2"]}""", "true"),
        ("""{"sem_ver":[{"var":"version"},">","1.2.3-rc.1"]}""", "true"),
        ("""{"sem_ver":["1.2.3-alpha.10",">","1.2.3-alpha.9"]}""", "true"),
        ("""{"sem_ver":[{"var":"version"},"^","v1.9.0"]}""", "true"),
        ("""{"sem_ver":[{"var":"version"},"~","1.3.0"]}""", "false"),
        ("""{"sem_ver":[{"var":"version"},"=","1.2.3+build.5"]}""", "true"),
        ("""{"sem_ver":[{"var":"version"},"=>","1.2.3"]}""", null),
        ("""{"sem_ver":[{"var":"plan"},"=","1.2.3"]}""", null),
        ("""{"sem_ver":["2.0.0.0","=",{"var":"version"}]}""", null),
        ("""{"fractional":[["a",50],["b",50]]}""", "b"),
        ("""{"fractional":[{"var":"plan"},["a",10],["b",90]]}""", "b"),
        ("""{"fractional":[{"var":"plan"},["a"],["b"],["c"]]}""", "a"),
        ("""{"fractional":[{"var":"age"},["a",50],["b",50]]}""", null),
        ("""{"fractional":[["a",0]]}""", null),
        ("""{"fractional":[["a",{"-":[{"var":"age"},100]}],["b",1]]}""", "b"),
        ("""{"fractional":[["a","50"],["b",50]]}""", null),
    ];
}
