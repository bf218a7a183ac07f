//! Unpacked code, by what is in it. Nobody writes into a directory once it is there: environments share it read-only.

use blobs::{BlobError, BlobId, Blobs};
use bytes::Bytes;
use parking_lot::Mutex;
use sandbox::{UnpackError, unpack_zip};
use std::collections::HashMap;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tokio::sync::OnceCell;

/// How many directories are kept beyond those in use.
const KEPT: usize = 128;

/// A directory with unpacked code; holding it keeps it there.
pub(crate) type Unpacked = Arc<OnceCell<PathBuf>>;

/// Why code was not unpacked.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CodeError {
    /// The package itself, in AWS's words where it has them.
    #[error(transparent)]
    Package(#[from] UnpackError),
    #[error("a package cannot be read: {0}")]
    Blob(#[from] BlobError),
    #[error("the cache of unpacked code cannot be used ({}): {source}", .path.display())]
    Directory { path: PathBuf, source: std::io::Error },
    #[error("unpacking broke off: {0}")]
    Broken(String),
}

impl names::Fault for CodeError {}

/// The cache.
pub(crate) struct CodeCache {
    root: PathBuf,
    directories: Mutex<HashMap<BlobId, Unpacked>>,
}

impl CodeCache {
    /// A cache in a directory, which is made when it is needed.
    pub(crate) fn new(root: PathBuf) -> Self {
        clear(&root);
        Self { root, directories: Mutex::default() }
    }

    /// The directory with a package unpacked.
    pub(crate) async fn unpacked(&self, blobs: &Blobs, id: &BlobId) -> Result<Unpacked, CodeError> {
        let entry = self.entry(id);
        let fetch = async {
            let package = blobs.read_to_bytes(id, super::LARGEST_UNPACKED).await?;
            self.unpack(id, package).await
        };
        entry.get_or_try_init(|| fetch).await?;
        Ok(entry)
    }

    /// Unpacks a package that is in memory: which also finds out whether it can be.
    pub(crate) async fn accept(&self, id: &BlobId, package: Bytes) -> Result<(), CodeError> {
        let entry = self.entry(id);
        entry.get_or_try_init(|| self.unpack(id, package)).await?;
        Ok(())
    }

    fn entry(&self, id: &BlobId) -> Unpacked {
        let mut directories = self.directories.lock();
        if directories.len() > KEPT {
            directories.retain(|_, directory| {
                let used = Arc::strong_count(directory) > 1;
                if let (false, Some(path)) = (used, directory.get()) {
                    remove(path);
                }
                used
            });
        }
        Arc::clone(directories.entry(*id).or_default())
    }

    async fn unpack(&self, id: &BlobId, package: Bytes) -> Result<PathBuf, CodeError> {
        let (root, name) = (self.root.clone(), id.to_string());
        let unpack = move || {
            let failed = |path: &Path| {
                let path = path.to_owned();
                move |source| CodeError::Directory { path, source }
            };
            std::fs::create_dir_all(&root).map_err(failed(&root))?;
            let fresh =
                tempfile::Builder::new().prefix("unpacking-").tempdir_in(&root).map_err(failed(&root))?;
            unpack_zip(&package, fresh.path())?;
            // The code runs under another identity than the server.
            let readable = std::fs::Permissions::from_mode(0o755);
            std::fs::set_permissions(fresh.path(), readable).map_err(failed(fresh.path()))?;
            let place = root.join(name);
            // A name that is taken means the same bytes: an earlier process was ended before it could forget it.
            remove(&place);
            std::fs::rename(fresh.keep(), &place).map_err(failed(&place))?;
            Ok(place)
        };
        tokio::task::spawn_blocking(unpack).await.map_err(|error| CodeError::Broken(error.to_string()))?
    }
}

/// Removes what an earlier process left, and nothing that is not ours by its name.
fn clear(root: &Path) {
    let Ok(entries) = std::fs::read_dir(root) else { return };
    for entry in entries.flatten() {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        if name.parse::<BlobId>().is_ok() || name.starts_with("unpacking-") {
            remove(&entry.path());
        }
    }
}

fn remove(path: &Path) {
    match std::fs::remove_dir_all(path) {
        Ok(()) => {}
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
        Err(error) => tracing::warn!(path = %path.display(), %error, "unpacked code cannot be removed"),
    }
}
