//! Inline code: a template's text as a deployment package.

use bytes::Bytes;
use contract::HandlerFailure;
use std::io::{Cursor, Write};
use zip::write::SimpleFileOptions;

/// The longest inline code, in bytes.
const LONGEST: usize = 4 * 1024 * 1024;

/// A package with the text as `index.py` (for Node.js `index.js`). The same text makes the same bytes.
pub(super) fn inline(text: &str, runtime: Option<&str>) -> Result<Bytes, HandlerFailure> {
    if text.len() > LONGEST {
        return Err(HandlerFailure::invalid(format!(
            "#/Code/ZipFile: expected maxLength: {LONGEST}, actual: {}",
            text.len()
        )));
    }
    let name = match runtime {
        Some(runtime) if runtime.starts_with("python") => "index.py",
        Some(runtime) if runtime.starts_with("nodejs") => "index.js",
        _ => {
            let message = "ZipFile can only be used when Runtime is set to either of nodejs, python.";
            return Err(HandlerFailure::invalid(message));
        }
    };
    let failed = |error: zip::result::ZipError| {
        HandlerFailure::new("InternalFailure", format!("the inline code cannot be packed: {error}"))
    };
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options =
        SimpleFileOptions::default().last_modified_time(zip::DateTime::default()).unix_permissions(0o644);
    archive.start_file(name, options).map_err(failed)?;
    archive.write_all(text.as_bytes()).map_err(|error| failed(error.into()))?;
    Ok(archive.finish().map_err(failed)?.into_inner().into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_becomes_index_py() {
        let package = inline("def handler(event, context): pass", Some("python3.12")).unwrap();
        assert_eq!(package, inline("def handler(event, context): pass", Some("python3.12")).unwrap());
        let directory = tempfile::tempdir().unwrap();
        sandbox::unpack_zip(&package, directory.path()).unwrap();
        let text = std::fs::read_to_string(directory.path().join("index.py")).unwrap();
        assert_eq!(text, "def handler(event, context): pass");
        assert!(inline("x", Some("provided.al2023")).is_err());
        assert!(inline("x", None).is_err());
    }
}
