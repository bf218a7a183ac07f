//! Builds the file system that a sandbox sees and moves into it.

use crate::plan::{Bind, Plan, Separation};
use crate::{Failure, at, sys};
use std::ffi::c_ulong;
use std::fs;
use std::path::Path;

const MS_NOSUID: c_ulong = 2;
const MS_NODEV: c_ulong = 4;
const MS_NOEXEC: c_ulong = 8;
const MS_RDONLY: c_ulong = 1;
const MS_BIND: c_ulong = 4096;
const MS_REC: c_ulong = 16384;
const MS_PRIVATE: c_ulong = 1 << 18;

const READ_ONLY: u64 = 1;
const NO_SUID: u64 = 2;
const NO_DEVICES: u64 = 4;
const NO_EXEC: u64 = 8;

/// Where the host's root and the new root are while the new one is being built.
const OLD: &str = "/old";
const NEW: &str = "/new";

/// After this the host's files are gone except those that the plan shows, and `/tmp` is the only place to write.
pub(crate) fn build(plan: &Plan) -> Result<(), Failure> {
    at("make mounts private", sys::mount("", "/", "", MS_REC | MS_PRIVATE, ""))?;
    at("mount a staging area", tmpfs(&plan.staging, "size=1m,mode=0755"))?;
    at("enter the staging area", std::env::set_current_dir(&plan.staging))?;
    at("make the staging area", fs::create_dir("old").and_then(|()| fs::create_dir("new")))?;
    // The first pivot uncovers what the staging area hid, so that code below the staging path can be bound, too.
    at("pivot into the staging area", sys::pivot_root(".", "old"))?;
    at("enter the staging area", std::env::set_current_dir("/"))?;
    at("mount the new root", tmpfs(NEW, "size=4m,nr_inodes=4096,mode=0755"))?;

    for directory in &plan.directories {
        at(directory, fs::create_dir_all(inside(directory)))?;
    }
    // Before the binds: an interpreter or its packages may live below /tmp, and is shown there, read-only.
    let owner = if plan.separation == Separation::Root { plan.outside } else { plan.inside };
    let options = format!("size={}m,nr_inodes=262144,mode=0700,uid={owner},gid={owner}", plan.tmp_megabytes);
    at("mount /tmp", fs::create_dir_all(inside("/tmp")).and_then(|()| tmpfs(&inside("/tmp"), &options)))?;
    for bind in &plan.binds {
        at(&format!("show {} as {}", bind.source, bind.target), show(bind))?;
    }
    if let Some(overlay) = &plan.overlay {
        let target = inside(&overlay.target);
        // overlayfs wants the topmost first.
        let sources: Vec<_> = overlay.sources.iter().rev().map(|source| format!("{OLD}{source}")).collect();
        let data = format!("lowerdir={}", sources.join(":"));
        at("make the layers' directory", fs::create_dir_all(&target))?;
        let flags = MS_RDONLY | MS_NOSUID | MS_NODEV;
        at(
            "lay the layers over each other (overlayfs)",
            sys::mount("overlay", &target, "overlay", flags, &data),
        )?;
    }
    for file in &plan.files {
        let path = inside(&file.path);
        at(&file.path, make_parent(&path).and_then(|()| fs::write(&path, &file.contents)))?;
    }
    for link in &plan.links {
        let path = inside(&link.path);
        at(&link.path, make_parent(&path).and_then(|()| std::os::unix::fs::symlink(&link.to, &path)))?;
    }
    mount_proc()?;

    at("make the root read-only", sys::set_mount_attributes(NEW, READ_ONLY | NO_SUID | NO_DEVICES, false))?;
    at("enter the new root", std::env::set_current_dir(NEW))?;
    at("pivot into the new root", sys::pivot_root(".", "."))?;
    at("let go of the host's root", sys::unmount_lazily("."))?;
    at("enter the new root", std::env::set_current_dir("/"))
}

fn inside(path: &str) -> String {
    format!("{NEW}{path}")
}

fn make_parent(path: &str) -> std::io::Result<()> {
    Path::new(path).parent().map_or(Ok(()), fs::create_dir_all)
}

fn tmpfs(target: &str, options: &str) -> std::io::Result<()> {
    sys::mount("tmpfs", target, "tmpfs", MS_NOSUID | MS_NODEV, options)
}

fn show(bind: &Bind) -> std::io::Result<()> {
    let source = format!("{OLD}{}", bind.source);
    let target = inside(&bind.target);
    if fs::metadata(&source)?.is_dir() {
        fs::create_dir_all(&target)?;
    } else {
        make_parent(&target)?;
        fs::File::create(&target)?;
    }
    sys::mount(&source, &target, "", MS_BIND | MS_REC, "")?;
    let attributes = if bind.device { NO_SUID | NO_EXEC } else { READ_ONLY | NO_SUID | NO_DEVICES };
    sys::set_mount_attributes(&target, attributes, true)
}

/// A container runtime that masks parts of `/proc` also forbids to mount a fresh one. Then the sandbox has an empty
/// `/proc`: less than Lambda shows, and nothing of the host.
fn mount_proc() -> Result<(), Failure> {
    let target = inside("/proc");
    at("make /proc", fs::create_dir_all(&target))?;
    match sys::mount("proc", &target, "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, "") {
        Err(error) if error.kind() == std::io::ErrorKind::PermissionDenied => Ok(()),
        other => at("mount /proc", other),
    }
}
