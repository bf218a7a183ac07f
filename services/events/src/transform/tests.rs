use super::template::Refused;
use super::{Filled, Path, Template};
use std::collections::BTreeMap;
use wire::Document;

const EVENT: &str = r#"{
    "source": "aws.ec2", "resources": ["arn:aws:ec2:us-east-1:111122223333:instance/i-1", "second"],
    "detail": {"instance-id": "i-0123", "state": "RUNNING", "n": 5, "list": [{"name": "a"}, {"name": "b"}],
               "deep": {"a b": {"x/y": true}}, "said": "he said \"no\"\n", "nothing": null}
}"#;

fn event() -> Document {
    Document::parse(EVENT).unwrap()
}

#[test]
fn paths_find_parts_of_an_event() {
    for (path, expected) in [
        ("$.source", Some(r#""aws.ec2""#)),
        ("$.detail.instance-id", Some(r#""i-0123""#)),
        ("$.detail['instance-id']", Some(r#""i-0123""#)),
        ("$['detail']['n']", Some("5")),
        ("$.detail[\"n\"]", Some("5")),
        ("$.resources[1]", Some(r#""second""#)),
        ("$.resources[2]", None),
        ("$.detail.list[0].name", Some(r#""a""#)),
        ("$.detail.list[*].name", Some(r#"["a","b"]"#)),
        ("$.detail.list[*].gone", Some("[]")),
        ("$.detail.list", Some(r#"[{"name":"a"},{"name":"b"}]"#)),
        ("$.detail.deep['a b']['x/y']", Some("true")),
        ("$.detail.deep['a b'].x/y", Some("true")),
        ("$.detail.nothing", Some("null")),
        ("$.detail.gone", None),
        ("$.source.deeper", None),
    ] {
        let found = Path::read(path).unwrap().find(&event()).map(|value| value.to_string());
        assert_eq!(found.as_deref(), expected, "{path}");
    }
    assert_eq!(Path::read("$").unwrap().find(&event()), Some(event()));
    for wrong in [
        "",
        "detail",
        "$detail",
        "$.",
        "$..a",
        "$.a.",
        "$.a[",
        "$.a[x]",
        "$.a[-1]",
        "$.a['b'",
        "$.a[1:2]",
        "$.a[?(@.b)]",
        "$.a b",
    ] {
        assert_eq!(Path::read(wrong), None, "{wrong}");
    }
}

fn paths() -> BTreeMap<String, String> {
    [
        ("instance", "$.detail.instance-id"),
        ("state", "$.detail.state"),
        ("n", "$.detail.n"),
        ("list", "$.detail.list"),
        ("said", "$.detail.said"),
        ("gone", "$.detail.gone"),
        ("nothing", "$.detail.nothing"),
    ]
    .map(|(name, path)| (name.to_owned(), path.to_owned()))
    .into()
}

fn filled() -> Filled {
    let mut filled: Filled = paths()
        .into_iter()
        .filter_map(|(name, path)| Path::read(&path).unwrap().find(&event()).map(|value| (name, value)))
        .collect();
    filled.insert("aws.events.rule-name".into(), "rule".into());
    filled
}

#[test]
fn templates_are_filled_as_aws_fills_them() {
    for (template, expected) in [
        (r#""<instance> is in state <state>""#, r#""i-0123 is in state RUNNING""#),
        (r#""<instance> is in state \"<state>\"""#, r#""i-0123 is in state \"RUNNING\"""#),
        (r#"{"instance": <instance>, "n": <n>}"#, r#"{"instance": "i-0123", "n": 5}"#),
        (r#"{"text": "<instance>", "n": "<n>"}"#, r#"{"text": "i-0123", "n": "5"}"#),
        (r#"{"list": <list>}"#, r#"{"list": [{"name":"a"},{"name":"b"}]}"#),
        (r#"{"list": "<list>"}"#, r#"{"list": "[{name:a},{name:b}]"}"#),
        (r#"{"said": <said>}"#, r#"{"said": "he said \"no\"\n"}"#),
        (r#"{"said": "<said>"}"#, r#"{"said": "he said \"no\"\n"}"#),
        (r#"{"a": <gone>, "b": "x<gone>y"}"#, r#"{"a": "", "b": "xy"}"#),
        (r#"{"a": <nothing>}"#, r#"{"a": null}"#),
        ("<list>", r#"[{"name":"a"},{"name":"b"}]"#),
        ("<instance>", r#""i-0123""#),
        ("\"one <n>\"\n\"two <state>\"", "\"one 5\"\n\"two RUNNING\""),
        (r#"{"a": "1 < 2 and <aws.events.rule-name>"}"#, r#"{"a": "1 < 2 and rule"}"#),
        (r#"{"escaped \" <n>": [<n>, "\\<n>"]}"#, r#"{"escaped \" 5": [5, "\\5"]}"#),
    ] {
        let read = Template::read(template);
        assert_eq!(read.check(&paths()), Ok(()), "{template}");
        assert_eq!(read.fill(&filled()).as_deref(), Some(expected), "{template}");
    }
}

#[test]
fn a_template_does_not_multiply_a_large_event_without_end() {
    let template = format!("[{}0]", "<aws.events.event.json>,".repeat(300));
    let read = Template::read(&template);
    assert_eq!(read.check(&paths()), Ok(()));
    let of = |size: usize| [("aws.events.event.json".to_owned(), Document::from("x".repeat(size)))].into();
    assert_eq!(read.fill(&of(1 << 20)), None);
    assert!(read.fill(&of(1 << 10)).is_some());
}

#[test]
fn what_is_no_template_is_refused() {
    let refusal = |template: &str| Template::read(template).check(&paths()).unwrap_err();
    assert_eq!(refusal(r#"{"a": <other>}"#), Refused::Placeholder("other".into()));
    assert_eq!(refusal("\"<aws.events.other>\""), Refused::Placeholder("aws.events.other".into()));
    for wrong in ["<instance> is <state>", "{", r#"{"a": }"#, r#"{<n>: 1}"#, "", "text", r#"{"a": <n>"#] {
        assert!(matches!(refusal(wrong), Refused::Json(..)), "{wrong}");
    }
}
