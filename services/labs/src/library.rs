//! The labs that there are: those that came with the program, and a teacher's own folder.

use crate::format::{Files, Lab, LabError, MOST_BYTES, read, wanted};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

macro_rules! built_in {
    ($($lab:literal: [$($file:literal),* $(,)?]),* $(,)?) => {
        /// Name to its files.
        const BUILT_IN: &[(&str, &[(&str, &str)])] = &[
            $(($lab, &[$(($file, include_str!(concat!("../../../labs/", $lab, "/", $file)))),*])),*
        ];
    };
}

built_in! {
    "remediate-with-config": ["lab.yaml", "guide.md", "template.yaml"],
    "secure-file-pipeline": ["lab.yaml", "guide.md", "template.yaml", "hardened.yaml"],
}

const MOST_LABS: usize = 200;

/// All labs, by name.
#[derive(Debug, Clone, Default)]
pub struct Library {
    labs: BTreeMap<String, Arc<Lab>>,
}

impl Library {
    /// The labs that came with the program.
    ///
    /// # Errors
    /// Where one of them is wrong: this build is broken.
    pub fn built_in() -> Result<Self, LabError> {
        let mut labs = BTreeMap::new();
        for (name, files) in BUILT_IN {
            let files: Files =
                files.iter().map(|(file, text)| ((*file).to_owned(), (*text).to_owned())).collect();
            labs.insert((*name).to_owned(), Arc::new(read(name, &files, true)?));
        }
        Ok(Self { labs })
    }

    /// Adds the labs of a folder, each a folder in it; a lab that has the name of another takes its place.
    ///
    /// # Errors
    /// Where the folder or a lab in it cannot be read.
    pub fn add_folder(&mut self, folder: &Path) -> Result<(), LabError> {
        let failed = |error: std::io::Error| {
            LabError::at(0, format!("the folder of labs {} cannot be read: {error}", folder.display()))
        };
        let mut names = Vec::new();
        for entry in std::fs::read_dir(folder).map_err(failed)? {
            let entry = entry.map_err(failed)?;
            if entry.path().join("lab.yaml").is_file() {
                names.push(entry.path());
            }
        }
        if names.is_empty() {
            let message = format!("{} has no labs: each is a folder with a lab.yaml", folder.display());
            return Err(LabError::at(0, message));
        }
        if names.len() > MOST_LABS {
            return Err(LabError::at(0, format!("{} has more than {MOST_LABS} labs", folder.display())));
        }
        for path in names {
            let lab = Self::read(&path)?;
            self.labs.insert(lab.name.clone(), Arc::new(lab));
        }
        Ok(())
    }

    /// Reads a lab's folder.
    ///
    /// # Errors
    /// Where it cannot be read, or is not a lab: with file and line.
    pub fn read(folder: &Path) -> Result<Lab, LabError> {
        let name = folder.canonicalize().ok();
        let name = name
            .as_deref()
            .unwrap_or(folder)
            .file_name()
            .and_then(|name| name.to_str())
            .unwrap_or_default()
            .to_owned();
        let mut files = Files::new();
        let yaml = text(folder, &name, "lab.yaml")?;
        let asked = wanted(&yaml).map_err(|error| error.of(&format!("{name}/lab.yaml")))?;
        files.insert("lab.yaml".into(), yaml);
        for file in asked {
            let text = text(folder, &name, &file)?;
            files.insert(file, text);
        }
        read(&name, &files, false)
    }

    /// All labs, by name.
    pub fn labs(&self) -> impl Iterator<Item = &Arc<Lab>> {
        self.labs.values()
    }

    /// A lab.
    #[must_use]
    pub fn lab(&self, name: &str) -> Option<&Arc<Lab>> {
        self.labs.get(name)
    }
}

fn text(folder: &Path, lab: &str, file: &str) -> Result<String, LabError> {
    let place = format!("{lab}/{file}");
    let plain = !file.starts_with('.')
        && file.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_'));
    if !plain {
        let message =
            "a file's name is of letters, digits, '.', '-' and '_', and stands in the lab's own folder";
        return Err(LabError::at(0, message).of(&place));
    }
    let path = folder.join(file);
    let failed = |error: std::io::Error| LabError::at(0, format!("cannot be read: {error}")).of(&place);
    let size = std::fs::metadata(&path).map_err(failed)?.len();
    if size > MOST_BYTES as u64 {
        return Err(LabError::at(0, format!("has {size} bytes; at most {MOST_BYTES} are read")).of(&place));
    }
    std::fs::read_to_string(&path).map_err(failed)
}
