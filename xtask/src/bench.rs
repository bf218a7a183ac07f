//! `cargo xtask bench`: us beside a bare server and the peers, in one run.

use crate::problem::Problem;
use crate::{chromium, console, python, shell};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// A server that is measured.
struct Server {
    name: &'static str,
    program: String,
    arguments: Vec<String>,
    env: Vec<(&'static str, String)>,
    port: u16,
}

/// One line of figures.
struct Line {
    server: String,
    workload: String,
    connections: String,
    figures: Vec<String>,
}

/// Measures, and prints tables as Markdown.
pub(crate) fn run(root: &Path, seconds: u32) -> Result<(), Problem> {
    let python = python::environment(root)?.to_string_lossy().into_owned();
    let peers = peers(root)?;
    // Before the server, which holds its pages.
    console::build(root)?;
    chromium::install(root)?;
    shell::run(
        root,
        "cargo",
        &["build", "--release", "--package", "cloudchamber", "--package", "throughput"],
    )?;
    let scratch = root.join("target/bench");
    let _ = std::fs::remove_dir_all(&scratch);
    std::fs::create_dir_all(&scratch).map_err(|error| Problem::file(&scratch, error))?;
    let release = |name: &str| root.join("target/release").join(name).to_string_lossy().into_owned();
    let data = scratch.join("data").to_string_lossy().into_owned();
    let ports = free_ports()?;
    let text = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
    let servers = [
        Server {
            name: "bare hyper",
            program: release("bare"),
            arguments: vec![ports[0].to_string()],
            env: Vec::new(),
            port: ports[0],
        },
        Server {
            name: "Cloudchamber",
            program: release("cloudchamber"),
            arguments: text(&["up", "--log", "error", "--data-dir", &data, "--port", &ports[1].to_string()]),
            env: vec![("CLOUDCHAMBER_PYTHON", python.clone())],
            port: ports[1],
        },
        Server {
            name: "moto",
            program: peers.join("bin/moto_server").to_string_lossy().into_owned(),
            arguments: text(&["-p", &ports[2].to_string()]),
            env: Vec::new(),
            port: ports[2],
        },
        Server {
            name: "ministack",
            program: peers.join("bin/ministack").to_string_lossy().into_owned(),
            arguments: Vec::new(),
            env: vec![("GATEWAY_PORT", ports[3].to_string()), ("PORT", ports[3].to_string())],
            port: ports[3],
        },
    ];
    let mut lines = Vec::new();
    for server in &servers {
        eprintln!("== {}", server.name);
        match measure(root, server, &release("drive"), seconds, &python) {
            Ok(more) => lines.extend(more),
            Err(problem) => eprintln!("{} is left out: {problem}", server.name),
        }
    }
    print(&lines);
    let env = [("CLOUDCHAMBER_BIN", &*release("cloudchamber")), ("CLOUDCHAMBER_PYTHON", &*python)];
    shell::run_with(root, "node", &["console/tests/run.mjs", "measure"], &env)
}

fn peers(root: &Path) -> Result<std::path::PathBuf, Problem> {
    let venv = root.join("target/bench-venv");
    if !venv.join("bin/moto_server").exists() {
        let text = venv.to_string_lossy().into_owned();
        shell::run(root, "python3", &["-m", "venv", "--clear", &text])?;
        let pip = venv.join("bin/pip").to_string_lossy().into_owned();
        shell::run(root, &pip, &["install", "--quiet", "-r", "benches/peers.txt"])?;
    }
    Ok(venv)
}

fn free_ports() -> Result<[u16; 4], Problem> {
    let free = || -> std::io::Result<u16> { Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.port()) };
    let one = || free().map_err(|error| Problem::new(format!("no free port: {error}")));
    Ok([one()?, one()?, one()?, one()?])
}

/// A server that ends with this value.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn start(server: &Server) -> Result<(Running, Duration), Problem> {
    #[expect(clippy::disallowed_methods, reason = "a benchmark measures real time")]
    let begin = Instant::now();
    let child = Command::new(&server.program)
        .args(&server.arguments)
        .envs(server.env.iter().map(|(name, value)| (name, value)))
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|error| Problem::new(format!("{}: {error}", server.program)))?;
    let running = Running(child);
    while std::net::TcpStream::connect(("127.0.0.1", server.port)).is_err() {
        if begin.elapsed() > Duration::from_secs(30) {
            return Err(Problem::new("it does not listen after 30 s"));
        }
        std::thread::sleep(Duration::from_millis(1));
    }
    Ok((running, begin.elapsed()))
}

fn measure(
    root: &Path,
    server: &Server,
    drive: &str,
    seconds: u32,
    python: &str,
) -> Result<Vec<Line>, Problem> {
    let (running, started) = start(server)?;
    std::thread::sleep(Duration::from_secs(2));
    let line = |workload: &str, connections: &str, figures: Vec<String>| Line {
        server: server.name.to_owned(),
        workload: workload.to_owned(),
        connections: connections.to_owned(),
        figures,
    };
    let mut lines = vec![line("start-up", "-", vec![format!("{:.0} ms", started.as_secs_f64() * 1000.0)])];
    let address = format!("127.0.0.1:{}", server.port);
    let told = shell::output(
        root,
        drive,
        &[server.name, &address, &running.0.id().to_string(), &seconds.to_string()],
    )?;
    for row in told.lines() {
        let fields: Vec<&str> = row.split('\t').collect();
        if let [_, workload, connections, figures @ ..] = fields.as_slice() {
            lines.push(line(workload, connections, figures.iter().map(|it| (*it).to_owned()).collect()));
        }
    }
    if server.name == "Cloudchamber" {
        for script in ["benches/loop.py", "benches/pipeline.py"] {
            let told = shell::output(root, python, &[script, &format!("http://{address}")])?;
            for row in told.lines() {
                let fields: Vec<&str> = row.split('\t').collect();
                if let [workload, median, least, most] = fields.as_slice() {
                    lines.push(line(workload, "-", vec![format!("{median} ms (median; {least} to {most})")]));
                }
            }
        }
    }
    Ok(lines)
}

#[expect(clippy::print_stdout, reason = "the tables are what it is for")]
fn print(lines: &[Line]) {
    println!(
        "\n| server | workload | connections | requests/s | p50 µs | p99 µs | CPU µs a request | to bare |"
    );
    println!("|---|---|---|---|---|---|---|---|");
    for line in lines {
        let [rate, p50, p99, cpu, failed] = line.figures.as_slice() else { continue };
        let cpu_of = |figures: &[String]| figures.get(3).and_then(|cpu| cpu.parse::<f64>().ok());
        let bare = lines.iter().find(|other| {
            other.server == "bare hyper"
                && other.workload == line.workload
                && other.connections == line.connections
        });
        let ratio = bare.and_then(|bare| Some(cpu_of(&line.figures)? / cpu_of(&bare.figures)?));
        let ratio = ratio.map_or_else(String::new, |ratio| format!("{ratio:.1}"));
        let micros = cpu.parse::<f64>().unwrap_or_default() / 1000.0;
        let failed = if failed == "0" { String::new() } else { format!(" ({failed} failed)") };
        let Line { server, workload, connections, .. } = line;
        println!(
            "| {server} | {workload}{failed} | {connections} | {rate} | {p50} | {p99} | {micros:.1} | {ratio} |"
        );
    }
    println!("\n| server | what | figure |\n|---|---|---|");
    for line in lines {
        let [figure] = line.figures.as_slice() else { continue };
        let figure = match (line.workload.as_str(), figure.parse::<u64>()) {
            ("idle", Ok(bytes)) => format!("{:.1} MiB resident", bytes as f64 / 1_048_576.0),
            _ => figure.clone(),
        };
        println!("| {} | {} | {figure} |", line.server, line.workload);
    }
}
