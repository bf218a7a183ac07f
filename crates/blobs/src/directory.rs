use crate::{BlobError, BlobId, Durability};
use parking_lot::Mutex;
use std::fs::{DirBuilder, File};
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

/// `<root>/ab/cd/<name>` and `<root>/tmp/`.
#[derive(Debug)]
pub(crate) struct Directory {
    pub(crate) root: PathBuf,
    pub(crate) durability: Durability,
    /// Held while a file gets its name and while one is removed, so that the collector cannot remove a file that was old when it looked and
    /// has been written anew since.
    pub(crate) naming: Mutex<()>,
}

impl Directory {
    pub(crate) fn open(root: &Path, durability: Durability) -> Result<Self, BlobError> {
        let directory = Self { root: root.to_owned(), durability, naming: Mutex::new(()) };
        let temporary = directory.temporary();
        make(&temporary)?;
        for entry in std::fs::read_dir(&temporary).map_err(BlobError::io("list", &temporary))? {
            let path = entry.map_err(BlobError::io("list", &temporary))?.path();
            std::fs::remove_file(&path).map_err(BlobError::io("remove the unfinished", &path))?;
        }
        Ok(directory)
    }

    pub(crate) fn temporary(&self) -> PathBuf {
        self.root.join("tmp")
    }

    /// Two levels of 256 directories: no directory grows large before there are millions of blobs.
    pub(crate) fn folder(&self, id: &BlobId) -> PathBuf {
        let [first, second, ..] = id.sha256;
        self.root.join(format!("{first:02x}")).join(format!("{second:02x}"))
    }

    pub(crate) fn path(&self, id: &BlobId) -> PathBuf {
        self.folder(id).join(id.to_string())
    }

    /// Opens a blob's file and checks its length.
    pub(crate) fn open_blob(&self, id: &BlobId) -> Result<(File, PathBuf), BlobError> {
        let path = self.path(id);
        let file = match File::open(&path) {
            Ok(file) => file,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                return Err(BlobError::Missing { id: *id, place: path.display().to_string() });
            }
            Err(error) => return Err(BlobError::io("open", path)(error)),
        };
        let found = file.metadata().map_err(BlobError::io("look at", &path))?.len();
        if found != id.length {
            return Err(BlobError::Damaged { path, expected: id.length, found });
        }
        Ok((file, path))
    }
}

/// Makes a directory that only its owner may look into: bodies are as secret as their bucket's policy says.
pub(crate) fn make(path: &Path) -> Result<(), BlobError> {
    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(path)
        .map_err(BlobError::io("make the directory", path))
}

pub(crate) fn sync_directory(path: &Path) -> Result<(), BlobError> {
    File::open(path)
        .and_then(|directory| directory.sync_all())
        .map_err(BlobError::io("sync the directory", path))
}
