//! Control groups, of either version, wherever this process may make them. Without any, resource limits have to do.

use parking_lot::Mutex;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

/// Where groups for environments can be made.
#[derive(Debug)]
pub(crate) struct Cgroups {
    bases: Vec<(Kind, PathBuf)>,
    /// Groups whose processes may not have ended yet.
    emptied: Mutex<Vec<PathBuf>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Memory1,
    Pids1,
    Unified,
}

/// The groups of one environment; removed after it has gone.
#[derive(Debug)]
pub(crate) struct Group {
    folders: Vec<(Kind, PathBuf)>,
    owner: Arc<Cgroups>,
}

const PREFIX: &str = "cloudchamber-";

/// Distinguishes the sandboxes of one process.
static MADE: AtomicU32 = AtomicU32::new(0);

impl Cgroups {
    /// Looks for hierarchies in which this process may make groups.
    pub(crate) fn discover() -> Cgroups {
        let mounts = fs::read_to_string("/proc/self/mounts").unwrap_or_default();
        let own = fs::read_to_string("/proc/self/cgroup").unwrap_or_default();
        let mut bases = Vec::new();
        for (kind, parents) in places(&mounts, &own) {
            if let Some(base) = parents.iter().find_map(|parent| make_base(kind, parent)) {
                bases.push((kind, base));
            }
        }
        // Where version 1 has the controllers, version 2 does not.
        if bases.iter().any(|(kind, _)| *kind == Kind::Unified) {
            bases.retain(|(kind, _)| *kind == Kind::Unified);
        }
        Cgroups { bases, emptied: Mutex::default() }
    }

    /// Whether memory is limited by a group.
    pub(crate) fn limits_memory(&self) -> bool {
        self.bases.iter().any(|(kind, _)| *kind != Kind::Pids1)
    }

    /// Makes the groups of one environment.
    pub(crate) fn create(self: &Arc<Self>, name: &str, memory: u64, processes: u64) -> io::Result<Group> {
        self.sweep();
        let mut group = Group { folders: Vec::new(), owner: Arc::clone(self) };
        for (kind, base) in &self.bases {
            let folder = base.join(name);
            fs::create_dir(&folder)?;
            group.folders.push((*kind, folder.clone()));
            let set = |file: &str, value: u64| fs::write(folder.join(file), value.to_string());
            match kind {
                Kind::Memory1 => {
                    set("memory.limit_in_bytes", memory)?;
                    // Only where swap is accounted.
                    let _ = set("memory.memsw.limit_in_bytes", memory);
                }
                Kind::Pids1 => set("pids.max", processes)?,
                Kind::Unified => {
                    set("memory.max", memory)?;
                    let _ = set("memory.swap.max", 0);
                    set("pids.max", processes)?;
                }
            }
        }
        Ok(group)
    }

    fn sweep(&self) {
        self.emptied.lock().retain(|folder| fs::remove_dir(folder).is_err() && folder.exists());
    }
}

impl Drop for Cgroups {
    fn drop(&mut self) {
        self.sweep();
        for (_, base) in &self.bases {
            let _ = fs::remove_dir(base);
        }
    }
}

impl Group {
    /// The files by which a process joins: it writes `0`.
    pub(crate) fn entrances(&self) -> io::Result<Vec<fs::File>> {
        self.folders
            .iter()
            .map(|(_, folder)| fs::OpenOptions::new().write(true).open(folder.join("cgroup.procs")))
            .collect()
    }

    /// Bytes of memory in use that are no file's (and no tmpfs's): what Lambda's memory size is about.
    pub(crate) fn anonymous(&self) -> Option<u64> {
        self.folders.iter().find_map(|(kind, folder)| {
            let field = match kind {
                Kind::Memory1 => "total_rss",
                Kind::Unified => "anon",
                Kind::Pids1 => return None,
            };
            value(&fs::read_to_string(folder.join("memory.stat")).ok()?, field)
        })
    }

    /// The most bytes that were ever in use, files included.
    pub(crate) fn peak(&self) -> Option<u64> {
        self.folders.iter().find_map(|(kind, folder)| {
            let file = match kind {
                Kind::Memory1 => "memory.max_usage_in_bytes",
                Kind::Unified => "memory.peak",
                Kind::Pids1 => return None,
            };
            fs::read_to_string(folder.join(file)).ok()?.trim().parse().ok()
        })
    }

    /// Whether the kernel has ended a process of the group for want of memory.
    pub(crate) fn ran_out_of_memory(&self) -> bool {
        self.folders.iter().any(|(kind, folder)| {
            let file = match kind {
                Kind::Memory1 => "memory.oom_control",
                Kind::Unified => "memory.events",
                Kind::Pids1 => return false,
            };
            let text = fs::read_to_string(folder.join(file)).unwrap_or_default();
            value(&text, "oom_kill").is_some_and(|count| count > 0)
        })
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        let folders = std::mem::take(&mut self.folders).into_iter().map(|(_, folder)| folder);
        self.owner.emptied.lock().extend(folders);
        self.owner.sweep();
    }
}

fn value(text: &str, field: &str) -> Option<u64> {
    text.lines().find_map(|line| line.strip_prefix(field)?.strip_prefix(' ')?.trim().parse().ok())
}

/// The directories below which groups might be made, best first, for each kind of hierarchy.
fn places(mounts: &str, own: &str) -> Vec<(Kind, Vec<PathBuf>)> {
    let mut found = Vec::new();
    for line in mounts.lines() {
        let mut fields = line.split(' ').skip(1);
        let (Some(point), Some(kind), Some(options)) = (fields.next(), fields.next(), fields.next()) else {
            continue;
        };
        let point = Path::new(point);
        let has = |controller: &str| options.split(',').any(|option| option == controller);
        let below = |controller: &str| {
            let own = own_path(own, controller).unwrap_or("/").trim_start_matches('/');
            let inside = point.join(own);
            if inside.is_dir() { inside } else { point.to_owned() }
        };
        match kind {
            "cgroup" if has("memory") => found.push((Kind::Memory1, vec![below("memory")])),
            "cgroup" if has("pids") => found.push((Kind::Pids1, vec![below("pids")])),
            "cgroup2" => {
                // A group that holds processes (ours does) cannot have groups with controllers below it, save the root.
                // Its parent can, if whoever owns it let us.
                let inside = below("");
                let parent = inside.parent().filter(|parent| parent.starts_with(point)).map(Path::to_owned);
                found.push((Kind::Unified, [Some(inside), parent].into_iter().flatten().collect()));
            }
            _ => {}
        }
    }
    found
}

fn own_path<'a>(own: &'a str, controller: &str) -> Option<&'a str> {
    own.lines().find_map(|line| {
        let mut fields = line.splitn(3, ':').skip(1);
        let (controllers, path) = (fields.next()?, fields.next()?);
        controllers.split(',').any(|one| one == controller).then_some(path)
    })
}

fn make_base(kind: Kind, parent: &Path) -> Option<PathBuf> {
    let enable = |folder: &Path| {
        kind != Kind::Unified || fs::write(folder.join("cgroup.subtree_control"), "+memory +pids").is_ok()
    };
    if !enable(parent) {
        return None;
    }
    remove_abandoned(parent);
    let number = MADE.fetch_add(1, Ordering::Relaxed);
    let base = parent.join(format!("{PREFIX}{}-{number}", std::process::id()));
    fs::create_dir(&base).ok()?;
    let probe = base.join("probe");
    let works = enable(&base)
        && fs::create_dir(&probe).is_ok()
        && fs::OpenOptions::new().write(true).open(probe.join("cgroup.procs")).is_ok();
    let _ = fs::remove_dir(&probe);
    if works {
        Some(base)
    } else {
        let _ = fs::remove_dir(&base);
        None
    }
}

/// Groups of servers that were killed. Only empty ones can be removed, so this cannot hurt a living one.
fn remove_abandoned(parent: &Path) {
    for base in fs::read_dir(parent).into_iter().flatten().flatten() {
        let name = base.file_name();
        let Some(pid) = name.to_str().and_then(|name| name.strip_prefix(PREFIX)?.split('-').next()) else {
            continue;
        };
        if Path::new("/proc").join(pid).exists() {
            continue;
        }
        for group in fs::read_dir(base.path()).into_iter().flatten().flatten() {
            let _ = fs::remove_dir(group.path());
        }
        let _ = fs::remove_dir(base.path());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_its_own_place_in_either_version() {
        let own = "8:pids:/a\n4:memory:/b/c\n1:cpu,cpuacct:/d\n0::/user.slice/x.scope\n";
        assert_eq!(own_path(own, "memory"), Some("/b/c"));
        assert_eq!(own_path(own, "cpuacct"), Some("/d"));
        assert_eq!(own_path(own, ""), Some("/user.slice/x.scope"));
        assert_eq!(own_path(own, "blkio"), None);
    }

    #[test]
    fn reads_only_the_whole_name_of_a_field() {
        assert_eq!(value("oom_kill_disable 0\nunder_oom 0\noom_kill 3\n", "oom_kill"), Some(3));
        assert_eq!(value("rss 1\ntotal_rss 2\n", "rss"), Some(1));
    }
}
