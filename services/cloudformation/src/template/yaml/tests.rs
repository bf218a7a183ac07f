use super::*;

fn json(text: &str) -> String {
    parse(text).unwrap().to_string()
}

fn error(text: &str) -> String {
    parse(text).unwrap_err().to_string()
}

#[test]
fn scalars_stay_what_was_written() {
    for text in [
        "012345678901",
        "000000000001",
        "0o17",
        "0x1F",
        "1_000",
        "1.10",
        "1e3",
        "+5",
        "-0",
        ".5",
        "1.",
        "yes",
        "no",
        "Yes",
        "on",
        "off",
        "y",
        "2010-09-09",
        "2012-10-17",
        "2001-12-14t21:59:43.10-05:00",
        "12:30:45",
        "10.0.0.0/16",
        "99999999999999999999",
        ".inf",
        ".nan",
        "us-east-1",
        "0777",
    ] {
        assert_eq!(parse(&format!("a: {text}")).unwrap().get("a"), Some(&Document::from(text)), "{text}");
    }
    assert_eq!(
        json("[1, -7, 0, 123456789012, 1.5, true, False, ~, null, '1', \"true\"]"),
        r#"[1,-7,0,123456789012,1.5,true,false,null,null,"1","true"]"#
    );
    assert_eq!(json("a: !!str 1\nb: !!int 2\nc: ! 3\nd: |\n  4\n"), r#"{"a":"1","b":2,"c":"3","d":"4\n"}"#);
}

#[test]
fn short_tags_are_their_long_forms() {
    for (short, long) in [
        ("!Ref Env", r#"{"Ref":"Env"}"#),
        ("!Ref \"AWS::Region\"", r#"{"Ref":"AWS::Region"}"#),
        ("!Condition IsProd", r#"{"Condition":"IsProd"}"#),
        ("!GetAtt Bucket.Arn", r#"{"Fn::GetAtt":["Bucket","Arn"]}"#),
        ("!GetAtt Db.Endpoint.Address", r#"{"Fn::GetAtt":["Db","Endpoint.Address"]}"#),
        ("!GetAtt [Bucket, Arn]", r#"{"Fn::GetAtt":["Bucket","Arn"]}"#),
        ("!GetAtt Bucket", r#"{"Fn::GetAtt":"Bucket"}"#),
        ("!Sub '${AWS::StackName}-x'", r#"{"Fn::Sub":"${AWS::StackName}-x"}"#),
        ("!Sub ['${A}', {A: !Ref B}]", r#"{"Fn::Sub":["${A}",{"A":{"Ref":"B"}}]}"#),
        ("!Join ['-', [a, !Ref B]]", r#"{"Fn::Join":["-",["a",{"Ref":"B"}]]}"#),
        ("!If [C, !Ref A, !Ref AWS::NoValue]", r#"{"Fn::If":["C",{"Ref":"A"},{"Ref":"AWS::NoValue"}]}"#),
        ("!Select [0, !GetAZs '']", r#"{"Fn::Select":[0,{"Fn::GetAZs":""}]}"#),
        ("!GetAZs", r#"{"Fn::GetAZs":""}"#),
        ("!Split [',', 'a,b']", r#"{"Fn::Split":[",","a,b"]}"#),
        ("!FindInMap [M, a, b]", r#"{"Fn::FindInMap":["M","a","b"]}"#),
        ("!ImportValue vpc", r#"{"Fn::ImportValue":"vpc"}"#),
        ("!ImportValue {'Fn::Sub': '${N}-id'}", r#"{"Fn::ImportValue":{"Fn::Sub":"${N}-id"}}"#),
        ("!Base64 123", r#"{"Fn::Base64":"123"}"#),
        ("!Cidr [10.0.0.0/16, 6, 8]", r#"{"Fn::Cidr":["10.0.0.0/16",6,8]}"#),
        ("!Not [!Equals [a, b]]", r#"{"Fn::Not":[{"Fn::Equals":["a","b"]}]}"#),
        (
            "!And [!Condition A, !Or [!Condition B, !Condition C]]",
            r#"{"Fn::And":[{"Condition":"A"},{"Fn::Or":[{"Condition":"B"},{"Condition":"C"}]}]}"#,
        ),
        ("!Transform {Name: 'AWS::Include'}", r#"{"Fn::Transform":{"Name":"AWS::Include"}}"#),
        ("!ToJsonString {a: 1}", r#"{"Fn::ToJsonString":{"a":1}}"#),
        ("!Length [1, 2]", r#"{"Fn::Length":[1,2]}"#),
        ("!Contains [[a], a]", r#"{"Fn::Contains":[["a"],"a"]}"#),
    ] {
        assert_eq!(json(&format!("v: {short}")), format!("{{\"v\":{long}}}"), "{short}");
    }
}

#[test]
fn blocks() {
    let text = "P: !Join\n  - ''\n  - - !Ref Prefix\n    - !Sub\n      - '${X}'\n      - X: !Select\n          - 1\n          - a\n";
    assert_eq!(
        json(text),
        r#"{"P":{"Fn::Join":["",[{"Ref":"Prefix"},{"Fn::Sub":["${X}",{"X":{"Fn::Select":[1,"a"]}}]}]]}}"#
    );
    assert_eq!(
        json(
            "code: |\n  import json\n  # not a comment\n  def f():\n    return {'a': 1}\nnext: >-\n  two\n  words\n"
        ),
        r##"{"code":"import json\n# not a comment\ndef f():\n  return {'a': 1}\n","next":"two words"}"##
    );
    assert_eq!(json("\u{feff}a: b\r\nc: d\r\n"), r#"{"a":"b","c":"d"}"#);
    assert_eq!(json("---\na: b\n...\n"), r#"{"a":"b"}"#);
    assert_eq!(json("# only a comment\n"), "null");
    assert_eq!(json(""), "null");
}

#[test]
fn errors_say_where() {
    for (text, expected) in [
        ("a: [1, 2\nb: 3", "YAML not well-formed. (line 2, column 2)"),
        ("Resources:\n  B:\n    Type: X\n   Properties: {}\n", "YAML not well-formed. (line 4, column 4)"),
        (
            "Resources:\n  B:\n    Type: X\n    Properties:\n      Arn: !GetAttr B.Arn\n",
            "YAML not well-formed. (line 5, column 12)",
        ),
        ("Resources:\n  A: {Type: X}\n  A: {Type: Y}\n", "YAML not well-formed. (line 3, column 3)"),
        ("a: 1\n---\nb: 2\n", "YAML not well-formed. (line 2, column 1)"),
        ("a: !!binary aGk=\n", "YAML not well-formed. (line 1, column 4)"),
        ("a: !!timestamp 2010-09-09\n", "YAML not well-formed. (line 1, column 4)"),
        ("a: !Nonsense {b: c}\n", "YAML not well-formed. (line 1, column 4)"),
        ("a: !!map x\n", "YAML not well-formed. (line 1, column 4)"),
        ("Resources:\n\tA: 1\n", "YAML not well-formed. (line 2, column 2)"),
        (
            "Mappings:\n  M:\n    123456789012: {a: b}\n",
            "[/Mappings/M] map keys must be strings; received numeric [123456789012] instead",
        ),
        ("a:\n  true: b\n", "[/a] map keys must be strings; received boolean [true] instead"),
        ("a:\n  - {!Sub x: y}\n", "[/a/0] map keys must be strings; received a map instead"),
        ("a:\n  ? [b]\n  : c\n", "[/a] map keys must be strings; received a list instead"),
        ("a:\n  ? {b: c}\n  : c\n", "[/a] map keys must be strings; received a map instead"),
    ] {
        assert_eq!(error(text), format!("Template format error: {expected}"), "{text}");
    }
    assert_eq!(
        error("a: &x 1\nb: *x\n"),
        "Template error: YAML aliases are not allowed in CloudFormation templates"
    );
    assert!(parse("a: &x 1\nb: 2\n").is_ok(), "an anchor alone does no harm");
}

#[test]
fn leading_zero_names_stay_names() {
    assert_eq!(json("012345678901: a\nyes: b\n'1': c\n"), r#"{"012345678901":"a","yes":"b","1":"c"}"#);
}

#[test]
fn depth_is_limited() {
    assert!(error(&"[".repeat(100_000)).starts_with("Template format error: YAML not well-formed."));
    assert!(error(&"- ".repeat(20_000)).starts_with("Template format error: YAML not well-formed."));
    assert!(
        error(&format!("{}1", "{a: ".repeat(50_000)))
            .starts_with("Template format error: YAML not well-formed.")
    );
    assert!(parse(&format!("{}{}", "[".repeat(100), "]".repeat(100))).is_ok());
}
