//! The built-in labs, and what is wrong in others.

use labs::Library;
use std::path::{Path, PathBuf};

fn labs() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../labs")
}

#[test]
fn built_in_labs_can_be_read_and_every_check_can_be_missed() {
    let library = Library::built_in().unwrap();
    let mut folders = 0;
    for entry in std::fs::read_dir(labs()).unwrap() {
        let path = entry.unwrap().path();
        if !path.is_dir() {
            continue;
        }
        folders += 1;
        let name = path.file_name().unwrap().to_str().unwrap();
        let lab = library.lab(name).unwrap_or_else(|| panic!("labs/{name} is not in the program: see library.rs"));
        assert_eq!(lab.points(), 100, "{name}");
        assert_eq!(labs::unproven(lab), Vec::<String>::new(), "{name} has checks that no mistake misses");
        // What is read from the folder is what is in the program.
        let read = Library::read(&path).unwrap();
        assert_eq!(read.guide, lab.guide);
        for task in &lab.tasks {
            assert!(lab.guide.contains(&task.title), "{name}: the guide has no heading {:?}", task.title);
        }
    }
    assert_eq!(folders, library.labs().count());
}
