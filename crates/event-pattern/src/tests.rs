use super::Pattern;
use wire::Document;

fn matches(pattern: &str, event: &str) -> bool {
    Pattern::parse(pattern).unwrap().matches(&Document::parse(event).unwrap())
}

fn refusal(pattern: &str) -> String {
    Pattern::parse(pattern).unwrap_err().to_string()
}

#[test]
fn operators_hold_and_do_not() {
    let event = r#"{"source":"aws.config","n":5,"f":2.50,"b":true,"z":null,"ip":"10.1.2.3",
        "name":"Report final.PDF","list":["a","b"],"detail":{"state":"open","tags":[{"k":"x","v":1},{"k":"y","v":2}]}}"#;
    for pattern in [
        r#"{"source":["x","aws.config"]}"#,
        r#"{"n":[5.0]}"#,
        r#"{"f":[2.5]}"#,
        r#"{"b":[true],"z":[null]}"#,
        r#"{"source":[{"prefix":"aws."}]}"#,
        r#"{"name":[{"suffix":".PDF"}]}"#,
        r#"{"name":[{"suffix":{"equals-ignore-case":".pdf"}}]}"#,
        r#"{"name":[{"prefix":{"equals-ignore-case":"REPORT"}}]}"#,
        r#"{"name":[{"equals-ignore-case":"report FINAL.pdf"}]}"#,
        r#"{"name":[{"wildcard":"Rep*fin*PDF"}]}"#,
        r#"{"n":[{"numeric":[">",0,"<=",5]}]}"#,
        r#"{"n":[{"anything-but":[1,2]}]}"#,
        r#"{"source":[{"anything-but":{"prefix":"my."}}]}"#,
        r#"{"missing":[{"exists":false}],"n":[{"exists":true}]}"#,
        r#"{"ip":[{"cidr":"10.0.0.0/8"}]}"#,
        r#"{"list":["b"]}"#,
        r#"{"detail":{"tags":{"k":["y"],"v":[2]}}}"#,
        r#"{"$or":[{"n":[1]},{"detail":{"state":["open"]}}]}"#,
    ] {
        assert!(matches(pattern, event), "{pattern}");
    }
    for pattern in [
        r#"{"source":["AWS.config"]}"#,
        r#"{"n":["5"]}"#,
        r#"{"b":[false]}"#,
        r#"{"n":[{"numeric":[">",5]}]}"#,
        r#"{"n":[{"anything-but":5}]}"#,
        r#"{"missing":[{"anything-but":"x"}]}"#,
        r#"{"missing":[{"exists":true}]}"#,
        r#"{"ip":[{"cidr":"11.0.0.0/8"}]}"#,
        r#"{"name":[{"wildcard":"Rep*doc"}]}"#,
        // Both conditions must hold of one element.
        r#"{"detail":{"tags":{"k":["y"],"v":[1]}}}"#,
        r#"{"source":["aws.config"],"n":[6]}"#,
        r#"{"$or":[{"n":[1]},{"detail":{"state":["closed"]}}]}"#,
    ] {
        assert!(!matches(pattern, event), "{pattern}");
    }
    assert!(matches(r#"{"a":[{"wildcard":"x\\*y"}]}"#, r#"{"a":"x*y"}"#));
    assert!(!matches(r#"{"a":[{"wildcard":"x\\*y"}]}"#, r#"{"a":"xzy"}"#));
    assert!(Pattern::parse(r#"{"body":{"a":["b"]}}"#).unwrap().wants_object("body"));
    assert!(!Pattern::parse(r#"{"body":["b"]}"#).unwrap().wants_object("body"));
}

#[test]
fn what_is_no_pattern_is_refused_with_the_reason() {
    assert_eq!(refusal("[]"), "Filter is not an object");
    assert_eq!(refusal("{}"), "Empty objects are not allowed");
    assert_eq!(refusal(r#"{"a":"b"}"#), "\"a\" must be an object or an array");
    assert_eq!(refusal(r#"{"a":[]}"#), "Empty arrays are not allowed");
    assert_eq!(refusal(r#"{"a":{}}"#), "Empty objects are not allowed");
    assert_eq!(refusal(r#"{"a":[["b"]]}"#), "Match value must be String, number, true, false, or null");
    assert_eq!(refusal(r#"{"a":[{"regex":"b"}]}"#), "Unrecognized match type regex");
    assert_eq!(refusal(r#"{"a":[{"prefix":"b","suffix":"c"}]}"#), "Only one key allowed in match expression");
    assert_eq!(refusal(r#"{"a":[{"prefix":1}]}"#), "prefix match pattern must be a string");
    assert_eq!(refusal(r#"{"a":[{"exists":"yes"}]}"#), "exists match pattern must be either true or false.");
    assert_eq!(refusal(r#"{"a":[{"numeric":[">",5,"<",1]}]}"#), "Bottom must be less than top");
    assert_eq!(refusal(r#"{"a":[{"numeric":["~",5]}]}"#), "Unrecognized numeric range operator: ~");
    assert_eq!(refusal(r#"{"a":[{"cidr":"10.0.0.0"}]}"#), "Malformed CIDR, one '/' required");
    assert!(refusal("{").starts_with("Event pattern is not valid JSON"));
    let deep = format!("{}{}{}", r#"{"a":"#.repeat(40), "[1]", "}".repeat(40));
    assert_eq!(refusal(&deep), "Event pattern is too deep");
}
