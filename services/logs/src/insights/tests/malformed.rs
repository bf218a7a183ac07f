use super::super::pipeline::TooMuch;
use super::super::{Malformed, Query};
use super::{NOW, Pipeline, Record};
use crate::insights::Lambda;
use proptest::prelude::*;

fn malformed(text: &str) -> Malformed {
    Query::parse(text).err().unwrap_or_else(|| panic!("{text} is a query"))
}

#[test]
fn what_is_unexpected_is_told_with_its_place() {
    for (text, message, place) in [
        ("fields @timestamp | count()", "unexpected symbol found count at line 1 and position 21", (20, 25)),
        ("filter status >", "unexpected end of the query at line 1 and position 16", (15, 15)),
        ("fields a,\n| sort b", "unexpected symbol found | at line 2 and position 1", (10, 11)),
        ("stats count(*) by", "unexpected end of the query at line 1 and position 18", (17, 17)),
        ("limit x", "unexpected symbol found x at line 1 and position 7", (6, 7)),
        ("fields a as", "unexpected end of the query at line 1 and position 12", (11, 11)),
        ("filter a in ('b')", "unexpected symbol found ( at line 1 and position 13", (12, 13)),
        ("filter a in []", "unexpected symbol found ] at line 1 and position 14", (13, 14)),
        ("sort by a", "unexpected symbol found by at line 1 and position 6", (5, 7)),
        ("filter é = ;", "unexpected symbol found ; at line 1 and position 12", (11, 12)),
        (
            "stats count(*) by bin(5 apples)",
            "unexpected symbol found 5 apples at line 1 and position 23",
            (22, 30),
        ),
    ] {
        let found = malformed(text);
        assert_eq!((found.message.as_str(), (found.start, found.end)), (message, place), "{text}");
    }
}

#[test]
fn what_is_not_built_is_refused_by_name() {
    for command in [
        "pattern @message",
        "diff",
        "anomaly",
        "unmask @message",
        "unnest x into y",
        "SOURCE logGroups()",
        "join a",
        "filterIndex a = 1",
    ] {
        let message = malformed(&format!("fields a | {command}")).message;
        let name = command.split(' ').next().unwrap();
        assert_eq!(message, format!("{name}: this command is not built in Cloudchamber"));
    }
    let function = malformed("fields jsonParse(@message) as j");
    assert_eq!(function.message, "jsonParse: there is no such function, or it is not built in Cloudchamber");
    assert_eq!((function.start, function.end), (7, 16));
}

#[test]
fn rules_between_commands_are_kept() {
    for (text, message) in [
        ("stats count(*) | stats count(*) | stats count(*)", "a query has no more than two stats commands"),
        (
            "sort a | stats count(*) by a | stats count(*)",
            "sort and limit must stand behind the second stats",
        ),
        ("dedup a | filter b = 1", "only limit can be used after dedup"),
        ("stats count(*) as c by a | filter b = 1", "Unknown symbols found in or after stats: b"),
        ("stats count(*), b by a", "Unknown symbols found in or after stats: b"),
        ("stats b + 1, count(*) as b", "Unknown symbols found in or after stats: b"),
        ("stats count(*) by a | stats sum(b)", "Unknown symbols found in or after stats: b"),
        ("stats count(*) by a | dedup b", "Unknown symbols found in or after stats: b"),
        ("stats count(*) as c by a | parse 'x*' as b", "Unknown symbols found in or after stats: @message"),
        ("filter count(*) > 1", "count: aggregates stand in stats, and not in one another"),
        ("stats sum(max(a))", "max: aggregates stand in stats, and not in one another"),
        ("fields strlen(a, b)", "strlen: the function does not take 2 arguments"),
        ("limit 0", "limit takes a whole number from 1 to 10000"),
        ("limit 10001", "limit takes a whole number from 1 to 10000"),
        ("limit 1.5", "limit takes a whole number from 1 to 10000"),
        ("parse @message 'a*b' as x, y", "a pattern of parse with 1 * needs as many names"),
        ("parse @message /a/", "a regular expression of parse needs named groups, or names after it"),
        ("filter a like 'b", "a text has no closing quote"),
    ] {
        assert_eq!(malformed(text).message, message, "{text}");
    }
    for text in [
        "stats pct(a, 101)",
        "stats pct(a)",
        "filter a like /(/",
        "filter a like /a",
        "filter a like b",
        "display",
        "parse",
        "dedup",
        "a",
        "fields a |",
        "stats",
        "filter a = b = c",
    ] {
        malformed(text);
    }
    Query::parse("stats count(*) as c by a | sort c | filter a = 'x' | parse a 'x*' as d | display d")
        .unwrap();
}

#[test]
fn queries_are_limited() {
    let nested = |depth: usize| format!("filter {}a{}", "(".repeat(depth), ")".repeat(depth));
    Query::parse(&nested(60)).unwrap();
    assert_eq!(malformed(&nested(70)).message, "the query is nested too deeply");
    assert_eq!(
        malformed(&format!("filter {}a{}", "abs(".repeat(100), ")".repeat(100))).message,
        "the query is nested too deeply"
    );
    assert!(
        malformed(&format!("fields a{}", " + a".repeat(1000)))
            .message
            .starts_with("a query has no more than 256")
    );
    Query::parse(&format!("fields {}a", "- ".repeat(3000))).unwrap();
    Query::parse(&format!("filter a = 1{}", " or a = 1".repeat(1000))).unwrap();
    Query::parse(&format!("filter {} a", "not ".repeat(2000))).unwrap();
}

#[test]
fn commands_and_regular_expressions_are_counted() {
    let commands = |count: usize| vec!["filter a = 1"; count].join(" | ");
    Query::parse(&commands(50)).unwrap();
    let found = malformed(&commands(51));
    assert_eq!(found.message, "a query has no more than 50 commands");
    assert_eq!((found.start, found.end), (50 * 15, 50 * 15 + 6));
    let regexes = |count: usize| format!("filter {}", vec!["a like /x+/"; count].join(" or "));
    Query::parse(&regexes(20)).unwrap();
    assert_eq!(malformed(&regexes(21)).message, "a query has no more than 20 regular expressions");
    let parsed = format!("{} | parse @message /(?<y>z)/", regexes(20));
    assert_eq!(malformed(&parsed).message, "a query has no more than 20 regular expressions");
}

/// What comes of a query over one event: of taking it in, and of all.
fn outcome(text: &str, message: &str) -> (Result<(), TooMuch>, Result<usize, TooMuch>) {
    let query = super::query(text);
    let mut pipeline = Pipeline::new(&query, NOW, 10);
    let record = Record::new((NOW, NOW), message.into(), "s".into(), "l".into(), "p".into(), Lambda::No);
    let taken = pipeline.take(record);
    (taken, pipeline.finish().map(|answer| answer.rows.len()))
}

#[test]
fn what_one_row_looks_at_is_limited() {
    let (short, long) = ("a".repeat(2_000), "a".repeat(20_000));
    // Each character of one text is looked for in another.
    for command in [
        "filter trim(@message, @message) = ''",
        "fields trim(@message, @message)",
        "sort trim(@message, @message)",
        "stats count(*) by trim(@message, @message)",
        "stats max(trim(@message, @message))",
        "parse trim(@message, @message) 'x*' as y",
        "filter not ispresent(trim(@message, @message)) or 1",
        "filter datefloor(trim(@message, @message), 1m) in ['a']",
    ] {
        assert!(outcome(command, &short).1.is_ok(), "{command}");
        assert_eq!(outcome(command, &long).0, Err(TooMuch), "{command}");
        let second = format!("limit 1 | {command}");
        assert_eq!(outcome(&second, &long), (Ok(()), Err(TooMuch)), "in the second segment: {command}");
    }
    let output = "stats latest(@message) as m, trim(m, m) as n";
    assert_eq!(outcome(output, &long), (Ok(()), Err(TooMuch)), "of a group");

    let million = "a".repeat(1_000_000);
    let any = |regex: &str| format!("filter {}", vec![format!("@message like /{regex}/"); 15].join(" or "));
    assert_eq!(outcome(&any("b+"), &million), (Ok(()), Ok(0)));
    let large = any("(b{1000})+");
    assert_eq!((outcome(&large, &short).0, outcome(&large, &million).0), (Ok(()), Err(TooMuch)));
}

#[test]
fn what_one_row_is_given_is_limited() {
    let million = "a".repeat(1_000_000);
    let copies = |count: usize| {
        (0..count).map(|number| format!("toupper(@message) as m{number}")).collect::<Vec<_>>().join(", ")
    };
    assert_eq!(outcome(&format!("fields {}", copies(7)), &million), (Ok(()), Ok(1)));
    assert_eq!(outcome(&format!("fields {} | display m1", copies(12)), &million).0, Err(TooMuch));
    assert_eq!(outcome(&format!("limit 1 | fields {}", copies(12)), &million), (Ok(()), Err(TooMuch)));
    let parsed = "parse @message /(?<a>(?<b>(?<c>(?<d>(?<e>(?<f>(?<g>(?<h>(?<i>a+)))))))))/ | display a";
    assert_eq!(outcome(parsed, &million).0, Err(TooMuch));
    // A member of a list has as many names as its number has ways to be written.
    let list = format!(r#"{{"l":["{million}"]}}"#);
    let names =
        |count: usize| (0..count).map(|n| format!("l.{}0", "0".repeat(n))).collect::<Vec<_>>().join(", ");
    assert_eq!(outcome(&format!("fields {}", names(7)), &list), (Ok(()), Ok(1)));
    assert_eq!(outcome(&format!("fields {}", names(12)), &list).0, Err(TooMuch));
    let outputs = copies(12).replace("@message", "m");
    assert_eq!(outcome(&format!("stats latest(@message) as m, {outputs}"), &million), (Ok(()), Err(TooMuch)));
}

#[test]
fn aggregates_of_groups_are_kept_too() {
    let aggregates = vec!["max(a)"; 800].join(", ");
    let query = super::query(&format!("stats {aggregates} by @message"));
    let mut pipeline = Pipeline::new(&query, NOW, 10);
    let record = |number: usize| {
        Record::new((NOW, NOW), number.to_string().into(), "s".into(), "l".into(), "p".into(), Lambda::No)
    };
    let taken = (0..10_000).take_while(|number| pipeline.take(record(*number)).is_ok()).count();
    assert!((100..5_000).contains(&taken), "{taken}");
}

#[test]
fn what_is_kept_is_limited() {
    let query = Query::parse("stats count(*) by @message").unwrap();
    let mut pipeline = Pipeline::new(&query, NOW, 10);
    let record = |message: String| {
        Record::new((NOW, NOW), message.into(), "s".into(), "l".into(), "p".into(), Lambda::No)
    };
    let outcome = (0..200_000).try_for_each(|number| pipeline.take(record(number.to_string())));
    assert_eq!(outcome, Err(TooMuch));

    let query = Query::parse("fields @message | sort @message").unwrap();
    let mut pipeline = Pipeline::new(&query, NOW, 10);
    for number in 0..100_000 {
        pipeline.take(record(number.to_string())).unwrap();
    }
    assert_eq!(pipeline.finish().unwrap().rows.len(), 10, "only the first are kept");
}

proptest! {
    /// Whatever is read is a query or is not, and says where.
    #[test]
    fn anything_can_be_read(text in r#"[a-z@|()\[\],=<>~+*/^%"'` #.0-9\\é-]{0,60}"#) {
        if let Err(malformed) = Query::parse(&text) {
            prop_assert!(malformed.start <= malformed.end && malformed.end <= text.chars().count());
        }
    }

    #[test]
    fn queries_of_words_do_not_fail_to_run(
        words in prop::collection::vec(prop::sample::select(vec![
            "fields", "filter", "stats", "sort", "limit", "dedup", "parse", "display", "by", "as", "and", "or", "not", "like", "in",
            "a", "b", "1", "5m", "'x*'", "/x(?<y>z)/", "|", "|", ",", "(", ")", "=", "-", "*", "count(", "bin(5m)", "strlen(", "@message",
        ]), 0..14),
        messages in prop::collection::vec(r#"\{"a":[0-9]\}|x.{0,9}z"#, 0..4),
    ) {
        let text = words.join(" ");
        if let Ok(query) = Query::parse(&text) {
            let mut pipeline = Pipeline::new(&query, NOW, 10);
            for message in messages {
                let record = Record::new((NOW, NOW), message.into(), "s".into(), "l".into(), "p".into(), Lambda::Yes);
                prop_assert!(pipeline.take(record).is_ok());
            }
            prop_assert!(pipeline.finish().is_ok());
        }
    }
}
