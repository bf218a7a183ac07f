use super::*;

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
    let requests = [
        "[INFO] REQUEST FAILED",
        "[WARN] UNAUTHORIZED REQUEST",
        "[ERROR] 400 BAD REQUEST",
        "[ERROR] ARGUMENTS",
    ];
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
        ("%^a{2, 3}$%", "aaa", "aaaa"),
        ("%^[{,}a]+$%", "{,}", "{b}"),
        ("%^[0-9a-f]{64}$%", &"0".repeat(64), &"0".repeat(63)),
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
    for wrong in [
        "%something!%",
        "%(a)%",
        "%é%",
        "%a",
        r"%\x3%",
        r"%\b%",
        "%[a%",
        "%a{2,1}%",
        "%*%",
        r"%a\%",
        "%a{9}{9}%",
        "%a*{9}%",
        "%a{200}b{57}%",
        "%a% %b% %c%",
        "%a{x}%",
        "%a{1%",
        "%a{99999999999}%",
    ] {
        assert_eq!(invalid(wrong), InvalidPattern::Syntax, "{wrong}");
    }
}
