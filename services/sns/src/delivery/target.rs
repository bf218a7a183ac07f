//! Where HTTP deliveries may go: loopback only. Whoever may subscribe must not reach the machine's network, nor a cloud's metadata, through us.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

/// A plain HTTP URL at a loopback address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Target {
    /// To be tried in order.
    pub(super) addresses: Vec<SocketAddr>,
    /// As the Host header says it.
    pub(super) authority: String,
    pub(super) path: String,
}

impl Target {
    /// Reads an endpoint. No name is resolved: a name that changes its address could lead anywhere.
    pub(crate) fn read(endpoint: &str) -> Result<Self, String> {
        let uri: ::http::Uri = endpoint.parse().map_err(|_| MISMATCH)?;
        if uri.scheme_str() != Some("http") {
            return Err(MISMATCH.into());
        }
        let authority = uri.authority().ok_or(MISMATCH)?;
        if authority.as_str().contains('@') {
            return Err("Endpoint Reason: user names in endpoints are not built in Cloudchamber.".into());
        }
        let host = authority.host().trim_start_matches('[').trim_end_matches(']').to_ascii_lowercase();
        let loopback: Vec<IpAddr> = if host == "localhost" || host.ends_with(".localhost") {
            vec![Ipv4Addr::LOCALHOST.into(), Ipv6Addr::LOCALHOST.into()]
        } else {
            host.parse::<IpAddr>().ok().filter(IpAddr::is_loopback).into_iter().collect()
        };
        if loopback.is_empty() {
            return Err("Endpoint Reason: Cloudchamber delivers over http only to loopback addresses (127.0.0.1, [::1], localhost).".into());
        }
        let port = authority.port_u16().unwrap_or(80);
        Ok(Self {
            addresses: loopback.into_iter().map(|address| SocketAddr::new(address, port)).collect(),
            authority: authority.as_str().to_owned(),
            path: uri.path_and_query().map_or_else(|| "/".to_owned(), ToString::to_string),
        })
    }
}

const MISMATCH: &str = "Endpoint must match the specified protocol";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_loopback_is_a_target() {
        let target = Target::read("http://localhost:8080/hook?x=1").unwrap();
        assert_eq!(
            (target.addresses[0].to_string().as_str(), target.path.as_str()),
            ("127.0.0.1:8080", "/hook?x=1")
        );
        assert_eq!(Target::read("http://[::1]").unwrap().addresses[0].to_string(), "[::1]:80");
        for outside in [
            "http://example.com/",
            "http://10.0.0.1/",
            "http://169.254.169.254/",
            "http://0.0.0.0/",
            "http://[::ffff:10.0.0.1]/",
            "http://localhost.example.com/",
            "http://127.0.0.1@example.com/",
            "http://2130706433/",
            "https://localhost/",
            "file:///etc/passwd",
            "",
        ] {
            assert!(Target::read(outside).is_err(), "{outside}");
        }
    }
}
