//! A request as it came from the network: nothing of it is trusted yet.

use http::HeaderMap;
use percent_encoding::percent_decode_str;
use std::borrow::Cow;
use std::net::IpAddr;

/// The head of a request, and its body where it has been read.
pub(crate) struct Received {
    method: String,
    path: String,
    query: String,
    pub(crate) headers: HeaderMap,
    pub(crate) authority: Option<String>,
    pub(crate) peer: Option<IpAddr>,
    pub(crate) tls: bool,
    /// It came out of a function's sandbox.
    pub(crate) of_function: bool,
    /// `Action` and `Version` of a form body, once it has been read.
    form: Option<(String, Option<String>)>,
}

impl Received {
    pub(crate) fn new(parts: http::request::Parts, peer: Option<IpAddr>, tls: bool) -> Self {
        Self {
            method: parts.method.as_str().to_owned(),
            path: parts.uri.path().to_owned(),
            query: parts.uri.query().unwrap_or_default().to_owned(),
            authority: parts.uri.authority().map(|authority| authority.as_str().to_owned()),
            headers: parts.headers,
            peer,
            tls,
            of_function: false,
            form: None,
        }
    }

    /// As its signature covers it.
    pub(crate) fn signed(&self) -> sigv4::Request<'_> {
        sigv4::Request::new(&self.method, &self.path, &self.query, &self.headers)
            .with_authority(self.authority.as_deref())
    }

    pub(crate) fn method(&self) -> &str {
        &self.method
    }

    /// The raw path.
    pub(crate) fn path(&self) -> &str {
        &self.path
    }

    /// The raw query, without `?`.
    pub(crate) fn query(&self) -> &str {
        &self.query
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// How long the body says it is; 0 where it does not say. With the frames of a chunked signature, since one header alone could say less than comes.
    pub(crate) fn declared_length(&self) -> u64 {
        let number = |name: &str| self.header(name)?.parse::<u64>().ok();
        number("x-amz-decoded-content-length").max(number("content-length")).unwrap_or(0)
    }

    /// The host that the client named, with its port.
    pub(crate) fn host(&self) -> &str {
        self.header("host").or(self.authority.as_deref()).unwrap_or_default()
    }

    /// A parameter of the query, decoded.
    pub(crate) fn parameter(&self, name: &str) -> Option<String> {
        form_value(self.query.as_bytes(), name)
    }

    pub(crate) fn is_form(&self) -> bool {
        self.method == "POST"
            && self
                .header("content-type")
                .is_some_and(|kind| kind.starts_with("application/x-www-form-urlencoded"))
    }

    /// Takes `Action` and `Version` from a form body.
    pub(crate) fn read_form(&mut self, body: &[u8]) {
        self.form = form_value(body, "Action").map(|action| (action, form_value(body, "Version")));
    }

    /// The query protocol's action and version, from the form body or the query.
    pub(crate) fn action(&self) -> Option<(String, Option<String>)> {
        if self.form.is_some() {
            return self.form.clone();
        }
        if self.path != "/" {
            return None;
        }
        self.parameter("Action").map(|action| (action, self.parameter("Version")))
    }

    /// The service that the host's name begins with, as in `SERVICE.REGION.…`; `s3` for virtual hosts of buckets.
    pub(crate) fn host_service(&self) -> Option<&str> {
        let name = host_name(self.host());
        if name.parse::<IpAddr>().is_ok() || name == "localhost" {
            return None;
        }
        if self.bucket_of_host().is_some() {
            return Some("s3");
        }
        let (first, _) = name.split_once('.')?;
        Some(first)
    }

    /// The bucket of a virtual host: `BUCKET.s3.…`, `BUCKET.s3-REGION.…` or `BUCKET.localhost`.
    pub(crate) fn bucket_of_host(&self) -> Option<&str> {
        let name = host_name(self.host());
        if name.parse::<IpAddr>().is_ok() {
            return None;
        }
        let local = name.strip_suffix(".localhost");
        let host = local.unwrap_or(name);
        // Buckets may have dots in their names, so the endpoint is the last label that can be one.
        let mut end = host.len();
        let mut follows = "";
        while let Some(rest) = host.get(..end) {
            let start = rest.rfind('.').map_or(0, |dot| dot + 1);
            let label = rest.get(start..).unwrap_or_default();
            let endpoint =
                label == "s3" && (["", "amazonaws", "dualstack"].contains(&follows) || is_region(follows));
            if endpoint || label.strip_prefix("s3-").is_some_and(is_region) {
                return host.get(..start.saturating_sub(1)).filter(|bucket| !bucket.is_empty());
            }
            if start == 0 {
                break;
            }
            (end, follows) = (start - 1, label);
        }
        // `SERVICE.REGION.localhost` is another service's endpoint.
        local.filter(|bucket| {
            !bucket.is_empty() && !bucket.rsplit_once('.').is_some_and(|(_, last)| is_region(last))
        })
    }

    /// The path with the bucket in it, whether the client put it there or into the host.
    pub(crate) fn bucket_path(&self) -> Cow<'_, str> {
        match self.bucket_of_host() {
            Some(bucket) => Cow::Owned(format!("/{bucket}{}", self.path)),
            None => Cow::Borrowed(&self.path),
        }
    }

    /// The client named us by an address or by `localhost`, not by a name that somebody else's DNS may have pointed here.
    pub(crate) fn names_us_plainly(&self) -> bool {
        let name = host_name(self.host());
        name.parse::<IpAddr>().is_ok() || name == "localhost" || name.ends_with(".localhost")
    }

    /// The client is a program on this machine, and not a function in its sandbox.
    pub(crate) fn is_of_this_machine(&self) -> bool {
        !self.of_function && self.peer.is_none_or(|peer| peer.to_canonical().is_loopback())
    }

    /// Where the client reached us, such as `http://127.0.0.1:4566`.
    pub(crate) fn endpoint(&self) -> String {
        format!("{}://{}", if self.tls { "https" } else { "http" }, self.host())
    }
}

/// Shaped like `eu-west-1` or `us-gov-west-1`: a host's label cannot be looked up in a list, for AWS adds regions.
fn is_region(label: &str) -> bool {
    label.ends_with(|last: char| last.is_ascii_digit()) && label.split('-').count() >= 3
}

fn host_name(host: &str) -> &str {
    if host.starts_with('[') {
        return host.split(']').next().map_or(host, |name| name.trim_start_matches('['));
    }
    host.split(':').next().unwrap_or(host)
}

fn form_value(form: &[u8], name: &str) -> Option<String> {
    form.split(|byte| *byte == b'&').find_map(|pair| {
        let mut halves = pair.splitn(2, |byte| *byte == b'=');
        let key = halves.next()?;
        (key == name.as_bytes()).then(|| {
            let value = String::from_utf8_lossy(halves.next().unwrap_or_default()).replace('+', " ");
            percent_decode_str(&value).decode_utf8_lossy().into_owned()
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn received(host: &str, uri: &str) -> Received {
        let (parts, ()) = http::Request::get(uri).header("host", host).body(()).unwrap().into_parts();
        Received::new(parts, None, false)
    }

    #[test]
    fn buckets_in_hosts_and_paths() {
        for (host, bucket) in [
            ("photos.s3.us-east-1.amazonaws.com", Some("photos")),
            ("a.b.c.s3.localhost:4566", Some("a.b.c")),
            ("photos.s3.localhost:4566", Some("photos")),
            ("photos.s3-us-west-2.amazonaws.com", Some("photos")),
            ("photos.s3.dualstack.us-west-2.amazonaws.com", Some("photos")),
            ("my.s3.photos.s3.eu-west-1.localhost:4566", Some("my.s3.photos")),
            ("my.s3-photos.localhost:4566", Some("my.s3-photos")),
            ("photos.localhost:4566", Some("photos")),
            ("s3.us-east-1.localhost:4566", None),
            ("sns.eu-west-1.localhost:4566", None),
            ("logs.us-east-1.amazonaws.com", None),
            ("[::1]:4566", None),
            ("s3.localhost:4566", None),
            ("s3.us-east-1.amazonaws.com", None),
            ("127.0.0.1:4566", None),
            ("localhost:4566", None),
        ] {
            let request = received(host, "/key");
            assert_eq!(request.bucket_of_host(), bucket, "{host}");
            let path = if let Some(bucket) = bucket { format!("/{bucket}/key") } else { "/key".into() };
            assert_eq!(request.bucket_path(), path);
        }
        assert_eq!(received("sns.eu-west-1.localhost:4566", "/").host_service(), Some("sns"));
        assert_eq!(received("127.0.0.1:4566", "/").host_service(), None);
    }

    #[test]
    fn actions_in_queries() {
        let request = received("localhost", "/?Action=ConfirmSubscription&Version=2010-03-31&Token=a%2Bb");
        assert_eq!(request.action(), Some(("ConfirmSubscription".into(), Some("2010-03-31".into()))));
        assert_eq!(request.parameter("Token").as_deref(), Some("a+b"));
        assert_eq!(received("localhost", "/bucket?Action=x").action(), None);
    }
}
