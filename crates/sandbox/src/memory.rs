//! Measures what an environment uses.

use crate::cgroups::Group;
use std::fs;

/// Watches the memory of one environment.
#[derive(Debug)]
pub(crate) struct Meter {
    group: Option<Group>,
    /// The first process, as the server sees it.
    pid: i32,
    limit: u64,
    highest: u64,
}

impl Meter {
    /// `limit` in bytes.
    pub(crate) fn new(group: Option<Group>, pid: i32, limit: u64) -> Meter {
        Meter { group, pid, limit, highest: 0 }
    }

    /// Takes a reading; true if the environment uses more than it may.
    pub(crate) fn exceeded(&mut self) -> bool {
        let used = match self.group.as_ref().and_then(Group::anonymous) {
            Some(used) => used,
            None => of_tree(self.pid, field(self.pid, "RssAnon:"), 0),
        };
        self.highest = self.highest.max(used);
        used > self.limit
    }

    /// Whether the kernel has intervened.
    pub(crate) fn ran_out(&self) -> bool {
        self.group.as_ref().is_some_and(Group::ran_out_of_memory)
    }

    /// The most that was seen, in MB as AWS counts them. What a runtime shares with the zygote is counted as its own, since
    /// on AWS it would be.
    pub(crate) fn highest_mb(&mut self) -> u32 {
        let runtime = children(self.pid).first().map_or(0, |runtime| field(*runtime, "VmHWM:"));
        self.highest = self.highest.max(runtime.min(self.limit));
        if self.highest == 0 {
            // It ended before anybody looked.
            let peak = self.group.as_ref().and_then(Group::peak).unwrap_or(1 << 20);
            self.highest = peak.min(self.limit);
        }
        u32::try_from(self.highest.div_ceil(1 << 20)).unwrap_or(u32::MAX)
    }
}

/// Anonymous memory of the first process's descendants. What each has inherited from the zygote, and still shares with it,
/// the first process has as well, and that much is left out.
fn of_tree(pid: i32, inherited: u64, depth: u32) -> u64 {
    const DEEPEST: u32 = 64;
    if depth > DEEPEST {
        return 0;
    }
    let own = if depth == 0 { 0 } else { field(pid, "RssAnon:").saturating_sub(inherited) };
    children(pid).into_iter().fold(own, |sum, child| sum.saturating_add(of_tree(child, inherited, depth + 1)))
}

fn children(pid: i32) -> Vec<i32> {
    let list = fs::read_to_string(format!("/proc/{pid}/task/{pid}/children")).unwrap_or_default();
    list.split_whitespace().filter_map(|child| child.parse().ok()).collect()
}

/// A field of `/proc/…/status`, in bytes.
fn field(pid: i32, name: &str) -> u64 {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    let kilobytes = status
        .lines()
        .find_map(|line| line.strip_prefix(name)?.trim().strip_suffix("kB")?.trim().parse::<u64>().ok());
    kilobytes.unwrap_or(0) << 10
}
