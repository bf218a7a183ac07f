use super::*;
use crate::message::Attribute;
use std::collections::BTreeMap;

fn body(policy: &str, message: &str) -> bool {
    parse(policy, Scope::MessageBody).unwrap().unwrap().passes_body(message) == Some(true)
}

fn attributes(policy: &str, given: &[(&str, &str, &str)]) -> bool {
    let given: BTreeMap<String, Attribute> = given
        .iter()
        .map(|(name, kind, value)| ((*name).to_owned(), Attribute::of_text(kind, value)))
        .collect();
    parse(policy, Scope::MessageAttributes).unwrap().unwrap().passes_attributes(&given)
}

#[test]
fn bodies_are_judged() {
    let cases: &[(&str, &str, &str)] = &[
        (r#"{"a":["x"]}"#, r#"{"a":"x"}"#, r#"{"a":"y"}"#),
        (r#"{"a":["x","y"]}"#, r#"{"a":"y","b":1}"#, r#"{"b":"x"}"#),
        (r#"{"a":[1]}"#, r#"{"a":1.0}"#, r#"{"a":"1"}"#),
        (r#"{"a":[true]}"#, r#"{"a":true}"#, r#"{"a":"true"}"#),
        (r#"{"a":[null]}"#, r#"{"a":null}"#, "{}"),
        (r#"{"a":[{"prefix":"ab"}]}"#, r#"{"a":"abc"}"#, r#"{"a":"cab"}"#),
        (r#"{"a":[{"suffix":"bc"}]}"#, r#"{"a":"abc"}"#, r#"{"a":"bca"}"#),
        (r#"{"a":[{"equals-ignore-case":"AbC"}]}"#, r#"{"a":"aBc"}"#, r#"{"a":"abcd"}"#),
        (r#"{"a":[{"wildcard":"a*c*"}]}"#, r#"{"a":"abcd"}"#, r#"{"a":"bac"}"#),
        (r#"{"a":[{"anything-but":["x","y"]}]}"#, r#"{"a":"z"}"#, r#"{"a":"x"}"#),
        (r#"{"a":[{"anything-but":["x"]}]}"#, r#"{"a":1}"#, "{}"),
        (r#"{"a":[{"anything-but":{"prefix":["x-","y-"]}}]}"#, r#"{"a":"z-1"}"#, r#"{"a":"y-1"}"#),
        (r#"{"a":[{"anything-but":{"suffix":"-1"}}]}"#, r#"{"a":"z-2"}"#, r#"{"a":"y-1"}"#),
        (r#"{"a":[{"numeric":[">",0,"<=",5]}]}"#, r#"{"a":5}"#, r#"{"a":0}"#),
        (r#"{"a":[{"numeric":["=",1.5]}]}"#, r#"{"a":1.5}"#, r#"{"a":"1.5"}"#),
        (r#"{"a":[{"exists":true}]}"#, r#"{"a":null}"#, "{}"),
        (r#"{"a":[{"exists":false}]}"#, "{}", r#"{"a":1}"#),
        (r#"{"a":[{"cidr":"10.0.0.0/24"}]}"#, r#"{"a":"10.0.0.255"}"#, r#"{"a":"10.0.1.0"}"#),
        (r#"{"a":[{"cidr":"0.0.0.0/0"}]}"#, r#"{"a":"10.0.0.255"}"#, r#"{"a":"::1"}"#),
        (r#"{"a":{"b":["x"]}}"#, r#"{"a":{"b":"x"}}"#, r#"{"a":"x"}"#),
        (r#"{"a":{"b":["x"]}}"#, r#"{"a":[{"b":"y"},{"b":"x"}]}"#, r#"{"a":[{"b":"y"}]}"#),
        (r#"{"a":{"b":[{"exists":false}]}}"#, "{}", r#"{"a":{"b":"x"}}"#),
        (r#"{"a":["x"]}"#, r#"{"a":["y","x"]}"#, r#"{"a":[["x"]]}"#),
        (r#"{"a":["x"],"b":["y"]}"#, r#"{"a":"x","b":"y"}"#, r#"{"a":"x"}"#),
        (r#"{"c":["z"],"$or":[{"a":["x"]},{"b":["y"]}]}"#, r#"{"c":"z","b":"y"}"#, r#"{"a":"x","b":"y"}"#),
        // What the remediation lab subscribes with.
        (
            r#"{"messageType":["ComplianceChangeNotification"],"newEvaluationResult":{"complianceType":["NON_COMPLIANT"]}}"#,
            r#"{"messageType":"ComplianceChangeNotification","newEvaluationResult":{"complianceType":"NON_COMPLIANT"}}"#,
            r#"{"messageType":"ConfigurationItemChangeNotification"}"#,
        ),
    ];
    for (policy, passes, fails) in cases {
        assert!(body(policy, passes), "{policy} lets {passes} through");
        assert!(!body(policy, fails), "{policy} stops {fails}");
    }
    assert!(
        !body(r#"{"a":[{"exists":false}]}"#, "not JSON"),
        "what is no JSON object passes no filter of bodies"
    );
    assert!(!body(r#"{"a":[{"exists":false}]}"#, "[]"));
}

#[test]
fn attributes_are_judged_by_their_type() {
    assert!(attributes(r#"{"store":["shop"]}"#, &[("store", "String", "shop")]));
    assert!(!attributes(r#"{"store":["shop"]}"#, &[]));
    assert!(attributes(r#"{"price":[{"numeric":[">=",100]}]}"#, &[("price", "Number", "100.5")]));
    assert!(!attributes(r#"{"price":[{"numeric":[">=",100]}]}"#, &[("price", "String", "100.5")]));
    assert!(attributes(r#"{"tag":["b"]}"#, &[("tag", "String.Array", r#"["a","b"]"#)]));
    assert!(!attributes(r#"{"tag":["c"]}"#, &[("tag", "String.Array", r#"["a","b"]"#)]));
    assert!(attributes(r#"{"gone":[{"exists":false}]}"#, &[]));
}

#[test]
fn what_is_refused_is_refused_in_aws_s_words() {
    let long: Vec<String> = (0..151).map(|number| format!("\"{number}\"")).collect();
    let long = format!("{{\"a\":[{}]}}", long.join(","));
    let cases: &[(&str, Scope, &str)] = &[
        ("{", Scope::MessageBody, "failed to parse JSON. "),
        (r#"{"a":"x"}"#, Scope::MessageBody, "\"a\" must be an object or an array"),
        (r#"{"a":[["x"]]}"#, Scope::MessageBody, "Match value must be String, number, true, false, or null"),
        (r#"{"a":[{"like":"x"}]}"#, Scope::MessageBody, "Unrecognized match type like"),
        (
            r#"{"a":[{"exists":"x"}]}"#,
            Scope::MessageBody,
            "exists match pattern must be either true or false.",
        ),
        (r#"{"a":[{"numeric":["<","x"]}]}"#, Scope::MessageBody, "Value of < must be numeric"),
        (r#"{"a":[{"numeric":["<"]}]}"#, Scope::MessageBody, "Value of < must be numeric"),
        (r#"{"a":[{"numeric":[">",5,"<",1]}]}"#, Scope::MessageBody, "Bottom must be less than top"),
        (
            r#"{"a":{"b":["x"]}}"#,
            Scope::MessageAttributes,
            "Filter policy scope MessageAttributes does not support nested filter policy",
        ),
        (
            r#"{"a":[1],"b":[1],"c":[1],"d":[1],"e":[1],"f":[1]}"#,
            Scope::MessageAttributes,
            "Filter policy can not have more than 5 keys",
        ),
        (&long, Scope::MessageAttributes, "Filter policy is too complex"),
    ];
    for (policy, scope, sentence) in cases {
        let refused = parse(policy, *scope).unwrap_err();
        assert!(refused.starts_with(sentence), "{policy}: {refused}");
    }
    assert_eq!(parse("{}", Scope::MessageBody), Ok(None));
    let deep = format!("{}[1]{}", r#"{"a":"#.repeat(60), "}".repeat(60));
    assert!(parse(&deep, Scope::MessageBody).is_err());
}
