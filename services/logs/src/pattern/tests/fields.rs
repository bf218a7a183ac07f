use super::*;

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
        (
            r"[ip=%127\.0\.0\.[1-9]$%, user, username, timestamp, request =*.html*, status_code = 4*, bytes]",
            vec![0],
        ),
        ("[..., request =*.html*, status_code = 4*, bytes]", vec![0, 2]),
        (
            "[ip, user, username, timestamp, request =*.html*, status_code = 404 || status_code = 410, bytes]",
            vec![0, 2],
        ),
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
    assert_eq!(
        extracted.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect::<Vec<_>>(),
        expected
    );
    assert_eq!(pattern("ERROR").extract("an ERROR"), Some(std::collections::BTreeMap::new()));
    assert_eq!(pattern("ERROR").extract("fine"), None);
    let odd = pattern("[a, b, c]").extract("[open \"too x]y z").unwrap();
    assert_eq!((odd["$a"].as_str(), odd["$b"].as_str()), ("open \"too x", "y"));
    assert!(pattern("[a]").extract("").is_none());
}

#[test]
fn fields_that_are_none() {
    assert_eq!(invalid("[a, ...b]"), characters("...b"));
    assert_eq!(invalid("[a, b > x]"), characters("x"));
    for wrong in [
        "[",
        "[a",
        "[a, b] c",
        "[..., a, ...]",
        "[a b]",
        "[a = 1 && b]",
        "[a = 1 && other = 2]",
        "[a = 1 &&]",
        "[%x%]",
        "[=1]",
    ] {
        Pattern::parse(wrong).expect_err(wrong);
    }
    assert_eq!(invalid("[a=%x%, b=%x%, c=%x%]"), InvalidPattern::Syntax, "two regular expressions at most");
}

#[test]
fn many_openings_take_linear_time() {
    let openings = "[ \" ".repeat(250_000);
    assert!(selects("[..., last]", &openings));
}
