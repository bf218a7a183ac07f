use super::*;
use http_body_util::BodyExt;

fn built(path: &str) -> Option<ConsoleFile> {
    let bytes = match path {
        "index.html" => "<html>",
        "index.html.br" => "brotli",
        "index.html.gz" => "gzip",
        "icon.svg" => "<svg/>",
        "assets/index-1.js" => "run()",
        "assets/index-1.js.gz" => "gzipped",
        _ => return None,
    };
    Some(ConsoleFile { bytes: bytes.into(), digest: [u8::try_from(bytes.len()).unwrap(); 32] })
}

fn received(method: &str, uri: &str, headers: &[(&str, &str)]) -> Received {
    let mut request = http::Request::builder().method(method).uri(uri);
    if headers.iter().all(|(name, _)| *name != "host") {
        request = request.header("host", "127.0.0.1:4566");
    }
    let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
    let (parts, ()) = request.body(()).unwrap().into_parts();
    Received::new(parts, None, false)
}

fn get(uri: &str, headers: &[(&str, &str)]) -> Option<Answer> {
    answer(&received("GET", uri, headers), built)
}

fn header<'a>(answer: &'a Answer, name: &str) -> &'a str {
    answer.0.headers().get(name).map_or("", |value| value.to_str().unwrap())
}

async fn body(answer: Answer) -> String {
    let bytes = answer.0.into_body().collect().await.unwrap().to_bytes();
    String::from_utf8_lossy(&bytes).into_owned()
}

#[tokio::test]
async fn pages_and_deep_links_are_the_index_and_never_kept() {
    for path in [
        "/console/",
        "/console/s3/buckets/photos",
        "/console/x?region=eu-west-1",
        "/console/a.b:c/%2e%2e/d",
        "/console/../x",
    ] {
        let answer = get(path, &[]).unwrap();
        assert_eq!(answer.0.status(), 200, "{path}");
        assert_eq!(header(&answer, "content-type"), "text/html; charset=utf-8");
        assert_eq!(header(&answer, "cache-control"), "no-store");
        assert_eq!(body(answer).await, "<html>", "{path}");
    }
    let moved = get("/console?region=eu-west-1", &[]).unwrap();
    assert_eq!((moved.0.status().as_u16(), header(&moved, "location")), (308, "/console/?region=eu-west-1"));
    assert!(get("/consoles/", &[]).is_none());
}

#[tokio::test]
async fn the_policy_lets_only_the_consoles_own_scripts_run() {
    let answer = get("/console/", &[]).unwrap();
    let policy = header(&answer, "content-security-policy");
    for directive in [
        "default-src 'none'",
        "script-src http://127.0.0.1:4566/console/assets/",
        "frame-ancestors 'none'",
        "object-src 'none'",
        "base-uri 'none'",
    ] {
        assert!(policy.split("; ").any(|own| own.trim() == directive), "{directive} in {policy}");
    }
    assert!(!policy.contains("sandbox"), "the console keeps its session in this origin's storage");
    for (name, value) in [
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "no-referrer"),
        ("cross-origin-opener-policy", "same-origin"),
    ] {
        assert_eq!(header(&answer, name), value);
    }
    // What would be more than a host in a policy is none.
    for host in [
        "localhost:4566; script-src *",
        "localhost:",
        "127.0.0.1:x",
        "evil.example:4566",
        "[::1]:4566",
        "127.0.0.1 *:1",
    ] {
        let shown = get("/console/", &[("host", host), ("sec-fetch-dest", "document")]).unwrap();
        assert_eq!(shown.0.status(), 403, "{host}");
        assert!(get("/console/", &[("host", host)]).is_none(), "{host}");
    }
    let local = get("/console/", &[("host", "localhost")]).unwrap();
    assert!(
        header(&local, "content-security-policy").contains("script-src http://localhost/console/assets/;")
    );
}

#[tokio::test]
async fn files_are_sent_as_the_client_takes_them() {
    let script =
        |accepted: &str| get("/console/assets/index-1.js", &[("accept-encoding", accepted)]).unwrap();
    let zipped = script("gzip, deflate, br;q=0.9");
    assert_eq!((header(&zipped, "content-encoding"), header(&zipped, "vary")), ("gzip", "Accept-Encoding"));
    assert_eq!(header(&zipped, "cache-control"), "public, max-age=31536000, immutable");
    assert_eq!(header(&zipped, "content-type"), "text/javascript; charset=utf-8");
    assert_eq!(header(&zipped, "content-length"), "7");
    assert_eq!(body(zipped).await, "gzipped");
    assert_eq!(header(&script("gzip;q=0"), "content-encoding"), "");
    assert_eq!(header(&script("x-gzip"), "content-encoding"), "");
    let page = get("/console/", &[("accept-encoding", "gzip, br")]).unwrap();
    assert_eq!(header(&page, "content-encoding"), "br");

    let plain = get("/console/icon.svg", &[]).unwrap();
    let tag = header(&plain, "etag").to_owned();
    assert_eq!(header(&plain, "cache-control"), "no-cache");
    for known in [tag.clone(), format!("W/{tag}"), format!("\"a\", {tag}"), "*".into()] {
        let again = get("/console/icon.svg", &[("if-none-match", &known)]).unwrap();
        assert_eq!(again.0.status(), 304, "{known}");
        assert_eq!(body(again).await, "");
    }
    let changed = get("/console/icon.svg", &[("if-none-match", "\"a\"")]).unwrap();
    assert_eq!(changed.0.status(), 200);

    let head = answer(&received("HEAD", "/console/icon.svg", &[]), built).unwrap();
    assert_eq!(header(&head, "content-length"), "6");
    assert_eq!(body(head).await, "");
}

#[tokio::test]
async fn a_file_of_an_older_build_is_not_a_page() {
    for path in [
        "/console/assets/index-0.js",
        "/console/assets/",
        "/console/assets/index-1.js.gz",
        "/console/assets/../index.html",
    ] {
        assert_eq!(get(path, &[]).unwrap().0.status(), 404, "{path}");
    }
}

#[tokio::test]
async fn where_it_was_not_built_it_says_so() {
    let answer = answer(&received("GET", "/console/s3", &[]), |_| None).unwrap();
    assert_eq!(
        (answer.0.status().as_u16(), header(&answer, "content-type")),
        (503, "text/plain; charset=utf-8")
    );
    assert!(body(answer).await.contains("cargo xtask console"));
}

#[test]
fn a_bucket_of_that_name_is_reached_by_a_signature() {
    let signed = [("authorization", "AWS4-HMAC-SHA256 Credential=x")];
    assert!(get("/console/key", &signed).is_none());
    assert!(get("/console", &signed).is_none());
    for query in ["X-Amz-Signature=0", "x-amz-credential=0", "AWSAccessKeyId=0&Signature=0&Expires=0"] {
        assert!(get(&format!("/console/key?{query}"), &[]).is_none(), "{query}");
    }
    for method in ["PUT", "DELETE", "POST", "OPTIONS"] {
        assert!(answer(&received(method, "/console/key", &[]), built).is_none(), "{method}");
    }
    for host in ["photos.localhost:4566", "photos.s3.localhost:4566", "s3.us-east-1.localhost:4566"] {
        assert!(get("/console/", &[("host", host), ("sec-fetch-dest", "document")]).is_none(), "{host}");
    }
    // But never as a script: the console's policy looks at the path alone.
    for kind in ["script", "worker", "serviceworker", "style"] {
        let script = get("/console/assets/evil.js?X-Amz-Signature=0", &[("sec-fetch-dest", kind)]);
        assert_eq!(script.unwrap().0.status(), 404, "{kind}");
    }
}

#[test]
fn functions_have_no_console() {
    let mut received = received("GET", "/console/", &[("sec-fetch-dest", "document")]);
    received.of_function = true;
    assert!(answer(&received, built).is_none());
}
