use super::Schedule;
use names::Timestamp;

fn at(text: &str) -> Timestamp {
    Timestamp::parse_iso(&format!("{text}:00Z")).unwrap()
}

/// The next moments of an expression, to the minute.
fn next(expression: &str, from: &str, count: usize) -> Vec<String> {
    let schedule = Schedule::read(expression).unwrap_or_else(|| panic!("{expression} is read"));
    let mut moment = at(from);
    let mut found = Vec::new();
    while found.len() < count {
        let Some(next) = schedule.next(at(from), moment) else { break };
        found.push(next.iso_seconds().trim_end_matches(":00Z").to_owned());
        moment = next;
    }
    found
}

#[test]
fn cron_finds_the_next_moments() {
    for (expression, from, expected) in [
        ("cron(0 10 * * ? *)", "2026-11-21T09:30", "2026-11-21T10:00 2026-11-22T10:00"),
        ("cron(15 12 * * ? *)", "2026-11-21T12:15", "2026-11-22T12:15"),
        ("cron(0 18 ? * MON-FRI *)", "2026-11-20T18:00", "2026-11-23T18:00 2026-11-24T18:00"),
        ("cron(0 8 1 * ? *)", "2026-11-21T09:30", "2026-12-01T08:00 2027-01-01T08:00"),
        ("cron(0/15 * * * ? *)", "2026-11-21T09:59", "2026-11-21T10:00 2026-11-21T10:15"),
        ("cron(0/10 * ? * MON-FRI *)", "2026-11-20T23:51", "2026-11-23T00:00"),
        ("cron(0/5 8-17 ? * MON-FRI *)", "2026-11-20T17:55", "2026-11-23T08:00"),
        ("cron(0/30 20-23 ? * MON-FRI *)", "2026-11-20T20:01", "2026-11-20T20:30 2026-11-20T21:00"),
        (
            "cron(*/20 5,6 1-3/2 * ? *)",
            "2026-11-21T09:30",
            "2026-12-01T05:00 2026-12-01T05:20 2026-12-01T05:40 2026-12-01T06:00",
        ),
        ("cron(0 9 L * ? *)", "2027-01-31T09:00", "2027-02-28T09:00 2027-03-31T09:00"),
        ("cron(0 9 L 2 ? *)", "2027-03-01T00:00", "2028-02-29T09:00 2029-02-28T09:00"),
        ("cron(0 0 29 2 ? *)", "2026-11-21T09:30", "2028-02-29T00:00 2032-02-29T00:00"),
        // 2100 is no leap year.
        ("cron(0 0 29 2 ? *)", "2096-03-01T00:00", "2104-02-29T00:00"),
        ("cron(0 0 31 * ? *)", "2026-11-21T09:30", "2026-12-31T00:00 2027-01-31T00:00 2027-03-31T00:00"),
        // The 15th of November 2026 is a Sunday, of August a Saturday.
        ("cron(0 0 15W * ? *)", "2026-11-01T00:00", "2026-11-16T00:00 2026-12-15T00:00"),
        ("cron(0 0 15W 8 ? *)", "2026-01-01T00:00", "2026-08-14T00:00"),
        // The first of August 2026 is a Saturday: the nearest weekday in the month is Monday the third.
        ("cron(0 0 1W 8 ? *)", "2026-01-01T00:00", "2026-08-03T00:00"),
        // The 31st of January 2027 is a Sunday: the nearest weekday in the month is Friday the 29th.
        ("cron(0 0 31W 1 ? *)", "2026-12-01T00:00", "2027-01-29T00:00"),
        ("cron(0 0 LW * ? *)", "2027-01-01T00:00", "2027-01-29T00:00 2027-02-26T00:00 2027-03-31T00:00"),
        ("cron(0 0 ? * 6L *)", "2026-11-21T09:30", "2026-11-27T00:00 2026-12-25T00:00"),
        ("cron(0 0 ? * FRIL *)", "2026-11-21T09:30", "2026-11-27T00:00"),
        ("cron(0 0 ? * 3#2 *)", "2026-11-21T09:30", "2026-12-08T00:00 2027-01-12T00:00"),
        ("cron(0 0 ? * MON#5 *)", "2026-11-21T09:30", "2026-11-30T00:00 2027-03-29T00:00"),
        ("cron(0 0 ? * L *)", "2026-11-21T09:30", "2026-11-28T00:00"),
        ("cron(0 0 ? * SUN,wed *)", "2026-11-21T09:30", "2026-11-22T00:00 2026-11-25T00:00"),
        ("cron(0 0 1 JAN,JUL ? *)", "2026-11-21T09:30", "2027-01-01T00:00 2027-07-01T00:00"),
        ("cron(59 23 31 12 ? 2026-2028/2)", "2026-01-01T00:00", "2026-12-31T23:59 2028-12-31T23:59"),
        ("cron(0 0 1 1 ? 2199)", "2199-01-01T00:00", ""),
        ("cron(0 0 30 2 ? *)", "2026-01-01T00:00", ""),
        ("cron(0 0 1 1 ? 2020)", "2026-01-01T00:00", ""),
    ] {
        let expected: Vec<&str> = expected.split_whitespace().collect();
        assert_eq!(next(expression, from, expected.len().max(1)), expected, "{expression} from {from}");
    }
}

#[test]
fn rates_count_from_when_the_rule_began() {
    assert_eq!(next("rate(1 minute)", "2026-11-21T09:30", 2), ["2026-11-21T09:31", "2026-11-21T09:32"]);
    assert_eq!(next("rate(5 minutes)", "2026-11-21T09:32", 1), ["2026-11-21T09:37"]);
    assert_eq!(next("rate(2 hours)", "2026-11-21T23:00", 1), ["2026-11-22T01:00"]);
    assert_eq!(next("rate(7 days)", "2026-11-28T09:30", 1), ["2026-12-05T09:30"]);
    let rate = Schedule::read("rate(5 minutes)").unwrap();
    // What was missed is not made up for: the next is in the rhythm.
    let late = rate.next(at("2026-11-21T09:30"), at("2026-11-21T11:03")).unwrap();
    assert_eq!(late, at("2026-11-21T11:05"));
}

#[test]
fn what_is_no_schedule_is_not_read() {
    for wrong in [
        "",
        "rate(5)",
        "rate(1 minutes)",
        "rate(5 minute)",
        "rate(0 minutes)",
        "rate(-5 minutes)",
        "rate(5  minutes)",
        "rate(1.5 hours)",
        "rate(5 seconds)",
        "rate(99999999999999999999 days)",
        "rate (5 minutes)",
        "rate(5 minutes",
        "Rate(5 minutes)",
        "at(2026-11-21T09:30:00)",
        "5 minutes",
        "cron()",
        "cron(0 10 * * *)",
        "cron(0 10 * * ? * *)",
        "cron(0 10 * * * *)",
        "cron(0 10 ? * ? *)",
        "cron(60 10 * * ? *)",
        "cron(0 24 * * ? *)",
        "cron(0 10 0 * ? *)",
        "cron(0 10 32 * ? *)",
        "cron(0 10 * 13 ? *)",
        "cron(0 10 ? * 8 *)",
        "cron(0 10 ? * 0 *)",
        "cron(0 10 ? * MON#6 *)",
        "cron(0 10 ? * MON#0 *)",
        "cron(0 10 * * ? 1969)",
        "cron(0 10 * * ? 2200)",
        "cron(5-1 10 * * ? *)",
        "cron(0/0 10 * * ? *)",
        "cron(a 10 * * ? *)",
        "cron(0 10 32W * ? *)",
        "cron(? 10 * * ? *)",
        "cron(0, 10 * * ? *)",
        "cron(+5 10 * * ? *)",
    ] {
        assert_eq!(Schedule::read(wrong), None, "{wrong}");
    }
}
