use crate::{Request, Target, cpu_of};
use clock::Clock;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// What a run showed.
#[derive(Debug, Clone, Copy, Default)]
pub struct Figures {
    /// Requests a second.
    pub rate: f64,
    /// Half of the answers came within this.
    pub p50: Duration,
    /// All but one in a hundred came within this.
    pub p99: Duration,
    /// The server's processor time for a request.
    pub cpu: Duration,
    /// Answers that were no success.
    pub failed: u64,
}

/// Sends requests over as many connections as there are requests, each its own again and again, for a while.
#[must_use]
pub fn drive(target: &Target, requests: &[Request], duration: Duration) -> Figures {
    let clock = clock::SystemClock::new();
    let stop = AtomicBool::new(false);
    let before = cpu_of(target.pid);
    let start = clock.monotonic();
    let results: Vec<(Vec<Duration>, u64)> = std::thread::scope(|scope| {
        let threads: Vec<_> =
            requests.iter().map(|request| scope.spawn(|| one(target, request, &stop))).collect();
        while clock.monotonic() - start < duration {
            std::thread::sleep(Duration::from_millis(20));
        }
        stop.store(true, Ordering::Relaxed);
        threads.into_iter().map(|thread| thread.join().unwrap_or_default()).collect()
    });
    let elapsed = clock.monotonic() - start;
    let used = cpu_of(target.pid).saturating_sub(before);
    let mut times: Vec<Duration> = results.iter().flat_map(|(times, _)| times.iter().copied()).collect();
    times.sort_unstable();
    let at = |part: f64| times.get((times.len() as f64 * part) as usize).copied().unwrap_or_default();
    let count = times.len().max(1) as u32;
    Figures {
        rate: times.len() as f64 / elapsed.as_secs_f64(),
        p50: at(0.5),
        p99: at(0.99),
        cpu: used / count,
        failed: results.iter().map(|(_, failed)| failed).sum(),
    }
}

fn one(target: &Target, request: &Request, stop: &AtomicBool) -> (Vec<Duration>, u64) {
    let clock = clock::SystemClock::new();
    let (mut times, mut failed) = (Vec::new(), 0);
    let mut buffer = vec![0_u8; 64 << 10];
    let mut stream: Option<TcpStream> = None;
    while !stop.load(Ordering::Relaxed) {
        let connection = match stream.take() {
            Some(open) => Some(open),
            None => TcpStream::connect(target.address).ok().inspect(|open| {
                let _ = open.set_nodelay(true);
            }),
        };
        let Some(mut connection) = connection else {
            failed += 1;
            continue;
        };
        let start = clock.monotonic();
        match exchange(&mut connection, request, &mut buffer) {
            Some((status, keep)) => {
                times.push(clock.monotonic() - start);
                failed += u64::from(!(200..300).contains(&status));
                stream = keep.then_some(connection);
            }
            None => failed += 1,
        }
    }
    (times, failed)
}

/// Sends a request and reads its answer whole: the status, and whether the connection stays.
fn exchange(stream: &mut TcpStream, request: &Request, buffer: &mut [u8]) -> Option<(u16, bool)> {
    stream.write_all(&request.0).ok()?;
    let mut answer: Vec<u8> = Vec::with_capacity(2048);
    loop {
        let read = stream.read(buffer).ok()?;
        if read == 0 {
            return None;
        }
        answer.extend_from_slice(buffer.get(..read)?);
        let Some(end) = answer.windows(4).position(|window| window == b"\r\n\r\n") else { continue };
        let head = String::from_utf8_lossy(answer.get(..end)?).to_ascii_lowercase();
        let status = head.split(' ').nth(1)?.parse().ok()?;
        let keep = !head.contains("connection: close");
        let length =
            head.lines().find_map(|line| line.strip_prefix("content-length:")?.trim().parse::<usize>().ok());
        let complete = match length {
            Some(length) => answer.len() >= end + 4 + length,
            None => head.contains("chunked") && answer.ends_with(b"0\r\n\r\n") || matches!(status, 204 | 304),
        };
        if complete {
            return Some((status, keep));
        }
    }
}
