//! `cargo xtask console`: the console's pages, built into `console/dist`, where the server takes them from.

use crate::problem::Problem;
use crate::shell;
use std::path::Path;
use std::time::SystemTime;

/// What the pages are made of, in `console/`.
const SOURCES: &[&str] = &[
    "build",
    "public",
    "src",
    "index.html",
    "package.json",
    "package-lock.json",
    "tsconfig.json",
    "vite.config.ts",
];

/// Builds the console, unless it is newer than what it is made of. Where there is no npm, the server is without a console, and all else is as it was.
pub(crate) fn build(root: &Path) -> Result<(), Problem> {
    let console = root.join("console");
    let modified = |path: &Path| newest(path).map_err(|error| Problem::file(path, error));
    let mut sources = None;
    for source in SOURCES {
        sources = sources.max(modified(&console.join(source))?);
    }
    let built = modified(&console.join("dist/index.html"))?;
    if built.is_some() && built >= sources {
        eprintln!("The console is newer than its sources");
        return Ok(());
    }
    if !shell::present("npm", &["--version"]) {
        eprintln!(
            "There is no npm on this machine: the server is built without the console (Debian: apt-get install nodejs npm)"
        );
        return Ok(());
    }
    install(&console)?;
    shell::run(&console, "npm", &["run", "build", "--silent"])
}

/// Runs the tests of the console's code that needs no browser. Where there is no npm, there is no console to be tested.
pub(crate) fn test(root: &Path) -> Result<(), Problem> {
    if !shell::present("npm", &["--version"]) {
        eprintln!("There is no npm on this machine: the console is not tested");
        return Ok(());
    }
    let console = root.join("console");
    install(&console)?;
    shell::run(&console, "npm", &["test", "--silent"])
}

/// Gets the packages that `package-lock.json` names, unless they are there.
fn install(console: &Path) -> Result<(), Problem> {
    let modified = |path: &Path| newest(path).map_err(|error| Problem::file(path, error));
    let locked = modified(&console.join("package-lock.json"))?;
    let installed = modified(&console.join("node_modules/.package-lock.json"))?;
    if installed.is_none() || installed < locked {
        eprintln!("Getting the console's packages into console/node_modules (about 20 s, once)");
        shell::run(
            console,
            "npm",
            &["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"],
        )?;
    }
    Ok(())
}

/// When a file, or anything in a folder, was last changed; None where it is not there.
fn newest(path: &Path) -> std::io::Result<Option<SystemTime>> {
    let facts = match std::fs::metadata(path) {
        Ok(facts) => facts,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    // A folder's own time too: it changes when a file is removed from it.
    let mut newest_of_all = Some(facts.modified()?);
    if facts.is_dir() {
        for entry in std::fs::read_dir(path)? {
            newest_of_all = newest_of_all.max(newest(&entry?.path())?);
        }
    }
    Ok(newest_of_all)
}
