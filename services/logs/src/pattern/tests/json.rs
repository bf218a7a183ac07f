use super::*;

const TRAIL: &str = r#"{
    "eventType": "UpdateTrail", "sourceIPAddress": "111.111.111.111", "arrayKey": ["value", "another value"],
    "objectList": [{"name": "a", "id": 1}, {"name": "b", "id": 2}],
    "SomeObject": null, "cluster.name": "c", "ThisFlag": true, "OtherFlag": false, "latency": 503.5, "code": 404,
    "number": [1000], "escaped": "say \"no\"", "empty": {}, "big": 9007199254740993, "text-404": "404"
}"#;

#[test]
fn json_texts_and_numbers() {
    for yes in [
        r#"{ $.eventType = "UpdateTrail" }"#,
        "{$.eventType=UpdateTrail}",
        "{ $.eventType = Update* }",
        "{ $.eventType = *Trail }",
        r#"{ $.eventType = "*ateTr*" }"#,
        "{ $.eventType = * }",
        "{ $.sourceIPAddress != 123.123.* }",
        "{ $.sourceIPAddress = 111.111.111.111 }",
        r#"{ $.sourceIPAddress = "111*" }"#,
        r#"{ $.sourceIPAddress != "111*111" }"#,
        r#"{ $.arrayKey[0] = "value" }"#,
        "{ $.objectList[1].id = 2 }",
        "{ $.eventType = %Trail% }",
        "{ $.arrayKey[*] = %val.{2}% }",
        r"{ $.* = %111\.111\.111\.1[0-9]{1,2}% }",
        "{ $.objectList[*].name = b }",
        "{ $.['cluster.name'] = \"c\" }",
        r#"{ $["cluster.name"] = c }"#,
        "{ $.text-404 = 404 }",
        "{ $.latency > 75 }",
        "{ $.latency < 504 }",
        "{ $.latency >= 503.5 }",
        "{ $.latency <= +503.5 }",
        "{ $.code = 404}",
        "{ $.code = 404.0 }",
        "{ $.code = 4* }",
        r#"{ $.code = "404" }"#,
        r#"{ $.code != "404.0" }"#,
        "{ $.code != 500 }",
        "{ $.number[0] = 1e+3 }",
        "{ $.number[0] != 1e-3 }",
        "{ $.number[0] > -5 }",
        "{ $.big = 9007199254740993 }",
        "{ $.big != 9007199254740992 }",
        r#"{ $.escaped = "say \"no\"" }"#,
    ] {
        assert!(selects(yes, TRAIL), "{yes}");
        assert!(!selects(yes, "eventType UpdateTrail"), "{yes}: only JSON is selected");
        assert!(!selects(yes, &format!("INFO {TRAIL}")), "{yes}: the whole message must be JSON");
    }
    for no in [
        "{ $.eventType = updatetrail }",
        "{ $.eventType = Up*Trail }",
        "{ $.eventType > 5 }",
        "{ $.text-404 > 5 }",
        "{ $.missing = x }",
        "{ $.missing != x }",
        "{ $.arrayKey = value }",
        "{ $.arrayKey != value }",
        "{ $.empty != value }",
        "{ $.SomeObject != value }",
        "{ $.ThisFlag = true }",
        "{ $.arrayKey[2] != value }",
        "{ $.eventType[0] != value }",
        "{ $.cluster.name = c }",
        "{ $.code != 404 }",
    ] {
        assert!(!selects(no, TRAIL), "{no}");
    }
}

#[test]
fn json_states() {
    for (text, expected) in [
        ("{ $.SomeObject IS NULL }", true),
        ("{ $.missing IS NULL }", false),
        ("{ $.eventType IS NULL }", false),
        ("{ $.ThisFlag IS TRUE }", true),
        ("{ $.ThisFlag IS FALSE }", false),
        ("{ $.OtherFlag is false }", true),
        ("{ $.SomeOtherObject NOT EXISTS }", true),
        ("{ $.SomeObject NOT EXISTS }", false),
        ("{ $.objectList[*].missing NOT EXISTS }", true),
        ("{ $.arrayKey[5] NOT EXISTS }", true),
    ] {
        assert_eq!(selects(text, TRAIL), expected, "{text}");
    }
    for wrong in
        ["{ $.a EXISTS }", "{ $.a IS NOT NULL }", "{ $.a NOT NULL }", "{ $.a ISNULL }", "{ $.a IS NULLS }"]
    {
        assert_eq!(invalid(wrong), InvalidPattern::Syntax, "{wrong}");
    }
}

#[test]
fn json_conditions_are_joined() {
    let event = r#"{"user": {"id": 1, "email": "John.Stiles@example.com"}, "users": [{"id": 2, "email": "John.Doe@example.com"},
        {"id": 3, "email": "Jane.Doe@example.com"}], "actions": ["GET", "PUT", "DELETE"], "coordinates": [[0, 1, 2], [4, 5, 6]]}"#;
    for (text, expected) in [
        (r#"{ ($.user.id = 1) && ($.users[0].email = "John.Doe@example.com") }"#, true),
        (r#"{ ($.user.id = 2 && $.users[0].email = "nonmatch") || $.actions[2] = "GET" }"#, false),
        (
            r#"{ $.user.email = "John.Stiles@example.com" || $.coordinates[0][1] = nonmatch && $.actions[2] = nomatch }"#,
            true,
        ),
        (
            r#"{ ($.user.email = "John.Stiles@example.com" || $.coordinates[0][1] = nonmatch) && $.actions[2] = nomatch }"#,
            false,
        ),
        ("{($.user.id=1)&&(($.coordinates[1][2]=6)||($.actions[0]=PUT))}", true),
    ] {
        assert_eq!(selects(text, event), expected, "{text}");
    }
    let root = r#"{ $.userIdentity.type = "Root" && $.userIdentity.invokedBy NOT EXISTS && $.eventType != "AwsServiceEvent" }"#;
    assert!(selects(root, r#"{"userIdentity": {"type": "Root"}, "eventType": "AwsApiCall"}"#));
    assert!(!selects(
        root,
        r#"{"userIdentity": {"type": "Root", "invokedBy": "x"}, "eventType": "AwsApiCall"}"#
    ));
}

#[test]
fn json_that_is_none() {
    assert_eq!(invalid(r#"{ $.a >= "123" }"#), characters("\"123\""));
    assert_eq!(invalid("{ $.a > some }"), characters("some"));
    assert_eq!(invalid("{ $.a < %x% }"), characters("%"));
    assert_eq!(invalid(r#"{ $."sc-status" = 5* }"#), characters("$.\""));
    assert_eq!(invalid("{ $.a = b@c }"), InvalidPattern::Syntax);
    assert_eq!(invalid("{ $.a = @c }"), characters("@"));
    for wrong in [
        "{",
        "{}",
        "{ $.a }",
        "{ a = 1 }x",
        "{ $.a = 1",
        "{ $.a = 1 } x",
        "{ $.a = }x",
        "{ $.a = 1 && }",
        "{ ($.a = 1 }",
        "{ $.a = 1) }",
        "{ $.a = 1 $.b = 2 }",
        "{ $ = 1 }",
        "{ $[0] = 1 }",
        "{ $.a.[0] = 1 }",
        "{ $.a[99999999999999999999] = 1 }",
        "{ $.a[*].b[*] = 1 }",
        "{ $.a[*] = 1 || $.b[*] = 1 || $.c[*] = 1 || $.* = 1 }",
        "{ $.a = %x% || $.b = %y% || $.c = %z% }",
        "{ $.a = \"open }",
    ] {
        Pattern::parse(wrong).expect_err(wrong);
    }
    let deep = format!("{{ {}$.a = 1{} }}", "(".repeat(65), ")".repeat(65));
    assert_eq!(invalid(&deep), InvalidPattern::Syntax);
    assert_eq!(invalid(&"a".repeat(1025)), InvalidPattern::Syntax);
    assert!(Pattern::parse(&"é".repeat(1024)).is_ok(), "characters count, not bytes");
}
