//! `cloudchamber lab verify`: a cloud of its own, in this process, on which a lab is proved.

use crate::settings::Up;
use crate::{Problem, lab_text, say};
use clap::{Args, Parser};
use cloudchamber::cloud::Cloud;
use labs::{Lab, Library, Trial};
use std::path::PathBuf;
use wire::{Document, document};

/// Flags of `lab verify`.
#[derive(Debug, Clone, Args)]
pub(crate) struct Verify {
    /// Folders of labs, or names of built-in ones.
    #[arg(required = true)]
    labs: Vec<String>,
    /// Only these trials: start, solution, or a mistake's id.
    #[arg(long)]
    only: Vec<String>,
    /// As JSON.
    #[arg(long)]
    json: bool,
    /// Print each trial's report.
    #[arg(long)]
    reports: bool,
    /// The Python that runs functions; it needs boto3.
    #[arg(long, env = "CLOUDCHAMBER_PYTHON", default_value = "python3")]
    python: PathBuf,
}

/// The settings of a cloud that is gone with the process.
#[derive(Parser)]
struct Ephemeral {
    #[command(flatten)]
    up: Up,
}

pub(crate) fn run(verify: Verify) -> Result<(), Problem> {
    let library = Library::built_in().map_err(|error| Problem::new(error.to_string()))?;
    let mut labs: Vec<Lab> = Vec::new();
    for named in &verify.labs {
        let folder = PathBuf::from(named);
        match library.lab(named) {
            Some(lab) if !folder.join("lab.yaml").exists() => labs.push((**lab).clone()),
            _ => labs.push(Library::read(&folder).map_err(|error| Problem::new(error.to_string()))?),
        }
    }
    let python = verify.python.display().to_string();
    let settings = Ephemeral::try_parse_from(["verify", "--ephemeral", "--port", "0", "--python", &python]);
    let settings = settings.map_err(|error| Problem::new(error.to_string()))?.up;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| Problem::new(format!("cannot start: {error}")))?;
    runtime.block_on(async {
        let cloud = Cloud::start(&settings).await?;
        let mut told = Vec::new();
        let mut deviations = 0;
        for lab in &labs {
            if !verify.json {
                say(&format!("{}: {} points in {} tasks", lab.name, lab.points(), lab.tasks.len()));
            }
            let trials = cloud.bench.verify(lab, &verify.only, |trial| {
                if !verify.json {
                    say(&line(trial, verify.reports));
                }
            });
            let trials = trials.await;
            let unproven = if verify.only.is_empty() { labs::unproven(lab) } else { Vec::new() };
            if !unproven.is_empty() && !verify.json {
                say(&format!("  no mistake misses: {}", unproven.join(", ")));
            }
            deviations += trials.iter().filter(|trial| !trial.problems.is_empty()).count()
                + usize::from(!unproven.is_empty());
            told.push(document!({
                "lab": (lab.name.as_str()),
                "trials": (trials.iter().map(as_json).collect::<Vec<Document>>()),
                "unproven": unproven,
            }));
        }
        if verify.json {
            say(&Document::Array(told).pretty());
        }
        match deviations {
            0 => Ok(()),
            count => Err(Problem::new(format!("{count} of the trials did not come out as the lab says"))),
        }
    })
}

fn line(trial: &Trial, reports: bool) -> String {
    let (points, of) = trial.points;
    let mark = if trial.problems.is_empty() { "✔" } else { "✗" };
    let seconds = std::time::Duration::from_millis(trial.milliseconds).as_secs_f64();
    let mut told =
        format!("  {mark} {:<28} {points:>3} of {of}  {seconds:>5.1} s  {}", trial.name, trial.says);
    for problem in &trial.problems {
        told.push_str(&format!("\n      {}", lab_text::plain(problem)));
    }
    if let Some(report) = trial.report.as_ref().filter(|_| reports) {
        told.push('\n');
        told.push_str(&lab_text::report(&report.document()));
    }
    told
}

fn as_json(trial: &Trial) -> Document {
    document!({
        "name": (trial.name.as_str()),
        "says": (trial.says.as_str()),
        "points": (trial.points.0),
        "of": (trial.points.1),
        "problems": (trial.problems.clone()),
        "milliseconds": (i64::try_from(trial.milliseconds).unwrap_or(i64::MAX)),
        "report": (trial.report.as_ref().map(labs::Report::document)),
    })
}
