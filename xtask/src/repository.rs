//! Where the repository is, and reading and writing its files.

use crate::problem::Problem;
use std::path::{Path, PathBuf};

/// The workspace's root: the parent of this crate's folder.
pub(crate) fn root() -> Result<PathBuf, Problem> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().map(Path::to_path_buf).ok_or_else(|| Problem::file(here, "xtask has no parent folder"))
}

/// A file's text.
pub(crate) fn read(path: &Path) -> Result<String, Problem> {
    std::fs::read_to_string(path).map_err(|error| Problem::file(path, error))
}

/// Writes a file where it differs, so that unchanged files keep their time and Cargo rebuilds nothing. Makes its folder.
pub(crate) fn write(path: &Path, text: &str) -> Result<bool, Problem> {
    if std::fs::read_to_string(path).is_ok_and(|old| old == text) {
        return Ok(false);
    }
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(|error| Problem::file(folder, error))?;
    }
    std::fs::write(path, text).map_err(|error| Problem::file(path, error))?;
    Ok(true)
}
