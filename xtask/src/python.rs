//! The Python environments: one that functions and tests run on, under `target/`.

use crate::problem::Problem;
use crate::shell;
use std::path::{Path, PathBuf};

/// A virtual environment with boto3 and the AWS CLI, made where it is missing or older than its requirements.
pub(crate) fn environment(root: &Path) -> Result<PathBuf, Problem> {
    let requirements = root.join("tests/requirements.txt");
    let venv = root.join("target/venv");
    let stamp = venv.join("requirements.txt");
    let wanted = crate::repository::read(&requirements)?;
    let python = venv.join("bin/python3");
    if std::fs::read_to_string(&stamp).is_ok_and(|made| made == wanted) && python.exists() {
        return Ok(python);
    }
    eprintln!("Making the Python environment in target/venv (boto3 and the AWS CLI; about 20 s, once)");
    let text = |path: &Path| path.to_string_lossy().into_owned();
    shell::run(root, "python3", &["-m", "venv", "--clear", &text(&venv)]).map_err(|problem| {
        Problem::new(format!("{problem}. Install Python 3 with venv (Debian: apt-get install python3-venv)."))
    })?;
    let pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", &text(&requirements)];
    shell::run(root, &text(&python), &pip)?;
    crate::repository::write(&stamp, &wanted)?;
    Ok(python)
}
