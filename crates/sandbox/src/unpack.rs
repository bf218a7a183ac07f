//! Unpacks deployment packages and layers.

use std::fs;
use std::io::{self, Cursor, Read, Seek, Write};
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Component, Path, PathBuf};

/// What a function and its layers may come to when unpacked, in bytes.
///
/// <https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html>
const LARGEST_UNPACKED: u64 = 262_144_000;
/// More entries than any real package has; a zip bomb of empty files stops here.
const MOST_ENTRIES: usize = 200_000;
const LONGEST_LINK: u64 = 4096;

/// Why an archive was not unpacked. The directory may then be partly filled and is to be thrown away.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum UnpackError {
    /// The bytes are no zip archive, or a damaged one. AWS says this to the caller.
    #[error("Could not unzip uploaded file. Please check your file, then try to upload again.")]
    NotAnArchive(#[source] zip::result::ZipError),
    /// Too much, unpacked. AWS says this to the caller.
    #[error("Unzipped size must be smaller than {LARGEST_UNPACKED} bytes")]
    TooLarge,
    /// An entry would be written outside of the directory.
    #[error("the entry {0:?} of the archive leads out of it")]
    Escapes(String),
    /// The disk refused.
    #[error("cannot write {}: {source}", .path.display())]
    Write {
        /// What was being written.
        path: PathBuf,
        /// The reason.
        source: io::Error,
    },
}

/// Unpacks a zip archive into a directory, which must exist and be empty. Gives the number of bytes written.
///
/// Files become readable for everybody (and executable if they were for anybody): the code runs under another identity than
/// the server. Symbolic links are kept as they are, wherever they point: inside a sandbox there is nothing to find there.
/// Nothing is ever written through one.
///
/// # Errors
/// [`UnpackError`]; `NotAnArchive` and `TooLarge` print what AWS answers with.
pub fn unpack_zip(archive: impl AsRef<[u8]>, directory: &Path) -> Result<u64, UnpackError> {
    unpack(Cursor::new(archive.as_ref()), directory, LARGEST_UNPACKED)
}

fn unpack(archive: impl Read + Seek, directory: &Path, limit: u64) -> Result<u64, UnpackError> {
    let mut archive = zip::ZipArchive::new(archive).map_err(UnpackError::NotAnArchive)?;
    if archive.len() > MOST_ENTRIES {
        return Err(UnpackError::TooLarge);
    }
    let mut written = 0;
    let mut links = Vec::new();
    for index in 0..archive.len() {
        let mut entry = archive.by_index(index).map_err(UnpackError::NotAnArchive)?;
        let name = entry.name().map_err(UnpackError::NotAnArchive)?.into_owned();
        let path = directory.join(safe(&name)?);
        if entry.is_dir() {
            make_directories(&path)?;
        } else if entry.is_symlink() {
            let mut target = Vec::new();
            let reader = &mut entry;
            reader.take(LONGEST_LINK).read_to_end(&mut target).map_err(|error| damaged(error.into()))?;
            links.push((path, String::from_utf8_lossy(&target).into_owned()));
        } else {
            if let Some(parent) = path.parent() {
                make_directories(parent)?;
            }
            let executable = entry.unix_mode().is_some_and(|mode| mode & 0o111 != 0);
            written += write(&mut entry, &path, executable, limit - written)?;
        }
    }
    // Last, so that no file can be written through a link that the archive brought.
    for (path, target) in links {
        if let Some(parent) = path.parent() {
            make_directories(parent)?;
        }
        let _ = fs::remove_file(&path);
        symlink(target, &path).map_err(|source| UnpackError::Write { path, source })?;
    }
    Ok(written)
}

fn damaged(error: zip::result::ZipError) -> UnpackError {
    UnpackError::NotAnArchive(error)
}

/// The relative path that a name means. Absolute names, `..` and NUL are refused.
fn safe(name: &str) -> Result<PathBuf, UnpackError> {
    let escapes = || UnpackError::Escapes(name.to_owned());
    if name.contains('\0') {
        return Err(escapes());
    }
    let mut path = PathBuf::new();
    for component in Path::new(name).components() {
        match component {
            Component::Normal(part) => path.push(part),
            Component::CurDir => {}
            Component::ParentDir | Component::RootDir | Component::Prefix(_) => return Err(escapes()),
        }
    }
    if path.as_os_str().is_empty() && !name.ends_with('/') && name != "." {
        return Err(escapes());
    }
    Ok(path)
}

fn make_directories(path: &Path) -> Result<(), UnpackError> {
    let failed = |source| UnpackError::Write { path: path.to_owned(), source };
    let mut builder = fs::DirBuilder::new();
    std::os::unix::fs::DirBuilderExt::mode(builder.recursive(true), 0o755);
    builder.create(path).map_err(failed)
}

fn write(entry: &mut impl Read, path: &Path, executable: bool, left: u64) -> Result<u64, UnpackError> {
    let failed = |source| UnpackError::Write { path: path.to_owned(), source };
    let mut file = fs::File::create(path).map_err(failed)?;
    let mut buffer = vec![0; 64 * 1024];
    let mut written: u64 = 0;
    loop {
        // What the archive says of the size is not believed; what comes out is counted.
        let count = entry.read(&mut buffer).map_err(|error| damaged(error.into()))?;
        let Some(chunk) = buffer.get(..count).filter(|chunk| !chunk.is_empty()) else { break };
        written += u64::try_from(count).unwrap_or(u64::MAX);
        if written >= left {
            return Err(UnpackError::TooLarge);
        }
        file.write_all(chunk).map_err(failed)?;
    }
    let mode = if executable { 0o755 } else { 0o644 };
    file.set_permissions(fs::Permissions::from_mode(mode)).map_err(failed)?;
    Ok(written)
}

#[cfg(test)]
mod tests;
