//! The first account's root access key, as the command line knows it.

use crate::Problem;
use crate::settings::RootCredentials;
use clock::Entropy;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

/// An access key.
#[derive(Clone)]
pub struct RootKey {
    /// Such as `AKIA…`.
    pub access_key_id: String,
    /// Its secret; this type has no `Debug`.
    pub secret_access_key: String,
    /// `test`/`test`.
    pub well_known: bool,
}

const FILE: &str = "root-credentials";

impl RootKey {
    /// `test`/`test`.
    #[must_use]
    pub fn test() -> Self {
        Self { access_key_id: "test".into(), secret_access_key: "test".into(), well_known: true }
    }

    fn random() -> Result<Self, Problem> {
        let seed = clock::random_seed()
            .map_err(|error| Problem::new(format!("no randomness for credentials: {error}")))?;
        let entropy = Entropy::from_seed(seed);
        Ok(Self {
            access_key_id: format!("AKIA{}", entropy.base32(16)),
            secret_access_key: entropy.alphanumeric(40),
            well_known: false,
        })
    }

    /// The key that a data directory was started with; None where it has none of its own.
    pub fn stored(data_dir: &Path) -> Option<Self> {
        let text = std::fs::read_to_string(data_dir.join(FILE)).ok()?;
        let mut lines = text.lines();
        Some(Self {
            access_key_id: lines.next()?.to_owned(),
            secret_access_key: lines.next()?.to_owned(),
            well_known: false,
        })
    }

    /// The key to start with. A generated one is kept in the data directory, readable by its owner only.
    pub fn choose(wanted: RootCredentials, data_dir: Option<&Path>) -> Result<Self, Problem> {
        if let Some(stored) = data_dir.and_then(Self::stored) {
            return Ok(stored);
        }
        if wanted == RootCredentials::Test {
            return Ok(Self::test());
        }
        let key = Self::random()?;
        if let Some(data_dir) = data_dir {
            let path = data_dir.join(FILE);
            let write = || -> std::io::Result<()> {
                std::fs::create_dir_all(data_dir)?;
                let mut file =
                    std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path)?;
                writeln!(file, "{}\n{}", key.access_key_id, key.secret_access_key)?;
                file.sync_all()
            };
            write().map_err(|error| {
                Problem::new(format!("cannot keep the root credentials in {}: {error}", path.display()))
            })?;
        }
        Ok(key)
    }
}
