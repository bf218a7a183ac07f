//! A report as a page of its own: no script, no link, everything that anybody named escaped.

use crate::report::{CheckResult, Report};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};
use std::fmt::Write;

const STYLE: &str = "body{font:15px/1.5 system-ui,sans-serif;max-width:56rem;margin:2rem auto;padding:0 1rem;color:#16191f}\
h1{font-size:1.6rem;margin-bottom:.2rem}h2{font-size:1.15rem;margin:2rem 0 .5rem;display:flex;justify-content:space-between;border-bottom:1px solid #d5dbdb}\
.sum{font-size:1.3rem;font-weight:600}.facts{color:#545b64}section{page-break-inside:avoid}\
.check{margin:.6rem 0;padding:.5rem .8rem;border-left:4px solid #687078;background:#fafafa}\
.earned{border-color:#1d8102}.partly{border-color:#c7511f}.missed{border-color:#d13212}\
.head{display:flex;justify-content:space-between;gap:1rem;font-weight:600}\
dl{margin:.4rem 0 0;display:grid;grid-template-columns:5rem 1fr;gap:.2rem .8rem}dt{color:#545b64}dd{margin:0;overflow-wrap:anywhere}\
code{font:13px/1.4 ui-monospace,monospace;white-space:pre-wrap}";

/// The page.
pub(crate) fn page(report: &Report) -> String {
    let hash = STANDARD.encode(Sha256::digest(STYLE));
    let title = escaped(&report.title);
    let kind = report
        .number
        .map_or_else(|| "Check, not recorded".to_owned(), |number| format!("Submission {number}"));
    let mut out = format!(
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'sha256-{hash}'; base-uri 'none'; form-action 'none'\">\
         <meta name=\"viewport\" content=\"width=device-width\"><title>{title}</title><style>{STYLE}</style></head><body>\n\
         <h1>{title}</h1>\n<p class=\"facts\">{kind} of {} &middot; account {} &middot; {} &middot; {}</p>\n<p class=\"sum\">{} of {} points</p>\n",
        escaped(&report.student),
        escaped(report.account.as_str()),
        escaped(report.region.as_str()),
        escaped(&report.at.iso_seconds()),
        report.points(),
        report.of(),
    );
    for task in &report.tasks {
        let _ = writeln!(
            out,
            "<section><h2><span>{}</span><span>{} / {}</span></h2>",
            escaped(&task.title),
            task.points(),
            task.of()
        );
        for check in &task.checks {
            write_check(check, &mut out);
        }
        out.push_str("</section>\n");
    }
    out.push_str("</body></html>\n");
    out
}

fn write_check(check: &CheckResult, out: &mut String) {
    let _ = write!(
        out,
        "<div class=\"check {}\"><div class=\"head\"><span>{}</span><span>{} / {}</span></div>",
        check.outcome(),
        escaped(&check.says),
        check.points,
        check.of
    );
    facts(check.found.as_deref(), check.why.as_deref(), out);
    for part in &check.parts {
        let (mark, points) = if part.passed { ("earned", part.of) } else { ("missed", 0) };
        let _ = write!(
            out,
            "<div class=\"check {mark}\"><div class=\"head\"><span>{}</span><span>{points} / {}</span></div>",
            escaped(&part.says),
            part.of
        );
        facts(part.found.as_deref(), part.why.as_deref(), out);
        out.push_str("</div>");
    }
    out.push_str("</div>\n");
}

fn facts(found: Option<&str>, why: Option<&str>, out: &mut String) {
    if found.is_none() && why.is_none() {
        return;
    }
    out.push_str("<dl>");
    if let Some(found) = found {
        let _ = write!(out, "<dt>Found</dt><dd><code>{}</code></dd>", escaped(found));
    }
    if let Some(why) = why {
        let _ = write!(out, "<dt>To do</dt><dd>{}</dd>", escaped(why));
    }
    out.push_str("</dl>");
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            other => out.push(other),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::{PartResult, TaskResult};
    use names::{AccountId, Region, Timestamp};

    #[test]
    fn nothing_that_anybody_named_becomes_markup() {
        let hostile = "</code><script>alert(1)</script><img src=x onerror='a'>\"&";
        let part = PartResult {
            says: hostile.into(),
            of: 1,
            passed: false,
            found: Some(hostile.into()),
            why: Some(hostile.into()),
        };
        let check = CheckResult {
            id: "a".into(),
            says: hostile.into(),
            points: 0,
            of: 1,
            found: Some(hostile.into()),
            why: Some(hostile.into()),
            parts: vec![part],
        };
        let report = Report {
            lab: hostile.into(),
            title: hostile.into(),
            student: hostile.into(),
            account: AccountId::DEFAULT,
            region: Region::US_EAST_1,
            number: Some(1),
            at: Timestamp::default(),
            milliseconds: 1,
            tasks: vec![TaskResult { id: "t".into(), title: hostile.into(), checks: vec![check] }],
        };
        let page = page(&report);
        assert!(!page.contains("<script") && !page.contains("<img") && !page.contains("onerror='"), "{page}");
        assert!(page.contains("&lt;script&gt;alert(1)&lt;/script&gt;"));
        assert!(page.contains("default-src 'none'; style-src 'sha256-"));
    }
}
