use std::time::Duration;

/// The processor time that a process and its living children have used. Linux counts it in hundredths of a second.
#[must_use]
pub fn cpu_of(pid: u32) -> Duration {
    let mut ticks = own_ticks(pid);
    for child in children(pid) {
        ticks += cpu_of(child).as_millis() as u64 / 10;
    }
    Duration::from_millis(ticks * 10)
}

/// The resident memory of a process and its living children, in bytes.
#[must_use]
pub fn resident_of(pid: u32) -> u64 {
    let own = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    let kib = own
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:")?.split_whitespace().next()?.parse::<u64>().ok());
    kib.unwrap_or(0) * 1024 + children(pid).into_iter().map(resident_of).sum::<u64>()
}

fn own_ticks(pid: u32) -> u64 {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    // The name, in parentheses, may hold spaces.
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    let field = |index: usize| fields.get(index).and_then(|text| text.parse::<u64>().ok()).unwrap_or(0);
    field(11) + field(12)
}

fn children(pid: u32) -> Vec<u32> {
    let tasks = std::fs::read_dir(format!("/proc/{pid}/task")).into_iter().flatten().flatten();
    tasks
        .flat_map(|task| {
            let text = std::fs::read_to_string(task.path().join("children")).unwrap_or_default();
            text.split_whitespace().filter_map(|child| child.parse().ok()).collect::<Vec<_>>()
        })
        .collect()
}
