use super::{read, wanted};
use wire::Document;

fn reason(pattern: &str) -> String {
    let error = read(pattern).unwrap_err().to_string();
    let sentence = "InvalidEventPatternException: Event pattern is not valid. Reason: ";
    error.strip_prefix(sentence).unwrap_or_else(|| panic!("{error}")).to_owned()
}

/// Pattern, event, whether they match.
const TABLE: &[(&str, &str, bool)] = &[
    // exact
    (r#"{"a":["x"]}"#, r#"{"a":"x"}"#, true),
    (r#"{"a":["x"]}"#, r#"{"a":"X"}"#, false),
    (r#"{"a":["x","y"]}"#, r#"{"a":"y"}"#, true),
    (r#"{"a":[""]}"#, r#"{"a":""}"#, true),
    (r#"{"a":[""]}"#, r#"{"a":null}"#, false),
    (r#"{"a":[null]}"#, r#"{"a":null}"#, true),
    (r#"{"a":[null]}"#, r#"{"a":""}"#, false),
    (r#"{"a":[null]}"#, "{}", false),
    (r#"{"a":["null"]}"#, r#"{"a":null}"#, false),
    (r#"{"a":[true]}"#, r#"{"a":true}"#, true),
    (r#"{"a":[true]}"#, r#"{"a":"true"}"#, false),
    (r#"{"a":[300]}"#, r#"{"a":300.0}"#, true),
    (r#"{"a":[300]}"#, r#"{"a":3.0e2}"#, true),
    (r#"{"a":[300]}"#, r#"{"a":"300"}"#, false),
    // every key, nested, lists in the event
    (r#"{"a":["x"],"b":["y"]}"#, r#"{"a":"x","b":"z"}"#, false),
    (r#"{"d":{"e":{"f":["x"]}}}"#, r#"{"d":{"e":{"f":"x"}}}"#, true),
    (r#"{"d":{"e":["x"]}}"#, r#"{"d":"x"}"#, false),
    (r#"{"a":["x"]}"#, r#"{"a":["y","x"]}"#, true),
    (r#"{"a":["x"]}"#, r#"{"a":[]}"#, false),
    (r#"{"a":{"b":[1],"c":[2]}}"#, r#"{"a":[{"b":1,"c":2}]}"#, true),
    (r#"{"a":{"b":[1],"c":[2]}}"#, r#"{"a":[{"b":1,"c":3},{"b":4,"c":2}]}"#, false),
    (r#"{"a":["x"]}"#, r#"{"a":{"x":"x"}}"#, false),
    // prefix and suffix
    (r#"{"a":[{"prefix":"us-"}]}"#, r#"{"a":"us-east-1"}"#, true),
    (r#"{"a":[{"prefix":"us-"}]}"#, r#"{"a":"US-east-1"}"#, false),
    (r#"{"a":[{"prefix":"1"}]}"#, r#"{"a":12}"#, false),
    (r#"{"a":[{"prefix":{"equals-ignore-case":"US-"}}]}"#, r#"{"a":"us-east-1"}"#, true),
    (r#"{"a":[{"suffix":".png"}]}"#, r#"{"a":"a.png"}"#, true),
    (r#"{"a":[{"suffix":".png"}]}"#, r#"{"a":"a.png.txt"}"#, false),
    (r#"{"a":[{"suffix":{"equals-ignore-case":".PNG"}}]}"#, r#"{"a":"a.png"}"#, true),
    (r#"{"a":[{"equals-ignore-case":"alice"}]}"#, r#"{"a":"ALICE"}"#, true),
    (r#"{"a":[{"equals-ignore-case":"alice"}]}"#, r#"{"a":"ALICEX"}"#, false),
    // anything but
    (r#"{"a":[{"anything-but":"x"}]}"#, r#"{"a":"y"}"#, true),
    (r#"{"a":[{"anything-but":"x"}]}"#, r#"{"a":"x"}"#, false),
    (r#"{"a":[{"anything-but":"x"}]}"#, "{}", false),
    (r#"{"a":[{"anything-but":["x","y"]}]}"#, r#"{"a":"y"}"#, false),
    (r#"{"a":[{"anything-but":["x","y"]}]}"#, r#"{"a":["x","z"]}"#, true),
    (r#"{"a":[{"anything-but":5}]}"#, r#"{"a":5.0}"#, false),
    (r#"{"a":[{"anything-but":[5,6]}]}"#, r#"{"a":7}"#, true),
    (r#"{"a":[{"anything-but":[5,6]}]}"#, r#"{"a":"5"}"#, true),
    (r#"{"a":[{"anything-but":{"prefix":"init"}}]}"#, r#"{"a":"initial"}"#, false),
    (r#"{"a":[{"anything-but":{"prefix":["a","b"]}}]}"#, r#"{"a":"cab"}"#, true),
    (r#"{"a":[{"anything-but":{"suffix":".txt"}}]}"#, r#"{"a":"a.png"}"#, true),
    (r#"{"a":[{"anything-but":{"suffix":[".txt",".rtf"]}}]}"#, r#"{"a":"a.rtf"}"#, false),
    (r#"{"a":[{"anything-but":{"equals-ignore-case":["X","Y"]}}]}"#, r#"{"a":"y"}"#, false),
    (r#"{"a":[{"anything-but":{"wildcard":"*/lib/*"}}]}"#, r#"{"a":"/usr/lib/x"}"#, false),
    (r#"{"a":[{"anything-but":{"wildcard":"*/lib/*"}}]}"#, r#"{"a":"/usr/bin/x"}"#, true),
    // numeric
    (r#"{"a":[{"numeric":["=",5]}]}"#, r#"{"a":5.0}"#, true),
    (r#"{"a":[{"numeric":[">",0,"<=",5]}]}"#, r#"{"a":5}"#, true),
    (r#"{"a":[{"numeric":[">",0,"<=",5]}]}"#, r#"{"a":0}"#, false),
    (r#"{"a":[{"numeric":[">=",-1.5]}]}"#, r#"{"a":-1.5}"#, true),
    (r#"{"a":[{"numeric":["<",10]}]}"#, r#"{"a":"5"}"#, false),
    (r#"{"a":[{"numeric":["<",10]}]}"#, r#"{"a":[50,5]}"#, true),
    // exists
    (r#"{"a":[{"exists":true}]}"#, r#"{"a":null}"#, true),
    (r#"{"a":[{"exists":true}]}"#, "{}", false),
    (r#"{"a":[{"exists":false}]}"#, "{}", true),
    (r#"{"a":[{"exists":false}]}"#, r#"{"a":1}"#, false),
    (r#"{"d":{"a":[{"exists":false}]}}"#, "{}", true),
    (r#"{"d":{"a":[{"exists":false}],"b":["x"]}}"#, r#"{"d":{"b":"x"}}"#, true),
    (r#"{"a":[{"exists":true}]}"#, r#"{"a":{"b":1}}"#, false),
    (r#"{"a":[{"exists":false},"x"]}"#, r#"{"a":"x"}"#, true),
    (r#"{"a":[{"exists":true}]}"#, r#"{"a":[]}"#, false),
    (r#"{"a":[{"exists":false}]}"#, r#"{"a":[]}"#, true),
    (r#"{"a":[{"exists":true}]}"#, r#"{"a":[{"b":1}]}"#, false),
    (r#"{"a":[{"exists":true}]}"#, r#"{"a":["x"]}"#, true),
    (r#"{"a":["x"]}"#, r#"{"a":[["y"],["x"]]}"#, true),
    // cidr
    (r#"{"a":[{"cidr":"10.0.0.0/24"}]}"#, r#"{"a":"10.0.0.255"}"#, true),
    (r#"{"a":[{"cidr":"10.0.0.0/24"}]}"#, r#"{"a":"10.0.1.0"}"#, false),
    (r#"{"a":[{"cidr":"0.0.0.0/0"}]}"#, r#"{"a":"cloudformation.amazonaws.com"}"#, false),
    (r#"{"a":[{"cidr":"2001:db8::/32"}]}"#, r#"{"a":"2001:db8:1::1"}"#, true),
    // wildcard
    (r#"{"a":[{"wildcard":"dir/*.png"}]}"#, r#"{"a":"dir/a/b.png"}"#, true),
    (r#"{"a":[{"wildcard":"*"}]}"#, r#"{"a":""}"#, true),
    (r#"{"a":[{"wildcard":"a*a"}]}"#, r#"{"a":"a"}"#, false),
    (r#"{"a":[{"wildcard":"a\\*b"}]}"#, r#"{"a":"a*b"}"#, true),
    (r#"{"a":[{"wildcard":"a\\*b"}]}"#, r#"{"a":"axb"}"#, false),
    (r#"{"a":[{"wildcard":"a\\\\b"}]}"#, r#"{"a":"a\\b"}"#, true),
    // $or
    (r#"{"$or":[{"a":["x"]},{"b":["y"]}]}"#, r#"{"b":"y"}"#, true),
    (r#"{"$or":[{"a":["x"]},{"b":["y"]}]}"#, r#"{"a":"y","b":"x"}"#, false),
    (r#"{"c":["z"],"$or":[{"a":["x"]},{"b":["y"]}]}"#, r#"{"a":"x"}"#, false),
    (
        r#"{"d":{"$or":[{"a":[{"numeric":[">",1]}]},{"b":[{"exists":false}]}]}}"#,
        r#"{"d":{"a":0,"b":1}}"#,
        false,
    ),
    (r#"{"d":{"$or":[{"a":[{"numeric":[">",1]}]},{"b":[{"exists":false}]}]}}"#, r#"{"d":{"a":0}}"#, true),
];

#[test]
fn events_match_or_do_not() {
    for (pattern, event, expected) in TABLE {
        let read = read(pattern).unwrap_or_else(|error| panic!("{pattern}: {error}"));
        assert_eq!(read.matches(&Document::parse(event).unwrap()), *expected, "{pattern} and {event}");
    }
}

#[test]
fn refusals_are_worded_as_aws_words_them() {
    for (pattern, expected) in [
        ("", "Invalid JSON"),
        ("{", "Invalid JSON"),
        ("[]", "Filter is not an object"),
        (r#""a""#, "Filter is not an object"),
        ("{}", "Empty objects are not allowed"),
        (r#"{"a":{}}"#, "Empty objects are not allowed"),
        (r#"{"a":[]}"#, "Empty arrays are not allowed"),
        (r#"{"source":"aws.ec2"}"#, "\"source\" must be an object or an array"),
        (r#"{"a":[["x"]]}"#, "Match value must be String, number, true, false, or null"),
        (r#"{"a":[{"regex":"x"}]}"#, "Unrecognized match type regex"),
        (r#"{"a":[{"prefix":"x","suffix":"y"}]}"#, "Only one key allowed in match expression"),
        (r#"{"a":[{"prefix":5}]}"#, "prefix match pattern must be a string"),
        (r#"{"a":[{"exists":"true"}]}"#, "exists match pattern must be either true or false."),
        (r#"{"a":[{"numeric":[">",5,"<",5]}]}"#, "Bottom must be less than top"),
        (r#"{"a":[{"numeric":["!",5]}]}"#, "Unrecognized numeric range operator: !"),
        (r#"{"a":[{"numeric":5}]}"#, "Value of numeric must be an array."),
        (r#"{"a":[{"cidr":"10.0.0.0"}]}"#, "Malformed CIDR, one '/' required"),
        (r#"{"a":[{"wildcard":"a**b"}]}"#, "Consecutive wildcard characters at pos 1"),
        (r#"{"a":[{"wildcard":"a\\b"}]}"#, "Invalid escape character at pos 1"),
        (r#"{"a":[{"anything-but":{"wildcard":["x","a**"]}}]}"#, "Consecutive wildcard characters at pos 1"),
    ] {
        assert_eq!(reason(pattern), expected, "{pattern}");
    }
    let many = format!(r#"{{"a":[{{"wildcard":"{}"}}]}}"#, "*a".repeat(31));
    assert!(reason(&many).starts_with("Rule is too complex - try using fewer wildcard characters"));
    let values: Vec<String> = (0..40).map(|number| number.to_string()).collect();
    let list = values.join(",");
    let product = format!(r#"{{"a":[{list}],"$or":[{{"b":[{list}]}},{{"c":[1]}}]}}"#);
    assert!(reason(&product).starts_with("Rule is too complex"), "40 times 41 combinations");
    read(&format!(r#"{{"a":[{list}],"b":[{list}]}}"#)).unwrap();
}

#[test]
fn what_a_pattern_wants_of_a_key_is_told() {
    let pattern = r#"{"source":["aws.ec2",{"prefix":"x"}],"detail":{"userIdentity":{"principalId":["p"]}}}"#;
    assert_eq!(wanted(Some(pattern), &["source"]), ["aws.ec2"]);
    assert_eq!(wanted(Some(pattern), &["detail", "userIdentity", "principalId"]), ["p"]);
    assert!(wanted(Some(pattern), &["detail-type"]).is_empty());
    assert!(wanted(None, &["source"]).is_empty());
}
