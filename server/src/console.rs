//! The console's files: read from `console/dist` in debug builds, in the binary in all others. Where it was not built there are none.

use bytes::Bytes;
use gateway::ConsoleFile;

/// A file of the console, such as `index.html`; see [`gateway::ConsoleFiles`].
#[cfg(embedded_console)]
#[must_use]
pub fn file(path: &str) -> Option<ConsoleFile> {
    use std::collections::HashMap;
    use std::sync::{LazyLock, OnceLock};

    type Embedded = (&'static [u8], OnceLock<ConsoleFile>);
    const FILES: &[(&str, &[u8])] = include!(concat!(env!("OUT_DIR"), "/console.rs"));
    static BY_PATH: LazyLock<HashMap<&str, Embedded>> =
        LazyLock::new(|| FILES.iter().map(|(path, bytes)| (*path, (*bytes, OnceLock::new()))).collect());
    // Hashed when it is first asked for: a cloud whose console nobody opens reads nothing of it.
    BY_PATH.get(path).map(|(bytes, file)| file.get_or_init(|| of(Bytes::from_static(bytes))).clone())
}

/// A file of the console, such as `index.html`; see [`gateway::ConsoleFiles`].
#[cfg(not(embedded_console))]
#[must_use]
pub fn file(path: &str) -> Option<ConsoleFile> {
    use std::path::{Component, Path};

    let path = Path::new(path);
    if !path.components().all(|part| matches!(part, Component::Normal(_))) {
        return None;
    }
    std::fs::read(Path::new(env!("CLOUDCHAMBER_CONSOLE")).join(path)).ok().map(|bytes| of(bytes.into()))
}

fn of(bytes: Bytes) -> ConsoleFile {
    let digest = sigv4::Sha256::of(&bytes);
    ConsoleFile { bytes, digest }
}

/// Whether the console was built.
#[must_use]
pub fn is_built() -> bool {
    file("index.html").is_some()
}
