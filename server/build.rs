//! Lists the console's files for the binary to hold. Debug builds read them from the disk, so that a page is seen as soon as it is built.
//!
//! By hand and not by rust-embed: that one needs a folder that is there when the server is compiled, and would bring six packages for these lines.

use std::fmt::Write;
use std::path::{Path, PathBuf};

fn main() -> std::io::Result<()> {
    println!("cargo:rerun-if-changed=build.rs");
    let dist = PathBuf::from("..").canonicalize()?.join("console/dist");
    println!("cargo:rustc-env=CLOUDCHAMBER_CONSOLE={}", dist.display());
    let embeds = std::env::var("PROFILE").is_ok_and(|profile| profile != "debug");
    let mut list = String::from("&[\n");
    if embeds {
        // An empty folder can be watched; one that is not there would have the server built anew each time.
        std::fs::create_dir_all(&dist)?;
        println!("cargo:rerun-if-changed={}", dist.display());
        let mut files = Vec::new();
        collect(&dist, &mut files)?;
        files.sort();
        for file in files {
            let name = file.strip_prefix(&dist).map_err(std::io::Error::other)?;
            let _ = writeln!(list, "    ({name:?}, include_bytes!({file:?})),");
        }
    }
    list.push_str("]\n");
    println!("cargo:rustc-check-cfg=cfg(embedded_console)");
    if embeds {
        println!("cargo:rustc-cfg=embedded_console");
    }
    let out = std::env::var_os("OUT_DIR").ok_or_else(|| std::io::Error::other("no OUT_DIR"))?;
    std::fs::write(Path::new(&out).join("console.rs"), list)
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> std::io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() { collect(&entry.path(), files)? } else { files.push(entry.path()) }
    }
    Ok(())
}
