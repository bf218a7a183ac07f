//! Checksums that requests name: which one, and whether the body has it.
//! <https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html>

use crate::error::{self, error, header_not_implemented, invalid_request};
use crate::state::StoredChecksum;
use api_s3::{ChecksumAlgorithm, Error};
use base64::{Engine, engine::general_purpose::STANDARD};
pub(crate) use sigv4::checksum::{Algorithm, Checksum};

/// The checksum headers of an input, by their fields: those that are verified, and those of algorithms that are not built.
macro_rules! given {
    ($input:expr) => {
        $crate::checksums::Given {
            values: [
                ($crate::checksums::Algorithm::Crc32, $input.checksum_crc32.as_deref()),
                ($crate::checksums::Algorithm::Crc32c, $input.checksum_crc32c.as_deref()),
                ($crate::checksums::Algorithm::Crc64Nvme, $input.checksum_crc64nvme.as_deref()),
                ($crate::checksums::Algorithm::Sha1, $input.checksum_sha1.as_deref()),
                ($crate::checksums::Algorithm::Sha256, $input.checksum_sha256.as_deref()),
            ],
            others: [
                ("x-amz-checksum-sha512", $input.checksum_sha512.is_some()),
                ("x-amz-checksum-md5", $input.checksum_md5.is_some()),
                ("x-amz-checksum-xxhash64", $input.checksum_xxhash64.is_some()),
                ("x-amz-checksum-xxhash3", $input.checksum_xxhash3.is_some()),
                ("x-amz-checksum-xxhash128", $input.checksum_xxhash128.is_some()),
            ],
        }
    };
}

/// Sets the checksum member of an output that fits.
macro_rules! tell {
    ($output:expr, $checksum:expr) => {
        if let Some(checksum) = $checksum {
            let value = Some(checksum.value.clone());
            match checksum.algorithm.as_str() {
                "CRC32" => $output.checksum_crc32 = value,
                "CRC32C" => $output.checksum_crc32c = value,
                "CRC64NVME" => $output.checksum_crc64nvme = value,
                "SHA1" => $output.checksum_sha1 = value,
                _ => $output.checksum_sha256 = value,
            }
        }
    };
}

pub(crate) use {given, tell};

/// What the headers of a request say.
pub(crate) struct Given<'a> {
    pub(crate) values: [(Algorithm, Option<&'a str>); 5],
    pub(crate) others: [(&'static str, bool); 5],
}

impl Given<'_> {
    /// The one checksum that is given, its value well formed. With `parts`, it may be of parts' checksums (`…-N`).
    pub(crate) fn one(&self, parts: bool) -> Result<Option<(Algorithm, String)>, Error> {
        if let Some((header, _)) = self.others.iter().find(|(_, given)| *given) {
            return Err(header_not_implemented(header));
        }
        let mut given = self.values.iter().filter_map(|(algorithm, value)| Some((*algorithm, (*value)?)));
        let Some((algorithm, value)) = given.next() else { return Ok(None) };
        if given.next().is_some() {
            return Err(invalid_request(
                "Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.",
            ));
        }
        let digits = match value.rsplit_once('-') {
            Some((digits, count)) if parts && count.parse::<u16>().is_ok() => digits,
            _ => value,
        };
        if !STANDARD.decode(digits).is_ok_and(|bytes| bytes.len() == algorithm.length()) {
            return Err(invalid_request(format!("Value for {} header is invalid.", algorithm.header())));
        }
        Ok(Some((algorithm, value.to_owned())))
    }
}

/// The algorithm of `x-amz-sdk-checksum-algorithm` or `x-amz-checksum-algorithm`.
pub(crate) fn algorithm(chosen: ChecksumAlgorithm) -> Result<Algorithm, Error> {
    Ok(match chosen {
        ChecksumAlgorithm::Crc32 => Algorithm::Crc32,
        ChecksumAlgorithm::Crc32c => Algorithm::Crc32c,
        ChecksumAlgorithm::Crc64nvme => Algorithm::Crc64Nvme,
        ChecksumAlgorithm::Sha1 => Algorithm::Sha1,
        ChecksumAlgorithm::Sha256 => Algorithm::Sha256,
        _ => return Err(header_not_implemented("x-amz-checksum-algorithm")),
    })
}

/// The algorithm of a stored name.
pub(crate) fn named(name: &str) -> Option<Algorithm> {
    Algorithm::ALL.into_iter().find(|algorithm| algorithm.name() == name)
}

/// What a request promises of its body, and the checksum to compute of it.
#[derive(Debug, Clone)]
pub(crate) struct Promise {
    /// `Content-MD5`, decoded, and as it was given.
    md5: Option<(Vec<u8>, String)>,
    /// The checksum that a header gives.
    value: Option<String>,
    /// The algorithm to compute and store.
    pub(crate) algorithm: Algorithm,
}

impl Promise {
    pub(crate) fn of(
        given: &Given<'_>,
        chosen: Option<ChecksumAlgorithm>,
        default: Algorithm,
        md5: Option<&str>,
    ) -> Result<Self, Error> {
        let chosen = chosen.map(algorithm).transpose()?;
        let (algorithm, value) = match (given.one(false)?, chosen) {
            (Some((given, _)), Some(chosen)) if given != chosen => {
                return Err(invalid_request(
                    "Value for x-amz-sdk-checksum-algorithm header does not match the x-amz-checksum header.",
                ));
            }
            (Some((given, value)), _) => (given, Some(value)),
            (None, chosen) => (chosen.unwrap_or(default), None),
        };
        Ok(Self { md5: md5.map(content_md5).transpose()?, value, algorithm })
    }

    /// Nothing is promised; a checksum is computed all the same.
    pub(crate) fn to_compute(algorithm: Algorithm) -> Self {
        Self { md5: None, value: None, algorithm }
    }

    /// Whether the body is what was promised.
    pub(crate) fn keep(&self, md5: [u8; 16], computed: &str) -> Result<(), Error> {
        if let Some((expected, given)) = &self.md5
            && expected.as_slice() != md5.as_slice()
        {
            return Err(error(
                400,
                "BadDigest",
                "The Content-MD5 you specified did not match what we received.",
                [("ExpectedDigest", given.clone()), ("CalculatedDigest", STANDARD.encode(md5))],
            ));
        }
        match &self.value {
            Some(value) if value != computed => Err(mismatch(self.algorithm)),
            _ => Ok(()),
        }
    }
}

pub(crate) fn mismatch(algorithm: Algorithm) -> Error {
    let message = format!("The {} you specified did not match the calculated checksum.", algorithm.name());
    error(400, "BadDigest", message, [])
}

fn content_md5(given: &str) -> Result<(Vec<u8>, String), Error> {
    match STANDARD.decode(given) {
        Ok(bytes) if bytes.len() == 16 => Ok((bytes, given.to_owned())),
        _ => Err(error::error(
            400,
            "InvalidDigest",
            "The Content-MD5 you specified was invalid.",
            [("Content-MD5", given.to_owned())],
        )),
    }
}

/// A checksum as it is stored with an object.
pub(crate) fn stored(algorithm: Algorithm, value: String) -> StoredChecksum {
    StoredChecksum { algorithm: algorithm.name().to_owned(), value, composite: false }
}
