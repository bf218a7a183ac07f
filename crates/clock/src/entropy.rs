use sha2::{Digest, Sha256};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

/// Where a stream of random bytes starts.
pub type Seed = [u8; 32];

/// A stream of random bytes that is a function of its seed: what a test or a retry replays is the same each time.
#[derive(Debug)]
pub struct Entropy {
    seed: Seed,
    drawn: AtomicU64,
}

impl Entropy {
    /// The stream of a seed, from its start.
    #[must_use]
    pub fn from_seed(seed: Seed) -> Self {
        Self { seed, drawn: AtomicU64::new(0) }
    }

    /// The same stream from its start again, for running a transaction a second time.
    #[must_use]
    pub fn rewound(&self) -> Self {
        Self::from_seed(self.seed)
    }

    /// The next 32 bytes.
    pub fn bytes(&self) -> [u8; 32] {
        let position = self.drawn.fetch_add(1, Ordering::Relaxed);
        let mut hash = Sha256::new();
        hash.update(self.seed);
        hash.update(position.to_le_bytes());
        hash.finalize().into()
    }

    /// Lower-case hexadecimal digits, 64 at most: EC2's ids are `prefix-` and 17 of them.
    pub fn hex(&self, length: usize) -> String {
        self.text(length, b"0123456789abcdef")
    }

    /// Upper-case letters and digits as in IAM's unique ids (base 32), 32 at most.
    pub fn base32(&self, length: usize) -> String {
        self.text(length, b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")
    }

    /// Letters and digits, for secrets and suffixes.
    pub fn alphanumeric(&self, length: usize) -> String {
        self.text(length, b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789")
    }

    /// Lower-case letters and digits, for ids such as `config-rule-ab12cd`.
    pub fn lower_alphanumeric(&self, length: usize) -> String {
        self.text(length, b"abcdefghijklmnopqrstuvwxyz0123456789")
    }

    /// Characters drawn evenly from an alphabet of at most 256.
    pub fn text(&self, length: usize, alphabet: &[u8]) -> String {
        let mut out = String::with_capacity(length);
        let limit = 256 - 256 % alphabet.len().max(1);
        while out.len() < length {
            for byte in self.bytes() {
                let byte = usize::from(byte);
                if byte < limit
                    && out.len() < length
                    && let Some(character) = alphabet.get(byte % alphabet.len())
                {
                    out.push(char::from(*character));
                }
            }
        }
        out
    }

    /// A random (version 4) UUID.
    pub fn uuid(&self) -> String {
        names::RequestId(self.uuid_bytes()).to_string()
    }

    /// The bytes of a random (version 4) UUID.
    pub fn uuid_bytes(&self) -> [u8; 16] {
        let mut id = [0_u8; 16];
        id.iter_mut().zip(self.bytes()).for_each(|(to, from)| *to = from);
        id[6] = (id[6] & 0x0f) | 0x40;
        id[8] = (id[8] & 0x3f) | 0x80;
        id
    }

    /// A further stream, that nothing drawn from this one tells anything of. What is public (a request id) and what is secret (keys that a call
    /// makes) must come from different streams: a rewound stream begins with the same bytes again.
    #[must_use]
    pub fn split(&self) -> Self {
        Self::from_seed(self.bytes())
    }
}

/// What all seeds of this process come from: read from the operating system once, since asking it for each request costs more than verifying the
/// request's signature.
static ROOT: OnceLock<Entropy> = OnceLock::new();

/// A fresh seed: the next of a stream whose own seed came from the operating system. No two are the same, and none tells of another.
///
/// # Errors
/// What the operating system says where it has no randomness to give; nothing secret may then be made.
pub fn random_seed() -> std::io::Result<Seed> {
    use std::io::Read;
    if let Some(root) = ROOT.get() {
        return Ok(root.bytes());
    }
    let mut seed = Seed::default();
    std::fs::File::open("/dev/urandom")?.read_exact(&mut seed)?;
    Ok(ROOT.get_or_init(|| Entropy::from_seed(seed)).bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_split_stream_tells_nothing_of_what_was_drawn_before() {
        let entropy = Entropy::from_seed([7; 32]);
        let public = entropy.uuid_bytes();
        let secret = entropy.split();
        assert_ne!(public, secret.uuid_bytes());
        assert_ne!(public, secret.rewound().uuid_bytes());
    }

    #[test]
    fn seeds_differ() {
        let seeds: std::collections::BTreeSet<Seed> = (0..100).map(|_| random_seed().unwrap()).collect();
        assert_eq!(seeds.len(), 100);
    }

    #[test]
    fn a_seed_is_replayed_and_positions_differ() {
        let entropy = Entropy::from_seed([7; 32]);
        let first = entropy.hex(17);
        assert_eq!(first.len(), 17);
        assert_ne!(first, entropy.hex(17));
        assert_eq!(first, entropy.rewound().hex(17));
        assert_eq!(entropy.uuid().as_bytes()[14], b'4');
        assert_eq!(entropy.alphanumeric(100).len(), 100);
    }
}
