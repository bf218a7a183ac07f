//! The examples of AWS's page on filter patterns, in other words, and what is no pattern.

use super::{InvalidPattern, Pattern};
use proptest::prelude::*;

fn pattern(text: &str) -> Pattern {
    Pattern::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"))
}

fn selects(text: &str, message: &str) -> bool {
    pattern(text).matches(message)
}

fn selected<'m>(text: &str, messages: &[&'m str]) -> Vec<&'m str> {
    let pattern = pattern(text);
    messages.iter().copied().filter(|message| pattern.matches(message)).collect()
}

fn invalid(text: &str) -> InvalidPattern {
    Pattern::parse(text).err().unwrap_or_else(|| panic!("{text} is a pattern"))
}

fn characters(text: &str) -> InvalidPattern {
    InvalidPattern::Characters(text.into())
}

const ERRORS: [&str; 4] = [
    "[ERROR 400] BAD REQUEST",
    "[ERROR 401] UNAUTHORIZED REQUEST",
    "[ERROR 419] MISSING ARGUMENTS",
    "[ERROR 420] INVALID ARGUMENTS",
];

#[test]
fn terms_must_all_be_there() {
    assert_eq!(selected("", &ERRORS), ERRORS);
    assert_eq!(selected("  ", &ERRORS), ERRORS);
    assert_eq!(selected("\" \"", &["", "x"]), ["", "x"]);
    assert_eq!(selected("ERROR", &ERRORS), ERRORS);
    assert_eq!(selected("error", &ERRORS), [""; 0], "the case of letters counts");
    assert_eq!(selected("ERROR ARGUMENTS", &ERRORS), ERRORS[2..]);
    assert_eq!(selected("ARGUMENTS ERROR", &ERRORS), ERRORS[2..], "in any order");
    assert!(selects("revoking for", "for sg-1: revoking port 22"));
    assert!(selects("ERROR", "Exiting with ERRORCODE: -1"), "a part of a word is enough");
}

#[test]
fn phrases_are_exact() {
    let message = "[ERROR 500] INTERNAL SERVER ERROR";
    assert!(selects("\"INTERNAL SERVER ERROR\"", message));
    assert!(!selects("\"SERVER INTERNAL ERROR\"", message));
    assert!(selects(r#""said \"no\" to C:\\x""#, r#"she said "no" to C:\x and left"#));
    assert!(selects("\"revoking for\"", "INFO revoking for sg-1: tcp/22"));
    assert!(!selects("\"revoking for\"", "for sg-1: revoking"));
}

#[test]
fn terms_may_be_excluded() {
    assert_eq!(selected("ERROR -ARGUMENTS", &ERRORS), ERRORS[..2]);
    assert_eq!(selected("-\"BAD REQUEST\" -ARGUMENTS", &ERRORS), [ERRORS[1]]);
}

#[test]
fn optional_terms_count_only_among_themselves() {
    let events = ["ERROR WARN message", "ERROR message", "WARN message", "INFO message"];
    assert_eq!(selected("?ERROR ?WARN", &events), events[..3]);
    let requests = ["[INFO] REQUEST FAILED", "[WARN] UNAUTHORIZED REQUEST", "[ERROR] 400 BAD REQUEST", "[ERROR] ARGUMENTS"];
    assert_eq!(selected("?ERROR ?ARGUMENTS REQUEST", &requests), requests[..3]);
    assert_eq!(selected("?message -ERROR", &events), events[2..]);
}

#[test]
fn terms_that_must_be_quoted() {
    assert_eq!(invalid("?Status: timeout"), characters(":"));
    assert_eq!(invalid("(start"), characters("("));
    assert_eq!(invalid("a,b"), characters(","));
    assert_eq!(invalid("`x`"), characters("`"));
    assert_eq!(invalid("\"\""), characters("\"\""));
    assert_eq!(invalid("a -"), InvalidPattern::Syntax);
    assert_eq!(invalid("\"open"), InvalidPattern::Syntax);
    assert_eq!(invalid(":").to_string(), "Invalid character(s) in term ':'");
    assert_eq!(invalid("-").to_string(), "Invalid filter pattern");
}

#[test]
fn regular_expressions() {
    let requests = ["[ERROR 401] UNAUTHORIZED REQUEST", "[SUCCESS 200] AUTHORIZED REQUEST", "[INFO] hello"];
    assert_eq!(selected("%AUTHORIZED%", &requests), requests[..2]);
    for (regex, yes, no) in [
        ("%^[hc]at%", "hat on", "the hat"),
        ("%[hc]at$%", "the cat", "cat on"),
        ("%colou?r%", "color", "colouur"),
        ("%[abcx-z]%", "y", "d"),
        ("%^a{3,5}$%", "aaaa", "aaaaaa"),
        ("%^a{,2}$%", "aa", "aaa"),
        ("%^a{2,}$%", "aaaa", "a"),
        ("%gra|ey%", "grey", "gry"),
        ("%^starting|^initializing|^shutting down%", "shutting down now", "skipping initializing"),
        ("%abcc|ab[^c]$%", "aba", "aac"),
        (r"%\[.\]%", "[7]", "[]"),
        (r"%10\.10\.0\.1%", "from 10.10.0.1", "from 10010,051"),
        ("%10.10.0.1%", "from 10010,051", "from 1010"),
        ("%^ab*c$%", "ac", "adc"),
        ("%^ab+c$%", "abbc", "ac"),
        ("%.at%", " at", "at"),
        (r"%^\d+$%", "129", "12a"),
        (r"%^\D+$%", "abc", "ab1"),
        (r"%a\sb%", "a\tb", "a_b"),
        (r"%^\S+$%", "ab", "a b"),
        (r"%^\w+$%", "a_1", "a-1"),
        (r"%\W%", "a-b", "a_b"),
        (r"%\x3A%", "a:b", "ab"),
        (r"%\x28%", "f(x)", "f x"),
        ("%a:b_c#d=e@f/g;h,i-j%", "a:b_c#d=e@f/g;h,i-j", "a:b"),
    ] {
        assert!(selects(regex, yes), "{regex} selects {yes}");
        assert!(!selects(regex, no), "{regex} does not select {no}");
    }
    for wrong in ["%something!%", "%(a)%", "%é%", "%a", r"%\x3%", r"%\b%", "%[a%", "%a{2,1}%", "%*%", r"%a\%", "%a{900}{900}{900}%"] {
        assert_eq!(invalid(wrong), InvalidPattern::Syntax, "{wrong}");
    }
}

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
    for wrong in ["{ $.a EXISTS }", "{ $.a IS NOT NULL }", "{ $.a NOT NULL }", "{ $.a ISNULL }", "{ $.a IS NULLS }"] {
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
        (r#"{ $.user.email = "John.Stiles@example.com" || $.coordinates[0][1] = nonmatch && $.actions[2] = nomatch }"#, true),
        (r#"{ ($.user.email = "John.Stiles@example.com" || $.coordinates[0][1] = nonmatch) && $.actions[2] = nomatch }"#, false),
        ("{($.user.id=1)&&(($.coordinates[1][2]=6)||($.actions[0]=PUT))}", true),
    ] {
        assert_eq!(selects(text, event), expected, "{text}");
    }
    let root = r#"{ $.userIdentity.type = "Root" && $.userIdentity.invokedBy NOT EXISTS && $.eventType != "AwsServiceEvent" }"#;
    assert!(selects(root, r#"{"userIdentity": {"type": "Root"}, "eventType": "AwsApiCall"}"#));
    assert!(!selects(root, r#"{"userIdentity": {"type": "Root", "invokedBy": "x"}, "eventType": "AwsApiCall"}"#));
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
        "{", "{}", "{ $.a }", "{ a = 1 }x", "{ $.a = 1", "{ $.a = 1 } x", "{ $.a = }x", "{ $.a = 1 && }", "{ ($.a = 1 }",
        "{ $.a = 1) }", "{ $.a = 1 $.b = 2 }", "{ $ = 1 }", "{ $[0] = 1 }", "{ $.a.[0] = 1 }", "{ $.a[99999999999999999999] = 1 }",
        "{ $.a[*].b[*] = 1 }", "{ $.a[*] = 1 || $.b[*] = 1 || $.c[*] = 1 || $.* = 1 }", "{ $.a = %x% || $.b = %y% || $.c = %z% }",
        "{ $.a = \"open }",
    ] {
        Pattern::parse(wrong).expect_err(wrong);
    }
    let deep = format!("{{ {}$.a = 1{} }}", "(".repeat(65), ")".repeat(65));
    assert_eq!(invalid(&deep), InvalidPattern::Syntax);
    assert_eq!(invalid(&"a".repeat(1025)), InvalidPattern::Syntax);
    assert!(Pattern::parse(&"é".repeat(1024)).is_ok(), "characters count, not bytes");
}

const ACCESS: [&str; 3] = [
    r#"127.0.0.1 Prod frank [10/Oct/2000:13:25:15 -0700] "GET /index.html HTTP/1.0" 404 1534"#,
    r#"127.0.0.1 Prod frank [10/Oct/2000:13:35:22 -0700] "GET /apache_pb.gif HTTP/1.0" 500 5324"#,
    r#"127.0.0.77 Prod frank [10/Oct/2000:13:50:35 -0700] "GET /about.html HTTP/1.0" 410 900"#,
];

#[test]
fn fields_by_position() {
    for (text, expected) in [
        ("[ip, user, username, timestamp, request, status_code, bytes]", vec![0, 1, 2]),
        ("[ip, user, username, timestamp, request, status_code, bytes > 1000]", vec![0, 1]),
        ("[ip, user, username, timestamp, request, status_code = 500, bytes]", vec![1]),
        ("[ip, user, username, timestamp, request, status_code != 500, bytes]", vec![0, 2]),
        (r"[ip=%127\.0\.0\.[1-9]$%, user, username, timestamp, request =*.html*, status_code = 4*, bytes]", vec![0]),
        ("[..., request =*.html*, status_code = 4*, bytes]", vec![0, 2]),
        ("[ip, user, username, timestamp, request =*.html*, status_code = 404 || status_code = 410, bytes]", vec![0, 2]),
        ("[ip, user, ..., status_code = 4* && bytes > 1000, bytes]", vec![0]),
        ("[ip, user, ..., status_code = 4* && status_code != 404, bytes]", vec![2]),
        ("[ip, user, ..., status_code = 4* && (status_code = 410 || status_code = 500), bytes]", vec![2]),
        ("[ip = \"127.0.0.77\", ...]", vec![2]),
        ("[a, b, c, d, e, f, g, h]", vec![]),
        ("[a, b, c, d, e, f, g, h, ...]", vec![]),
        ("[a, b = 404]", vec![]),
    ] {
        let wanted: Vec<&str> = expected.iter().map(|index| ACCESS[*index]).collect();
        assert_eq!(selected(text, &ACCESS), wanted, "{text}");
    }
}

#[test]
fn the_last_field_takes_the_rest() {
    let events = [
        "INFO 09/25/2014 12:00:00 GET /service/resource/67 1200",
        "INFO 09/25/2014 12:00:01 POST /service/resource/67/part/111 1310",
        "WARNING 09/25/2014 12:00:02 Invalid user request",
        "ERROR 09/25/2014 12:00:02 Failed to process request",
    ];
    assert_eq!(selected("[w1=ERROR, w2]", &events), events[3..]);
    assert_eq!(selected("[w1=ERROR || w1=WARNING, w2]", &events), events[2..]);
    assert_eq!(selected("[w1!=ERROR && w1!=WARNING, w2]", &events), events[..2]);
    assert_eq!(selected("[w1=ERROR]", &events), [""; 0], "the first field is the whole event");
    let top = "[logLevel, date, time, method, url=%/service/resource/[0-9]+$%, response_time]";
    assert_eq!(selected(top, &events), events[..1]);
    let child = "[logLevel, date, time, method, url=%/service/resource/[0-9]+/part/[0-9]+$%, response_time]";
    assert_eq!(selected(child, &events), events[1..2]);
    let rest = pattern("[w1=ERROR, w2]").extract(events[3]).unwrap();
    assert_eq!(rest["$w2"], "09/25/2014 12:00:02 Failed to process request");
}

#[test]
fn fields_are_extracted_by_name_or_number() {
    let extracted = pattern("[..., request=*.html*, status_code=4*,]").extract(ACCESS[0]).unwrap();
    let expected = [
        ("$1", "127.0.0.1"),
        ("$2", "Prod"),
        ("$3", "frank"),
        ("$4", "10/Oct/2000:13:25:15 -0700"),
        ("$7", "1534"),
        ("$request", "GET /index.html HTTP/1.0"),
        ("$status_code", "404"),
    ];
    assert_eq!(extracted.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect::<Vec<_>>(), expected);
    assert_eq!(pattern("ERROR").extract("an ERROR"), Some(std::collections::BTreeMap::new()));
    assert_eq!(pattern("ERROR").extract("fine"), None);
    let odd = pattern("[a, b, c, d]").extract("[open \"too x]y z").unwrap();
    assert_eq!((odd["$a"].as_str(), odd["$b"].as_str()), ("open \"too x", "y"));
    assert!(pattern("[a]").extract("").is_none());
}

#[test]
fn fields_that_are_none() {
    assert_eq!(invalid("[a, ...b]"), characters("...b"));
    assert_eq!(invalid("[a, b > x]"), characters("x"));
    for wrong in ["[", "[a", "[a, b] c", "[..., a, ...]", "[a b]", "[a = 1 && b]", "[a = 1 && other = 2]", "[a = 1 &&]", "[%x%]", "[=1]"] {
        Pattern::parse(wrong).expect_err(wrong);
    }
    assert_eq!(invalid("[a=%x%, b=%x%, c=%x%]"), InvalidPattern::Syntax, "two regular expressions at most");
}

#[test]
fn many_openings_take_linear_time() {
    let openings = "[ \" ".repeat(250_000);
    assert!(selects("[..., last]", &openings));
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_parsed_or_refused(text in any::<String>(), message in any::<String>()) {
        if let Ok(pattern) = Pattern::parse(&text) {
            prop_assert_eq!(pattern.matches(&message), pattern.extract(&message).is_some());
        }
    }

    #[test]
    fn texts_of_the_grammars_characters_too(text in r#"[\[{]?[$.a*\[\]{}()0-9'"%=!<>&|,? \-\\xISNULOTEX]{0,60}[\]}]?"#, message in r#"[\[\]"{}:a0-9 .]{0,40}"#) {
        if let Ok(pattern) = Pattern::parse(&text) {
            prop_assert_eq!(pattern.matches(&message), pattern.extract(&message).is_some());
        }
    }

    #[test]
    fn a_quoted_phrase_selects_what_contains_it(before in any::<String>(), phrase in ".{2,40}", after in any::<String>()) {
        let quoted = phrase.replace('\\', r"\\").replace('"', "\\\"");
        let pattern = Pattern::parse(&format!("\"{quoted}\"")).unwrap();
        let message = format!("{before}{phrase}{after}");
        prop_assert!(pattern.matches(&message));
    }

    #[test]
    fn an_equal_json_text_is_selected(value in "[^*]{1,40}") {
        let quoted = value.replace('\\', r"\\").replace('"', "\\\"");
        let message = wire::document!({ "a": [{ "b": (value.as_str()) }] }).to_string();
        let equal = Pattern::parse(&format!("{{ $.a[0].b = \"{quoted}\" }}")).unwrap();
        let unequal = Pattern::parse(&format!("{{ $.a[*].b != \"{quoted}\" }}")).unwrap();
        prop_assert!(equal.matches(&message));
        prop_assert!(!unequal.matches(&message));
    }

    #[test]
    fn numbers_are_compared_by_value(wanted in any::<i32>(), found in any::<i32>()) {
        let message = format!("{{\"n\": {found}}}");
        for (operator, expected) in [
            ("=", found == wanted), ("!=", found != wanted), ("<", found < wanted),
            (">", found > wanted), ("<=", found <= wanted), (">=", found >= wanted),
        ] {
            let pattern = Pattern::parse(&format!("{{ $.n {operator} {wanted} }}")).unwrap();
            prop_assert_eq!(pattern.matches(&message), expected);
        }
    }
}
