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
        let lab =
            library.lab(name).unwrap_or_else(|| panic!("labs/{name} is not in the program: see library.rs"));
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

fn refused(change: impl Fn(&str) -> String) -> String {
    let folder = tempfile::tempdir().unwrap();
    let yaml = change(crate::support::LAB.trim_start());
    crate::support::write(folder.path(), "users", &yaml);
    Library::read(&folder.path().join("users")).unwrap_err().to_string()
}

fn replaced(from: &str, to: &str) -> String {
    refused(|yaml| {
        assert!(yaml.contains(from), "{from}");
        yaml.replacen(from, to, 1)
    })
}

#[test]
fn what_is_wrong_is_told_with_file_line_and_what_to_do() {
    for (from, to, told) in [
        ("lab: users", "lab: Users", "users/lab.yaml:1: lab is \"Users\", and the folder \"users\""),
        ("        points: 3\n", "", "users/lab.yaml:15: the check there needs points"),
        ("points: 3", "points: three", "users/lab.yaml:17: points must be a whole number from 0 to 1000"),
        (
            "expect: { contains",
            "expects: { contains",
            "users/lab.yaml:19: a check has no member expects; it may have id, says",
        ),
        (
            "contains: \"${group}\"",
            "contans: 1",
            "users/lab.yaml:19: an assertion has no member contans; it may have",
        ),
        (
            "contains: \"${group}\"",
            "contains: \"${grup}\"",
            "users/lab.yaml:19: ${grup} is not defined (before this); there are account",
        ),
        (
            "contains: \"${group}\", otherwise",
            "otherwise",
            "users/lab.yaml:19: an assertion is one of all, any, not, or find with one of",
        ),
        (
            "iam:ListGroups",
            "iam:DeleteGroup",
            "users/lab.yaml:6: DeleteGroup may change something; a check only reads",
        ),
        (
            "iam:ListGroups",
            "ListGroups",
            "users/lab.yaml:6: \"ListGroups\" is no operation; write service:Operation",
        ),
        ("Groups[].GroupName", "Groups[", "users/lab.yaml:6: \"Groups[\" is not JMESPath"),
        ("points: 1,", "", "users/lab.yaml:20: of the check kinds, either every part has points or none has"),
        ("id: kinds", "id: there", "users/lab.yaml:20: the id there is there twice"),
        ("notes.txt", "../../etc/passwd", "users/../../etc/passwd: a file's name is of letters"),
        ("notes.txt", "missing.txt", "users/missing.txt: cannot be read"),
        ("read: groups", "read: grups", "users/lab.yaml:15: ${grups} is not defined"),
    ] {
        let found = replaced(from, to);
        assert!(found.starts_with(told), "{from:?} to {to:?}:\n{found}\n{told}");
    }
    let step = "solution: [{ id: a, call: \"iam:CreateGroup\" }]\nmistakes:\n";
    for (mistake, told) in [
        ("  - { id: m, says: M, skip: [b], loses: { group.there: 3 } }", "the solution has no step b"),
        (
            "  - { id: m, says: M, skip: [a], loses: { group.that: 3 } }",
            "group.that is no check; write task.check",
        ),
        (
            "  - { id: m, says: M, skip: [a], loses: { group.there: 4 } }",
            "group.there must be a whole number from 0 to 3",
        ),
        ("  - { id: m, says: M, loses: { group.there: 3 } }", "the mistake m changes nothing"),
        ("  - { id: m, says: M, skip: [a] }", "the mistake m loses nothing"),
    ] {
        let found = refused(|yaml| format!("{yaml}{step}{mistake}\n"));
        assert!(found.contains(told), "{found}");
    }
}
