//! Drives one server: `drive NAME ADDRESS PID [SECONDS]` prints a line of tab-separated figures a workload and number of connections.

use std::time::Duration;
use throughput::{Request, Target, drive, resident_of};

#[expect(clippy::print_stdout, reason = "figures are what it is for")]
fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [name, address, pid, rest @ ..] = arguments.as_slice() else {
        return Err("drive NAME ADDRESS PID [SECONDS]".into());
    };
    let target = Target { name: name.clone(), address: address.parse()?, pid: pid.parse()? };
    let seconds = rest.first().map_or(Ok(4), |text| text.parse())?;
    let duration = Duration::from_secs(seconds);
    println!("{name}\tidle\t-\t{}", resident_of(target.pid));
    let bucket = Request::signed(target.address, "PUT", "/bench-bucket", "s3", "", b"");
    let _ = drive(&target, std::slice::from_ref(&bucket), Duration::from_millis(100));
    let body = vec![b'a'; 1024];
    for connections in [1_usize, 16] {
        let identity: Vec<Request> = (0..connections)
            .map(|_| {
                let form = b"Action=GetCallerIdentity&Version=2011-06-15";
                Request::signed(target.address, "POST", "/", "sts", "application/x-www-form-urlencoded", form)
            })
            .collect();
        let of = |method: &str, body: &[u8]| -> Vec<Request> {
            let request = |n| {
                Request::signed(target.address, method, &format!("/bench-bucket/object-{n}"), "s3", "", body)
            };
            (0..connections).map(request).collect()
        };
        for (workload, requests) in [
            ("GetCallerIdentity", identity),
            ("S3 put 1 KiB", of("PUT", &body)),
            ("S3 get 1 KiB", of("GET", b"")),
        ] {
            let _ = drive(&target, &requests, Duration::from_millis(500));
            let figures = drive(&target, &requests, duration);
            println!(
                "{name}\t{workload}\t{connections}\t{:.0}\t{}\t{}\t{}\t{}",
                figures.rate,
                figures.p50.as_micros(),
                figures.p99.as_micros(),
                figures.cpu.as_nanos(),
                figures.failed
            );
        }
    }
    Ok(())
}
