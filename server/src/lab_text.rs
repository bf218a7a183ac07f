//! What `cloudchamber lab` prints for people.

use std::fmt::Write;
use wire::Document;

fn text<'a>(of: &'a Document, name: &str) -> &'a str {
    of.get(name).and_then(Document::as_str).unwrap_or_default()
}

fn number(of: &Document, name: &str) -> i64 {
    of.get(name).and_then(Document::as_i64).unwrap_or_default()
}

fn list_of<'a>(of: &'a Document, name: &str) -> &'a [Document] {
    of.get(name).and_then(Document::as_array).unwrap_or_default()
}

/// Without what would move a terminal's cursor or change its colours: names come from students.
pub(crate) fn plain(text: &str) -> String {
    text.chars().map(|c| if c.is_control() && c != '\n' { '·' } else { c }).collect()
}

/// A left and a right part on a line of 90.
fn line(indent: usize, left: &str, right: &str, out: &mut String) {
    let left = plain(left);
    let width = 90_usize.saturating_sub(indent + right.len() + 1);
    let _ = writeln!(out, "{:indent$}{left:<width$} {right}", "");
}

fn wrapped(indent: usize, label: &str, value: &str, out: &mut String) {
    let value = plain(value).replace('\n', " ");
    let width = 90 - indent - label.len();
    let mut row = String::new();
    let mut first = true;
    let mut flush = |row: &mut String, out: &mut String| {
        let label = if first { label.to_owned() } else { " ".repeat(label.len()) };
        let _ = writeln!(out, "{:indent$}{label}{row}", "");
        row.clear();
        first = false;
    };
    for word in value.split(' ') {
        if !row.is_empty() && row.chars().count() + word.chars().count() + 1 > width {
            flush(&mut row, out);
        }
        if !row.is_empty() {
            row.push(' ');
        }
        row.push_str(word);
    }
    flush(&mut row, out);
}

pub(crate) fn list(answer: &Document) -> String {
    let mut out = String::new();
    let attempts = list_of(answer, "attempts");
    for lab in list_of(answer, "labs") {
        let facts = format!(
            "{} tasks, {} points, {} min",
            number(lab, "tasks"),
            number(lab, "points"),
            number(lab, "minutes")
        );
        line(0, text(lab, "name"), &facts, &mut out);
        wrapped(
            2,
            "",
            &format!("{}. {}", text(lab, "title").trim_end_matches('.'), text(lab, "summary")),
            &mut out,
        );
        let own =
            attempts.iter().filter(|it| text(it, "lab") == text(lab, "name") && text(it, "state") == "open");
        for attempt in own {
            let last = match attempt.get("points").and_then(Document::as_i64) {
                Some(points) => format!(
                    "{points} of {} points at the last of {}",
                    number(attempt, "of"),
                    number(attempt, "submissions")
                ),
                None => "not submitted yet".to_owned(),
            };
            line(
                2,
                &format!("started: {} in account {}", text(attempt, "student"), text(attempt, "account")),
                &last,
                &mut out,
            );
        }
        out.push('\n');
    }
    out.push_str("Start one: cloudchamber lab start NAME\n");
    out
}

pub(crate) fn started(answer: &Document) -> String {
    let mut out = String::new();
    let (Some(attempt), credentials) = (answer.get("attempt"), answer.get("credentials")) else { return out };
    let _ = writeln!(out, "{}", plain(text(attempt, "title")));
    let _ = writeln!(
        out,
        "Account {}, {}, for {}.\n",
        text(attempt, "account"),
        text(attempt, "region"),
        text(attempt, "student")
    );
    match credentials {
        Some(credentials) if !credentials.is_null() => {
            let _ = writeln!(out, "  Sign in    {}", text(credentials, "signIn"));
            let _ = writeln!(out, "  User       {}", text(credentials, "userName"));
            let _ = writeln!(out, "  Password   {}\n", text(credentials, "password"));
            let _ = writeln!(out, "For the AWS CLI, in ~/.aws/config:\n");
            for row in text(credentials, "profile").lines() {
                let _ = writeln!(out, "  {row}");
            }
            let _ = writeln!(
                out,
                "\nPassword and key are shown this once and kept nowhere in clear. Lost? --renew makes new ones."
            );
        }
        _ => {
            let _ = writeln!(out, "  Sign in    {}", text(attempt, "signIn"));
            let _ = writeln!(out, "  User       {}\n", text(attempt, "userName"));
            let _ = writeln!(
                out,
                "It was started before; password and key were shown then. Add --renew for new ones."
            );
        }
    }
    let lab = text(attempt, "lab");
    let _ = writeln!(out, "\nNext: cloudchamber lab guide {lab}   then: cloudchamber lab submit {lab}");
    out
}

pub(crate) fn details(answer: &Document) -> String {
    let mut out = String::new();
    for detail in list_of(answer, "details") {
        let value = detail.get("value").and_then(Document::as_str);
        let shown = value.map_or_else(|| format!("- ({})", text(detail, "says")), str::to_owned);
        let _ = writeln!(out, "{:<26} {}", plain(text(detail, "name")), plain(&shown));
    }
    out
}

pub(crate) fn report(report: &Document) -> String {
    let mut out = String::new();
    let sum = format!("{} of {} points", number(report, "points"), number(report, "of"));
    line(0, text(report, "title"), &sum, &mut out);
    let which = match report.get("number").and_then(Document::as_i64) {
        Some(number) => format!("submission {number}"),
        None => "a check, not recorded".to_owned(),
    };
    let _ = writeln!(
        out,
        "{}, account {}, {which}, {}\n",
        plain(text(report, "student")),
        text(report, "account"),
        text(report, "at")
    );
    for task in list_of(report, "tasks") {
        let (points, of) = (number(task, "points"), number(task, "of"));
        let mark = if points == of { "✔" } else { "✗" };
        line(0, &format!("{mark} {}", text(task, "title")), &format!("{points}/{of}"), &mut out);
        for check in list_of(task, "checks").iter().filter(|check| text(check, "outcome") != "earned") {
            let points = format!("{}/{}", number(check, "points"), number(check, "of"));
            line(4, &format!("✗ {}", text(check, "says")), &points, &mut out);
            let missed: Vec<&Document> = list_of(check, "parts")
                .iter()
                .filter(|part| part.get("passed") != Some(&Document::Boolean(true)))
                .collect();
            if missed.is_empty() {
                facts(check, 6, &mut out);
            }
            for part in missed {
                line(6, &format!("✗ {}", text(part, "says")), &format!("0/{}", number(part, "of")), &mut out);
                facts(part, 8, &mut out);
            }
        }
    }
    if number(report, "points") == number(report, "of") {
        out.push_str("\nEverything is as it should be.\n");
    }
    out
}

fn facts(of: &Document, indent: usize, out: &mut String) {
    if let Some(found) = of.get("found").and_then(Document::as_str) {
        wrapped(indent, "found: ", found, out);
    }
    if let Some(why) = of.get("why").and_then(Document::as_str) {
        wrapped(indent, "to do: ", why, out);
    }
}

pub(crate) fn results(answer: &Document) -> String {
    let mut out = String::new();
    let _ = writeln!(
        out,
        "{} in {}, of {} points\n",
        text(answer, "class"),
        text(answer, "lab"),
        number(answer, "of")
    );
    let _ = writeln!(out, "{}\n", limits(answer.get("limits").unwrap_or(&Document::Null)));
    let _ = writeln!(
        out,
        "{:<20} {:<28} {:>5} {:>5} {:>6}  {:<20} {:>9} {:>9} {:>10} {:>7}",
        "student",
        "name",
        "best",
        "last",
        "times",
        "last submitted",
        "requests",
        "throttled",
        "stored",
        "running"
    );
    for it in list_of(answer, "students") {
        let usage = it.get("usage");
        let used = |name: &str| {
            let count = usage.and_then(|usage| usage.get(name)?.as_i64());
            count.map_or_else(|| "-".to_owned(), |count| count.to_string())
        };
        let points = |name: &str| {
            it.get(name).and_then(Document::as_i64).map_or_else(|| "-".to_owned(), |it| it.to_string())
        };
        let _ = writeln!(
            out,
            "{:<20} {:<28} {:>5} {:>5} {:>6}  {:<20} {:>9} {:>9} {:>10} {:>7}",
            text(it, "student"),
            plain(text(it, "name")),
            points("best"),
            points("last"),
            number(it, "submissions"),
            text(it, "lastAt"),
            used("requests"),
            used("throttled"),
            usage
                .and_then(|usage| usage.get("storageBytes")?.as_i64())
                .map_or_else(|| "-".to_owned(), amount),
            used("running"),
        );
    }
    out
}

/// Bytes for people.
fn amount(bytes: i64) -> String {
    contract::amount(u64::try_from(bytes).unwrap_or(0))
}

/// What each student of a class may use.
fn limits(limits: &Document) -> String {
    let of = |name: &str, unit: &str| match limits.get(name).and_then(Document::as_i64) {
        Some(limit) if name == "storageBytes" => format!("{}{unit}", amount(limit)),
        Some(limit) => format!("{limit}{unit}"),
        None => format!("unlimited{unit}"),
    };
    format!(
        "Each: {}, {}, {}, {}",
        of("requestsPerSecond", " requests a second"),
        of("storageBytes", " stored"),
        of("concurrency", " executions at once"),
        of("resetsPerDay", " resets in 24 hours")
    )
}

pub(crate) fn classes(answer: &Document) -> String {
    let mut out = String::new();
    for it in list_of(answer, "classes") {
        let facts = format!("{} students, {} submitted", number(it, "students"), number(it, "submitted"));
        line(0, &format!("{} in {}", text(it, "class"), text(it, "lab")), &facts, &mut out);
    }
    if out.is_empty() {
        out.push_str("No classes yet: cloudchamber lab class create LAB --class NAME --roster FILE\n");
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_tells_what_is_missing_and_moves_no_cursor() {
        let json = r#"{"title":"T","points":1,"of":3,"student":"ann","account":"1","number":2,"at":"now","tasks":[
            {"title":"Task 1","points":1,"of":1,"checks":[{"says":"fine","outcome":"earned","points":1,"of":1,"parts":[]}]},
            {"title":"Task 2","points":0,"of":2,"checks":[{"says":"wrong","outcome":"missed","points":0,"of":2,
              "found":"\u001b[2J","why":"Do it again.","parts":[]}]}]}"#;
        let told = report(&Document::parse(json).unwrap());
        assert!(
            told.contains("✔ Task 1") && told.contains("✗ Task 2") && told.contains("to do: Do it again."),
            "{told}"
        );
        assert!(told.contains("found: ·[2J") && !told.contains('\u{1b}'), "{told:?}");
        assert!(!told.contains("fine"));
    }
}
