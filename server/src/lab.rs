//! `cloudchamber lab`.

use crate::credentials::RootKey;
use crate::settings::Client;
use crate::{Problem, client, lab_limits, lab_text, lab_verify, say};
use clap::{Args, Subcommand};
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use wire::{Document, document};

/// Labs of a running cloud, and proofs of labs.
#[derive(Debug, Clone, Subcommand)]
pub(crate) enum Lab {
    /// Lists the labs and the attempts at them.
    List(List),
    /// Starts a lab in an account of its own, and prints how to sign in to it.
    Start(Start),
    /// Prints a lab's guide.
    Guide(Guide),
    /// Prints a file that a lab offers, such as its template.
    File(File),
    /// Prints the ARNs and names of what has been made so far.
    Details(Of),
    /// Says what is done and what is missing; nothing is recorded.
    Check(Of),
    /// As check, and records the result.
    Submit(Of),
    /// Prints the report of a submission.
    Report(Report),
    /// Starts over in a fresh account; the old one's credentials stop working.
    Reset(Reset),
    /// Proves labs: the untouched start earns nothing, the solution everything, each mistake loses exactly its points.
    Verify(lab_verify::Verify),
    /// Labs for a class.
    #[command(subcommand)]
    Class(Class),
}

/// Flags of `lab list`.
#[derive(Debug, Clone, Args)]
pub(crate) struct List {
    /// As JSON.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    client: Client,
}

/// Flags of `lab start`.
#[derive(Debug, Clone, Args)]
pub(crate) struct Start {
    /// The lab.
    lab: String,
    /// Whose attempt it is.
    #[arg(long, default_value = "student")]
    student: String,
    /// If it was started before: a new password and access key (those of before stop working).
    #[arg(long)]
    renew: bool,
    /// As JSON.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    client: Client,
}

/// Flags of `lab guide`.
#[derive(Debug, Clone, Args)]
pub(crate) struct Guide {
    /// The lab.
    lab: String,
    #[command(flatten)]
    client: Client,
}

/// Flags of `lab file`.
#[derive(Debug, Clone, Args)]
pub(crate) struct File {
    /// The lab.
    lab: String,
    /// The file; left out, the first that the lab offers.
    file: Option<String>,
    /// Write it here.
    #[arg(long)]
    to: Option<PathBuf>,
    #[command(flatten)]
    client: Client,
}

/// Which attempt.
#[derive(Debug, Clone, Args)]
pub(crate) struct Of {
    /// The lab; may be left out where only one is started.
    lab: Option<String>,
    /// Whose attempt; may be left out where only one has it started.
    #[arg(long)]
    student: Option<String>,
    /// As JSON.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    client: Client,
}

/// Flags of `lab report`.
#[derive(Debug, Clone, Args)]
pub(crate) struct Report {
    /// The submission's number; left out, the last.
    #[arg(long)]
    submission: Option<u32>,
    /// Write it as a page of HTML to this file.
    #[arg(long)]
    html: Option<PathBuf>,
    #[command(flatten)]
    of: Of,
}

/// Flags of `lab reset`.
#[derive(Debug, Clone, Args)]
pub(crate) struct Reset {
    /// Do it: what is in the old account cannot be reached afterwards.
    #[arg(long)]
    yes: bool,
    #[command(flatten)]
    of: Of,
}

/// `lab class`.
#[derive(Debug, Clone, Subcommand)]
pub(crate) enum Class {
    /// Gives each student of a roster an account for a lab.
    Create(Create),
    /// Prints how a class did.
    Results(Results),
    /// Lists the classes.
    List(List),
}

/// Flags of `lab class create`.
#[derive(Debug, Clone, Args)]
pub(crate) struct Create {
    /// The lab.
    lab: String,
    /// The class's name.
    #[arg(long)]
    class: String,
    /// A CSV file: a head line student,name,email and a line for each student.
    #[arg(long)]
    roster: PathBuf,
    /// Write accounts, passwords and keys to this new CSV file (readable by you only); left out, they are printed.
    #[arg(long)]
    credentials: Option<PathBuf>,
    #[command(flatten)]
    limits: lab_limits::Limits,
    #[command(flatten)]
    client: Client,
}

/// Flags of `lab class results`.
#[derive(Debug, Clone, Args)]
pub(crate) struct Results {
    /// The lab.
    lab: String,
    /// The class's name.
    #[arg(long)]
    class: String,
    /// As CSV.
    #[arg(long)]
    csv: bool,
    /// As JSON.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    client: Client,
}

pub(crate) fn run(lab: Lab) -> Result<(), Problem> {
    match lab {
        Lab::List(list) => show(list.json, &overview(&list.client)?, lab_text::list),
        Lab::Start(it) => {
            let body = document!({ "student": (it.student), "renew": (it.renew) });
            let answer = post(&it.client, &format!("{}/start", segment(&it.lab)), &body)?;
            show(it.json, &answer, lab_text::started)
        }
        Lab::Guide(it) => {
            let answer = get(&it.client, &segment(&it.lab))?;
            print(answer.get("guide").and_then(Document::as_str).unwrap_or_default())
        }
        Lab::File(it) => file(&it),
        Lab::Details(of) => {
            show(of.json, &get(&of.client, &format!("{}/details", attempt(&of)?))?, lab_text::details)
        }
        Lab::Check(of) => show(
            of.json,
            &post(&of.client, &format!("{}/check", attempt(&of)?), &Document::object())?,
            lab_text::report,
        ),
        Lab::Submit(of) => show(
            of.json,
            &post(&of.client, &format!("{}/submit", attempt(&of)?), &Document::object())?,
            lab_text::report,
        ),
        Lab::Report(it) => report(&it),
        Lab::Reset(it) => {
            let attempt = attempt(&it.of)?;
            if !it.yes {
                return Err(Problem::new(
                    "a reset starts over in a fresh account; what is in this one cannot be reached afterwards, and its credentials stop working. \
                     Add --yes if you mean it.",
                ));
            }
            let answer = post(&it.of.client, &format!("{attempt}/reset"), &Document::object())?;
            show(it.of.json, &answer, lab_text::started)
        }
        Lab::Verify(verify) => lab_verify::run(verify),
        Lab::Class(Class::Create(it)) => create(&it),
        Lab::Class(Class::Results(it)) => {
            let answer = get(&it.client, &format!("{}/classes/{}", segment(&it.lab), segment(&it.class)))?;
            if it.csv {
                return print(answer.get("csv").and_then(Document::as_str).unwrap_or_default());
            }
            show(it.json, &answer, lab_text::results)
        }
        Lab::Class(Class::List(it)) => show(it.json, &get(&it.client, "classes")?, lab_text::classes),
    }
}

fn show(json: bool, answer: &Document, text: fn(&Document) -> String) -> Result<(), Problem> {
    if json { print(&answer.pretty()) } else { print(&text(answer)) }
}

#[expect(clippy::unnecessary_wraps, reason = "ends commands")]
fn print(text: &str) -> Result<(), Problem> {
    say(text.trim_end());
    Ok(())
}

/// A name as a path has it: what is no letter, digit or hyphen would be refused anyhow.
fn segment(name: &str) -> String {
    name.chars().filter(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_')).collect()
}

fn ask(client: &Client, method: &str, path: &str, body: &str) -> Result<String, Problem> {
    let key = RootKey::stored(&client.data_dir).unwrap_or_else(RootKey::test);
    let path = if path.is_empty() {
        "/_cloudchamber/labs".to_owned()
    } else {
        format!("/_cloudchamber/labs/{path}")
    };
    let answer = client::send(method, &client.endpoint, &path, Some(&key), body)?;
    if answer.status >= 300 {
        let told = Document::parse(&answer.body).unwrap_or_default();
        let message = told.get("message").and_then(Document::as_str).unwrap_or(answer.body.trim());
        return Err(Problem::new(lab_text::plain(message)));
    }
    Ok(answer.body)
}

fn parsed(body: &str) -> Result<Document, Problem> {
    Document::parse(body).map_err(|error| Problem::new(format!("the cloud's answer is not JSON: {error}")))
}

fn get(client: &Client, path: &str) -> Result<Document, Problem> {
    parsed(&ask(client, "GET", path, "")?)
}

fn post(client: &Client, path: &str, body: &Document) -> Result<Document, Problem> {
    parsed(&ask(client, "POST", path, &body.to_string())?)
}

fn overview(client: &Client) -> Result<Document, Problem> {
    let mut told = get(client, "")?;
    if let Some(attempts) = get(client, "attempts")?.get("attempts") {
        told.set("attempts", attempts.clone());
    }
    Ok(told)
}

/// `attempts/ACCOUNT` of the one open attempt that is meant.
fn attempt(of: &Of) -> Result<String, Problem> {
    let answer = get(&of.client, "attempts")?;
    let text = |attempt: &Document, name: &str| {
        attempt.get(name).and_then(Document::as_str).unwrap_or_default().to_owned()
    };
    let all = answer.get("attempts").and_then(Document::as_array).unwrap_or_default();
    let meant: Vec<&Document> = all
        .iter()
        .filter(|it| text(it, "state") == "open")
        .filter(|it| of.lab.as_ref().is_none_or(|lab| text(it, "lab") == *lab))
        .filter(|it| of.student.as_ref().is_none_or(|student| text(it, "student") == *student))
        .collect();
    match meant.as_slice() {
        [one] => Ok(format!("attempts/{}", text(one, "account"))),
        [] => {
            let what = of.lab.as_deref().unwrap_or("LAB");
            Err(Problem::new(format!("no such lab is started. Start it: cloudchamber lab start {what}")))
        }
        several => {
            let names: Vec<String> = several
                .iter()
                .map(|it| format!("{} --student {}", text(it, "lab"), text(it, "student")))
                .collect();
            Err(Problem::new(format!("which one? Started are: {}", names.join("; "))))
        }
    }
}

fn file(it: &File) -> Result<(), Problem> {
    let name = match &it.file {
        Some(name) => name.clone(),
        None => {
            let lab = get(&it.client, &segment(&it.lab))?;
            let first = lab.get("files").and_then(Document::as_array).and_then(|files| files.first());
            let name = first.and_then(|file| file.get("name")).and_then(Document::as_str);
            name.ok_or_else(|| Problem::new("this lab offers no files"))?.to_owned()
        }
    };
    let answer = get(&it.client, &format!("{}/files/{}", segment(&it.lab), segment(&name)))?;
    let text = answer.get("text").and_then(Document::as_str).unwrap_or_default();
    match &it.to {
        None => print(text),
        Some(path) => {
            write(path, text, 0o644)?;
            print(&format!("{} is written.", path.display()))
        }
    }
}

fn report(it: &Report) -> Result<(), Problem> {
    let number = it.submission.map_or_else(|| "latest".to_owned(), |number| number.to_string());
    let path = format!("{}/submissions/{number}", attempt(&it.of)?);
    match &it.html {
        None => show(it.of.json, &get(&it.of.client, &path)?, lab_text::report),
        Some(file) => {
            let page = ask(&it.of.client, "GET", &format!("{path}/report.html"), "")?;
            write(file, &page, 0o644)?;
            print(&format!("{} is written.", file.display()))
        }
    }
}

fn create(it: &Create) -> Result<(), Problem> {
    let roster = std::fs::read_to_string(&it.roster).map_err(|error| {
        Problem::new(format!("the roster {} cannot be read: {error}", it.roster.display()))
    })?;
    if let Some(path) = it.credentials.as_ref().filter(|path| path.exists()) {
        // The secrets are told once: not into a file that cannot be written then.
        return Err(Problem::new(format!("{} is there already; name a new file", path.display())));
    }
    let body =
        document!({ "class": (it.class.as_str()), "roster": roster, "limits": (it.limits.document()) });
    let answer = post(&it.client, &format!("{}/classes", segment(&it.lab)), &body)?;
    let csv = answer.get("csv").and_then(Document::as_str).unwrap_or_default();
    match &it.credentials {
        None => print(csv),
        Some(path) => {
            if let Err(problem) = write(path, csv, 0o600) {
                // They come only this once, so they are not lost with the disk.
                print(csv)?;
                return Err(problem);
            }
            let students = answer.get("students").and_then(Document::as_array).map_or(0, <[Document]>::len);
            print(&format!(
                "{students} students have accounts. Passwords and keys are in {} (only for those who are new; they are kept nowhere else).",
                path.display()
            ))
        }
    }
}

fn write(path: &Path, text: &str, mode: u32) -> Result<(), Problem> {
    let failed = |error: std::io::Error| Problem::new(format!("cannot write {}: {error}", path.display()));
    let mut file = std::fs::OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(mode)
        .open(path)
        .map_err(failed)?;
    file.write_all(text.as_bytes()).map_err(failed)
}
