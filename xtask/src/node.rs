//! The AWS SDK for JavaScript that Node.js functions find, under `target/`.

use crate::problem::Problem;
use crate::shell;
use std::path::{Path, PathBuf};

/// Parts of packages that Node.js does not load: types, and modules for bundlers. They are nine tenths of it all.
const UNUSED: &[&str] = &["dist-types", "dist-es"];

/// A directory `node_modules`, made where it is missing or older than its lock file. None where there is no npm: Node.js functions are then
/// without an SDK, and all others are as they were.
pub(crate) fn modules(root: &Path) -> Result<Option<PathBuf>, Problem> {
    let folder = root.join("target/node");
    let stamp = folder.join("made-of.json");
    let wanted = crate::repository::read(&root.join("tests/node/package-lock.json"))?;
    let modules = folder.join("node_modules");
    if std::fs::read_to_string(&stamp).is_ok_and(|made| made == wanted) && modules.is_dir() {
        return Ok(Some(modules));
    }
    if !shell::present("npm", &["--version"]) {
        eprintln!(
            "There is no npm on this machine: Lambda functions in Node.js find no AWS SDK (Debian: apt-get install nodejs npm)"
        );
        return Ok(None);
    }
    eprintln!("Getting the AWS SDK for JavaScript into target/node (about 10 s, once)");
    std::fs::create_dir_all(&folder)
        .map_err(|error| Problem::new(format!("cannot make {}: {error}", folder.display())))?;
    for file in ["package.json", "package-lock.json"] {
        let text = crate::repository::read(&root.join("tests/node").join(file))?;
        crate::repository::write(&folder.join(file), &text)?;
    }
    let install = ["ci", "--omit=dev", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
    shell::run(&folder, "npm", &install)?;
    prune(&modules).map_err(|error| Problem::new(format!("cannot tidy {}: {error}", modules.display())))?;
    crate::repository::write(&stamp, &wanted)?;
    Ok(Some(modules))
}

fn prune(folder: &Path) -> std::io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        if !entry.file_type()?.is_dir() {
            continue;
        }
        let name = entry.file_name();
        if UNUSED.iter().any(|unused| name == *unused) {
            std::fs::remove_dir_all(entry.path())?;
        } else {
            prune(&entry.path())?;
        }
    }
    Ok(())
}
