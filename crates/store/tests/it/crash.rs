//! The end of a process at any moment: what was acknowledged is there, and nothing is there by half.

use crate::place::{clock, scope};
use crate::rows::{Counter, Topic};
use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use store::{Backend, Durability, Position, Store, StoreError};

const DIRECTORY: &str = "STORE_CRASH_DIRECTORY";
const ROUND: &str = "STORE_CRASH_ROUND";
const ABORT: &str = "STORE_CRASH_ABORT_AFTER";

fn open(path: &Path) -> Store {
    Store::open(Backend::Disk { path: path.to_owned(), durability: Durability::Process }, clock()).unwrap()
}

fn apply(store: &Store) -> usize {
    store
        .apply_from_feed("counter", 5, |changes, tx| {
            let fresh = Counter { scope: scope(), name: "applied".into(), value: 0 };
            let mut counter = tx.get::<Counter>(scope(), "applied")?.unwrap_or(fresh);
            counter.value += i64::try_from(changes.len()).unwrap();
            tx.put(counter)
        })
        .unwrap()
}

/// Not a test, but the process that the tests kill: it commits pairs of topics of all sizes, prints the name of each pair that was
/// acknowledged, and works through its feed.
#[test]
#[ignore = "the tests of this module start it"]
fn writer_process() {
    let Some(directory) = std::env::var_os(DIRECTORY) else { return };
    let round: u32 = std::env::var(ROUND).unwrap().parse().unwrap();
    let abort_after: Option<u32> = std::env::var(ABORT).ok().map(|text| text.parse().unwrap());
    let store = open(Path::new(&directory));
    std::thread::scope(|threads| {
        for thread in 0..2 {
            let store = &store;
            threads.spawn(move || {
                for number in 0..u32::MAX {
                    let name = format!("{round}-{thread}-{number}");
                    let size = (number as usize * 7919) % 40_000;
                    let owner = "o".repeat(if number % 3 == 0 { size } else { 10 });
                    store
                        .transact(None, |tx| {
                            tx.insert(Topic::new(scope(), &format!("{name}-left"), &owner))?;
                            tx.insert(Topic::new(scope(), &format!("{name}-right"), "x"))
                        })
                        .unwrap();
                    let mut out = std::io::stdout().lock();
                    writeln!(out, "\nacknowledged {name}").unwrap();
                    out.flush().unwrap();
                    if abort_after == Some(number) {
                        std::process::abort();
                    }
                }
            });
        }
        threads.spawn(|| {
            let mut changed = store.subscribe_notify();
            let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
            loop {
                while apply(&store) > 0 {}
                if runtime.block_on(changed.changed()).is_err() {
                    return;
                }
            }
        });
    });
}

fn start(directory: &Path, round: u32, abort_after: Option<u32>) -> Child {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", "crash::writer_process", "--ignored", "--nocapture", "--test-threads", "1"]);
    command.env(DIRECTORY, directory).env(ROUND, round.to_string());
    if let Some(number) = abort_after {
        command.env(ABORT, number.to_string());
    }
    command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap()
}

/// The names that the process acknowledged; it is killed as soon as it has acknowledged so many.
fn acknowledged(mut child: Child, kill_after: Option<usize>) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    for line in lines {
        if let Some(name) = line.unwrap().strip_prefix("acknowledged ") {
            names.insert(name.to_owned());
            if Some(names.len()) == kill_after {
                child.kill().unwrap();
            }
        }
    }
    assert!(!child.wait().unwrap().success(), "it ended by itself");
    names
}

fn verify(directory: &Path, acknowledged: &BTreeSet<String>) {
    let store = open(directory);
    let topics = store.view().list::<Topic>(scope()).unwrap();
    let names: BTreeSet<&str> = topics.iter().map(|topic| topic.name.as_str()).collect();
    for name in acknowledged {
        for half in ["left", "right"] {
            assert!(
                names.contains(format!("{name}-{half}").as_str()),
                "{name}-{half} was acknowledged and is lost"
            );
        }
    }
    let halves =
        |half: &str| -> BTreeSet<&str> { names.iter().filter_map(|name| name.strip_suffix(half)).collect() };
    assert_eq!(halves("-left"), halves("-right"), "a commit is there by half");
    // Rows, index and feed are written together.
    let indexed = store.view().scan_global_index::<Topic>("everywhere", ()).count().unwrap();
    assert_eq!(indexed, names.len());
    let changes = store.feed().since(Position::START, usize::MAX).unwrap();
    let changed: BTreeSet<&str> = changes.iter().map(|change| change.resource.id.as_str()).collect();
    assert_eq!(changed, names);
    assert_eq!(changes.len(), names.len());
    assert!(changes.windows(2).all(|pair| pair[0].position() < pair[1].position()));
    while apply(&store) > 0 {}
    let applied = store.view().get::<Counter>(scope(), "applied").unwrap().unwrap().value;
    assert_eq!(applied, i64::try_from(changes.len()).unwrap(), "changes were applied not exactly once");
    // It goes on from there.
    store
        .transact(None, |tx| tx.put(Counter { scope: scope(), name: "round".into(), value: applied }))
        .unwrap();
}

#[test]
fn what_was_acknowledged_survives_kill_9() {
    let folder = tempfile::TempDir::new().unwrap();
    let mut all = BTreeSet::new();
    let entropy = clock::Entropy::from_seed(clock::random_seed().unwrap());
    for round in 0..10 {
        let kill_after = 1 + usize::from(entropy.bytes()[0]);
        all.extend(acknowledged(start(folder.path(), round, None), Some(kill_after)));
        verify(folder.path(), &all);
    }
    assert!(all.len() >= 10);
}

#[test]
fn what_was_acknowledged_survives_an_abort() {
    let folder = tempfile::TempDir::new().unwrap();
    let mut all = BTreeSet::new();
    for (round, abort_after) in [0, 1, 17].into_iter().enumerate() {
        let child = start(folder.path(), u32::try_from(round).unwrap(), Some(abort_after));
        all.extend(acknowledged(child, None));
        verify(folder.path(), &all);
    }
}

#[test]
fn another_process_is_told_who_has_the_directory() {
    let folder = tempfile::TempDir::new().unwrap();
    let mut child = start(folder.path(), 0, None);
    let first = BufReader::new(child.stdout.take().unwrap())
        .lines()
        .map(Result::unwrap)
        .find(|line| line.starts_with("acknowledged"));
    assert!(first.is_some());
    let backend = Backend::Disk { path: folder.path().to_owned(), durability: Durability::Process };
    let refused = Store::open(backend, clock()).unwrap_err();
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(matches!(refused, StoreError::Locked { pid: Some(pid), .. } if pid == child.id()), "{refused}");
    open(folder.path());
}
