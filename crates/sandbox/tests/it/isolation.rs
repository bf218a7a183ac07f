//! Code that wants out.

use crate::bench::{Bench, OutcomeExt, exists, handler, invocation};
use serde_json::json;

#[tokio::test]
async fn the_hosts_files_are_not_there() {
    let bench = Bench::new().await;
    let data = bench.folder.path().join("data");
    std::fs::write(&data, "secret").unwrap();
    let other = bench.files(&[("index.py", "# another function's code\n")]);
    let event = json!([
        data,
        bench.folder.path(),
        other,
        other.join("index.py"),
        "/etc/shadow",
        "/root",
        "/home",
        "/work",
        "/var/lib",
        "/sys/fs/cgroup",
        "/old",
        "/new",
        "/dev/kmsg",
        "/dev/mem",
        "/dev/shm",
        "/proc/1/root/etc/shadow",
        "/proc/self/cwd/../../etc/shadow"
    ]);
    let here = ["/etc/shadow", "/root"];
    assert!(here.iter().all(|path| exists(path)), "the test needs something to miss");
    let code = handler(
        "import glob\nfound = []\nfor path in event:\n    try: found.append([path, sorted(os.listdir(path))])\n    \
         except NotADirectoryError: found.append([path, 'file'])\n    except OSError: pass\n\
         return [found, sorted(os.listdir('/'))]",
    );
    let value = bench.run(&code, &event.to_string()).await.value();
    // The ways to the interpreter and to its packages (which are below /tmp here) are there, made of otherwise empty directories.
    let packages = bench.folder.path().display().to_string();
    let found = value[0].as_array().unwrap();
    assert!(
        found.iter().any(|found| found[0] == packages.as_str() && found[1] == json!(["none"])),
        "{value}"
    );
    for found in found {
        assert!(found[0] == "/root" || found[0] == packages.as_str(), "{value}");
        assert!(found[1].as_array().unwrap().len() <= 1, "{value}");
    }
    for name in value[1].as_array().unwrap() {
        let expected = "bin dev etc lib lib32 lib64 libx32 opt proc root sbin tmp usr var nix work";
        assert!(expected.split(' ').any(|known| known == name), "{value}");
    }
}

#[tokio::test]
async fn the_hosts_processes_are_not_there() {
    let bench = Bench::new().await;
    let mut other = bench.start(&handler("return os.getpid()")).await;
    assert_eq!(other.invoke(invocation("{}")).await.value(), json!(2));
    let value = bench
        .evaluate(
            "pids = sorted(int(name) for name in os.listdir('/proc') if name.isdigit())\n\
             def attempt(what):\n    try: return what()\n    except OSError as error: return errno.errorcode[error.errno]\n\
             return [pids, os.getppid(),\n    attempt(lambda: open('/proc/1/environ', 'rb').read().decode()),\n    \
             attempt(lambda: open('/proc/1/mem', 'rb').read(1).decode()),\n    attempt(lambda: os.listdir('/proc/1/fd')),\n    \
             attempt(lambda: os.kill(1, 9)), attempt(lambda: os.kill(1, 15)), os.getpid()]",
        )
        .await;
    assert_eq!(value[0], json!([1, 2]));
    assert_eq!(value[1], 1);
    for refused in [&value[2], &value[3], &value[4]] {
        assert!(["EACCES", "EPERM"].contains(&refused.as_str().unwrap()), "{value}");
    }
    // Its own first process cannot be killed from inside; the signals are ignored.
    assert_eq!(value[7], 2);
    assert_eq!(other.invoke(invocation("{}")).await.value(), json!(2));
}

#[tokio::test]
async fn links_out_of_the_code_lead_nowhere() {
    let bench = Bench::new().await;
    let secret = bench.folder.path().join("secret");
    std::fs::write(&secret, "secret").unwrap();
    let code = handler(
        "results = []\nfor name in ('absolute', 'relative', 'shadow'):\n    try: results.append(open('/var/task/' + name).read())\n    \
         except OSError as error: results.append(errno.errorcode[error.errno])\nreturn results",
    );
    let spec = bench.spec(&[("index.py", &code)]);
    let link = |to: &str, name: &str| std::os::unix::fs::symlink(to, spec.code_dir.join(name)).unwrap();
    link(secret.to_str().unwrap(), "absolute");
    link("../secret", "relative");
    link("/etc/shadow", "shadow");
    let value = bench.sandbox.start(spec.clone()).await.unwrap().invoke(invocation("{}")).await.value();
    assert_eq!(value, json!(["ENOENT", "ENOENT", "ENOENT"]));
}

#[tokio::test]
async fn power_cannot_be_gained() {
    let bench = Bench::new().await;
    let value = bench
        .evaluate(
            "libc = ctypes.CDLL(None, use_errno=True)\n\
             def call(name, *arguments):\n    ctypes.set_errno(0)\n    result = getattr(libc, name)(*arguments)\n    \
             return errno.errorcode.get(ctypes.get_errno(), 'OK') if result < 0 else 'OK'\n\
             def status(name):\n    return next(l.split()[1] for l in open('/proc/self/status') if l.startswith(name + ':'))\n\
             return {\n\
             'mount': call('mount', b'tmpfs', b'/tmp', b'tmpfs', 0, None),\n\
             'remount': call('mount', b'', b'/var/task', b'', 32 | 4096, None),\n\
             'umount': call('umount2', b'/var/task', 2),\n\
             'unshare': call('unshare', 0x10000000),\n\
             'setns': call('setns', 0, 0),\n\
             'ptrace': call('ptrace', 16, 1, 0, 0),\n\
             'ptrace child': call('ptrace', 0, 0, 0, 0),\n\
             'chroot': call('chroot', b'/tmp'),\n\
             'bpf': call('syscall', 321, 0, 0, 0),\n\
             'keyctl': call('syscall', 250, 0, 0, 0),\n\
             'process_vm_readv': call('syscall', 310, 1, 0, 0, 0, 0, 0),\n\
             'io_uring_setup': call('syscall', 425, 1, 0),\n\
             'clone3 is unknown': call('syscall', 435, 0, 0),\n\
             'x32': call('syscall', 0x40000000 + 39),\n\
             'clone into a namespace': call('syscall', 56, 0x10000000 | 17, 0, 0, 0, 0),\n\
             'swapon': call('swapon', b'/tmp/x', 0),\n\
             'reboot': call('reboot', 0),\n\
             'sethostname': call('sethostname', b'x', 1),\n\
             'settimeofday': call('settimeofday', ctypes.create_string_buffer(16), None),\n\
             'personality': call('personality', 0x0040000),\n\
             'setuid 0': call('setuid', 0) != 'OK',\n\
             'setgid 0': call('setgid', 0) != 'OK',\n\
             'setgroups': call('setgroups', 0, None) != 'OK',\n\
             'chown': call('chown', b'/tmp', 0, 0) != 'OK',\n\
             'mknod': call('mknod', b'/tmp/null', 0o20666, 0x103) != 'OK',\n\
             'caps': [status('CapInh'), status('CapPrm'), status('CapEff'), status('CapBnd'), status('CapAmb')],\n\
             'nnp': status('NoNewPrivs'), 'seccomp': status('Seccomp'), 'ids': [os.getuid(), os.getgid(), os.getgroups()],\n\
             'su': subprocess.run(['/bin/su', '-c', 'id -u'], capture_output=True).returncode != 0}",
        )
        .await;
    let none = "0000000000000000";
    let refused = [
        "mount",
        "remount",
        "umount",
        "unshare",
        "setns",
        "ptrace",
        "ptrace child",
        "chroot",
        "bpf",
        "keyctl",
        "process_vm_readv",
        "io_uring_setup",
        "clone into a namespace",
        "swapon",
        "reboot",
        "sethostname",
        "settimeofday",
        "personality",
    ];
    for name in refused {
        assert_eq!(value[name], "EPERM", "{name}: {value}");
    }
    for name in ["clone3 is unknown", "x32"] {
        assert_eq!(value[name], "ENOSYS", "{name}: {value}");
    }
    for name in ["setuid 0", "setgid 0", "setgroups", "chown", "mknod", "su"] {
        assert_eq!(value[name], true, "{name}: {value}");
    }
    assert_eq!(value["caps"], json!([none, none, none, none, none]));
    assert_eq!((&value["nnp"], &value["seccomp"]), (&json!("1"), &json!("2")));
    assert_eq!(value["ids"][0], 993, "{value}");
    assert_eq!(value["ids"][1], 993, "{value}");
}

#[tokio::test]
async fn nothing_of_the_server_is_inherited() {
    let bench = Bench::new().await;
    let value = bench
        .evaluate(
            "open_files = sorted(os.readlink('/proc/self/fd/' + name).split(':')[0] for name in os.listdir('/proc/self/fd')\n    \
             if os.path.islink('/proc/self/fd/' + name))\n\
             import json\n\
             return [open_files, open('/proc/self/cmdline').read().split('\\0'), os.uname().nodename, open('/proc/self/cgroup').read(),\n    \
             open('/etc/passwd').read(), os.getpgrp() != 0]",
        )
        .await;
    // Input, the two ends of output, the Runtime API's connection, and what listed them.
    assert_eq!(value[0], json!(["/dev/null", "pipe", "pipe", "socket"]), "{value}");
    assert_eq!(value[1], json!(["/var/lang/bin/python3.12", "/var/runtime/bootstrap.py", ""]));
    assert_eq!(value[2], "lambda");
    let groups = value[3].as_str().unwrap();
    assert!(!groups.contains("cloudchamber"), "{groups}");
    assert!(value[4].as_str().unwrap().contains("sbx_user1051"));
}

#[tokio::test]
async fn all_processes_end_with_the_environment() {
    let bench = Bench::new().await;
    let marker = format!("{}.5", 1_000_000 + std::process::id());
    let body = format!(
        "child = subprocess.Popen(['/bin/sleep', '{marker}'], start_new_session=True)\n\
         while '{marker}' not in open('/proc/%d/cmdline' % child.pid).read(): pass\nreturn 1"
    );
    let mut environment = bench.start(&handler(&body)).await;
    environment.invoke(invocation("{}")).await.value();
    assert_eq!(sleepers(&marker), 1);
    environment.kill().await;
    assert_eq!(sleepers(&marker), 0);
}

/// Processes of this machine that have this among their arguments.
fn sleepers(marker: &str) -> usize {
    let processes = std::fs::read_dir("/proc").unwrap().flatten();
    let lines = processes.filter_map(|process| std::fs::read(process.path().join("cmdline")).ok());
    lines.filter(|line| line.split(|byte| *byte == 0).any(|argument| argument == marker.as_bytes())).count()
}

#[tokio::test]
async fn credentials_show_in_no_debug_output() {
    let bench = Bench::new().await;
    let shown = format!("{:?} {:?}", bench.spec(&[]), invocation("{\"password\": \"hunter2\"}"));
    assert!(!shown.contains("secret") && !shown.contains("hunter2"), "{shown}");
}

#[tokio::test]
async fn the_functions_own_variables_show_where_attackers_look_for_them() {
    let bench = Bench::new().await;
    let value = bench.evaluate("return open('/proc/self/environ').read().split('\\0')").await;
    let shown: Vec<&str> = value.as_array().unwrap().iter().filter_map(|item| item.as_str()).collect();
    assert!(
        shown.contains(&"AWS_SECRET_ACCESS_KEY=secret") && shown.contains(&"_HANDLER=index.handler"),
        "{shown:?}"
    );
}

const DOOMED: &str = "SANDBOX_TEST_DOOMED_SERVER";

#[tokio::test]
async fn nothing_outlives_a_server_that_was_killed() {
    let marker = std::env::var(DOOMED).unwrap_or_else(|_| format!("{}.25", 1_000_000 + std::process::id()));
    if std::env::var_os(DOOMED).is_some() {
        let bench = Bench::new().await;
        let body = format!(
            "child = subprocess.Popen(['/bin/sleep', '{marker}'], start_new_session=True)\n\
             while '{marker}' not in open('/proc/%d/cmdline' % child.pid).read(): pass\nreturn 1"
        );
        let mut environment = bench.start(&handler(&body)).await;
        environment.invoke(invocation("{}")).await.value();
        assert_eq!(sleepers(&marker), 1);
        println!("the sandbox runs");
        rustix::process::kill_process(rustix::process::getpid(), rustix::process::Signal::KILL).unwrap();
    }
    let output = std::process::Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "isolation::nothing_outlives_a_server_that_was_killed", "--nocapture"])
        .env(DOOMED, &marker)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(!output.status.success() && said.contains("the sandbox runs"), "{said}");
    // The kernel takes a moment to take a namespace down.
    for _ in 0..500 {
        if sleepers(&marker) == 0 {
            return;
        }
        std::thread::yield_now();
        std::fs::read_dir("/proc").unwrap().for_each(drop);
    }
    panic!("a process of the sandbox is still there");
}

#[tokio::test]
async fn an_environment_whose_caller_went_away_is_not_used_again() {
    let bench = Bench::new().await;
    let mut environment = bench.start(&handler("while True: pass")).await;
    let late =
        tokio::time::timeout(std::time::Duration::from_millis(100), environment.invoke(invocation("{}")))
            .await;
    assert!(late.is_err() && !environment.is_usable());
    let outcome = environment.invoke(invocation("{}")).await;
    assert_eq!(outcome.result.error_type(), Some("Runtime.ExitError"));
}

#[tokio::test]
async fn a_zygote_that_was_killed_is_replaced() {
    let bench = Bench::new().await;
    let mut first = bench.start(&handler("return 1")).await;
    assert_eq!(first.invoke(invocation("{}")).await.value(), 1);
    for pid in zygotes() {
        rustix::process::kill_process(pid, rustix::process::Signal::KILL).unwrap();
    }
    assert_eq!(bench.evaluate("return 2").await, 2);
    // What the first had forked goes on.
    assert_eq!(first.invoke(invocation("{}")).await.value(), 1);
}

/// The children of this process's threads that are Python zygotes.
fn zygotes() -> Vec<rustix::process::Pid> {
    let mut found = Vec::new();
    for thread in std::fs::read_dir("/proc/self/task").unwrap().flatten() {
        let children = std::fs::read_to_string(thread.path().join("children")).unwrap_or_default();
        for child in children.split_whitespace() {
            let line = std::fs::read_to_string(format!("/proc/{child}/cmdline")).unwrap_or_default();
            if line.contains("zygote.main") {
                found.extend(rustix::process::Pid::from_raw(child.parse().unwrap()));
            }
        }
    }
    assert!(!found.is_empty());
    found
}

#[tokio::test]
async fn many_start_at_once() {
    let bench = Bench::new().await;
    let code = handler("return os.getpid()");
    let spec = bench.spec(&[("index.py", &code)]);
    let one = || async {
        let mut environment = bench.sandbox.start(spec.clone()).await.unwrap();
        environment.invoke(invocation("{}")).await.value()
    };
    let (a, b, c, d, e, f) = tokio::join!(one(), one(), one(), one(), one(), one());
    assert_eq!([a, b, c, d, e, f], [2, 2, 2, 2, 2, 2].map(|pid| json!(pid)));
}
