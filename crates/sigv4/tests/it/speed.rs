//! How long a verification takes: `cargo test -p sigv4 --test it --release -- --ignored --nocapture speed`.

use crate::support::{at, credentials, headers};
use sigv4::{Flavor, Options, Payload, Request, Sha256, Signer, SigningKey, hex_sha256, parse};

#[test]
#[ignore = "a measurement, for release builds"]
#[expect(clippy::disallowed_methods, reason = "a measurement measures time")]
fn one_verification() {
    let credentials = credentials("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", Some(&"t".repeat(400)));
    let signer = Signer { credentials: &credentials, region: "us-east-1", service: "config" };
    let now = at("20261121T093000Z");
    let body = vec![b'x'; 512];
    let mut map = headers([
        ("host", "127.0.0.1:4566"),
        ("content-type", "application/x-amz-json-1.1"),
        ("x-amz-target", "StarlingDoveService.DescribeConfigRules"),
        ("user-agent", "Boto3/1.43.11 md/Botocore#1.43.11 ua/2.1 os/linux lang/python#3.11.7"),
        ("amz-sdk-invocation-id", "5b1bd3a8-9d3f-4c6d-9c51-0a6a8ad6ab11"),
        ("amz-sdk-request", "attempt=1"),
    ]);
    signer.sign(&Request::new("POST", "/", "", &map), &hex_sha256(&body), now).unwrap().apply(&mut map);
    let key = SigningKey::derive(&credentials.secret, "20261121", "us-east-1", "config");
    let options = Options::new(Flavor::Json, "config");
    let rounds = 100_000;
    let measure = |what: &str, run: &mut dyn FnMut()| {
        let start = std::time::Instant::now();
        (0..rounds).for_each(|_| run());
        println!("{what}: {:.2} us", start.elapsed().as_secs_f64() * 1e6 / f64::from(rounds));
    };
    let hash = Sha256::of(&body);
    measure("parse and verify with a kept key", &mut || {
        let request = Request::new("POST", "/", "", &map);
        let presented = parse(&request).unwrap().unwrap();
        presented.verify(&request, &key, Payload::Sha256(&hash), now, &options).unwrap();
    });
    measure("parse", &mut || {
        std::hint::black_box(parse(&Request::new("POST", "/", "", &map)).unwrap());
    });
    let presented = parse(&Request::new("POST", "/", "", &map)).unwrap().unwrap();
    measure("check", &mut || {
        std::hint::black_box(presented.check(&Request::new("POST", "/", "", &map), now, &options)).unwrap();
    });
    measure("derive a key", &mut || {
        std::hint::black_box(SigningKey::derive(&credentials.secret, "20261121", "us-east-1", "config"));
    });
    measure("hash 512 bytes", &mut || {
        std::hint::black_box(Sha256::of(&body));
    });
}
