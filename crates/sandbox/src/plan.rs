//! What the supervisor tells a sandbox's first process: which namespaces, mounts, limits and filters, and what to run.
//!
//! This file is compiled twice: into this crate, which writes plans, and into the small program under `init/`, which
//! carries them out. So it uses the standard library only. The encoding is private to one build and carries no version.

/// How much separation the kernel gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Separation {
    /// Real root builds the namespaces, then gives up its identity for an unprivileged one in a nested user namespace.
    Root,
    /// An ordinary user builds them inside a user namespace of its own.
    User,
    /// No namespaces: landlock, seccomp and limits only.
    Weak,
}

/// A file or directory of the host that is visible in the sandbox, read-only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Bind {
    pub(crate) source: String,
    pub(crate) target: String,
    /// A device node: the one thing that may be opened as a device.
    pub(crate) device: bool,
}

/// A file that is written into the sandbox's root.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct File {
    pub(crate) path: String,
    pub(crate) contents: String,
}

/// A symbolic link in the sandbox's root.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Link {
    pub(crate) path: String,
    pub(crate) to: String,
}

/// Several directories that are shown as one; the last one wins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Overlay {
    pub(crate) sources: Vec<String>,
    pub(crate) target: String,
}

/// A resource limit, soft and hard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Limit {
    pub(crate) resource: u32,
    pub(crate) value: u64,
}

/// A program to execute once the sandbox stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Program {
    pub(crate) arguments: Vec<String>,
    pub(crate) environment: Vec<String>,
}

/// Everything that the first process of a sandbox has to know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Plan {
    pub(crate) separation: Separation,
    /// Refuse to run where a second line of defence (landlock) is missing.
    pub(crate) strict: bool,
    /// The identity outside: what the kernel checks. Zero: that of the server, which is not root then.
    pub(crate) outside: u32,
    /// The identity inside: what `id` prints.
    pub(crate) inside: u32,
    pub(crate) private_network: bool,
    /// Ports of the sandbox's loopback whose listeners are handed out to the supervisor.
    pub(crate) listen: Vec<u16>,
    pub(crate) hostname: String,
    /// A directory that exists on the host, to build the new root over.
    pub(crate) staging: String,
    pub(crate) directories: Vec<String>,
    pub(crate) binds: Vec<Bind>,
    pub(crate) overlay: Option<Overlay>,
    pub(crate) files: Vec<File>,
    pub(crate) links: Vec<Link>,
    pub(crate) tmp_megabytes: u64,
    pub(crate) limits: Vec<Limit>,
    /// Paths that landlock lets the code read and execute, as they are seen inside.
    pub(crate) readable: Vec<String>,
    /// Paths that landlock lets the code change.
    pub(crate) writable: Vec<String>,
    /// The only TCP ports that landlock lets the code connect to; None where a network namespace does it better.
    pub(crate) connect: Option<Vec<u16>>,
    /// BPF programs for seccomp; the last one is asked first.
    pub(crate) filters: Vec<Vec<u8>>,
    pub(crate) directory: String,
    pub(crate) program: Option<Program>,
}

impl Plan {
    /// The plan as bytes.
    pub(crate) fn encode(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        self.put(&mut bytes);
        bytes
    }

    /// Reads what [`Plan::encode`] wrote; None if it is cut short or damaged.
    pub(crate) fn decode(mut bytes: &[u8]) -> Option<Plan> {
        let plan = Plan::take(&mut bytes)?;
        bytes.is_empty().then_some(plan)
    }
}

trait Field: Sized {
    fn put(&self, out: &mut Vec<u8>);
    fn take(from: &mut &[u8]) -> Option<Self>;
}

macro_rules! numbers {
    ($($number:ty),*) => {$(
        impl Field for $number {
            fn put(&self, out: &mut Vec<u8>) {
                out.extend_from_slice(&self.to_le_bytes());
            }
            fn take(from: &mut &[u8]) -> Option<Self> {
                let (bytes, rest) = from.split_first_chunk()?;
                *from = rest;
                Some(<$number>::from_le_bytes(*bytes))
            }
        }
    )*};
}
numbers!(u8, u16, u32, u64);

macro_rules! structs {
    ($($name:ident { $($field:ident),* })*) => {$(
        impl Field for $name {
            fn put(&self, out: &mut Vec<u8>) {
                $(self.$field.put(out);)*
            }
            fn take(from: &mut &[u8]) -> Option<Self> {
                Some($name { $($field: Field::take(from)?),* })
            }
        }
    )*};
}
structs! {
    Bind { source, target, device }
    File { path, contents }
    Link { path, to }
    Overlay { sources, target }
    Limit { resource, value }
    Program { arguments, environment }
    Plan {
        separation, strict, outside, inside, private_network, listen, hostname, staging, directories, binds, overlay, files,
        links, tmp_megabytes, limits, readable, writable, connect, filters, directory, program
    }
}

impl Field for bool {
    fn put(&self, out: &mut Vec<u8>) {
        out.push(u8::from(*self));
    }
    fn take(from: &mut &[u8]) -> Option<Self> {
        match u8::take(from)? {
            0 => Some(false),
            1 => Some(true),
            _ => None,
        }
    }
}

impl Field for Separation {
    fn put(&self, out: &mut Vec<u8>) {
        out.push(match self {
            Separation::Root => 0,
            Separation::User => 1,
            Separation::Weak => 2,
        });
    }
    fn take(from: &mut &[u8]) -> Option<Self> {
        match u8::take(from)? {
            0 => Some(Separation::Root),
            1 => Some(Separation::User),
            2 => Some(Separation::Weak),
            _ => None,
        }
    }
}

impl<T: Field> Field for Vec<T> {
    fn put(&self, out: &mut Vec<u8>) {
        // A plan travels in one datagram of at most 200 kB, so no list comes near 2^32.
        u32::try_from(self.len()).unwrap_or(u32::MAX).put(out);
        for item in self {
            item.put(out);
        }
    }
    fn take(from: &mut &[u8]) -> Option<Self> {
        let count = usize::try_from(u32::take(from)?).ok()?;
        let mut items = Vec::new();
        for _ in 0..count {
            items.push(T::take(from)?);
        }
        Some(items)
    }
}

impl Field for String {
    fn put(&self, out: &mut Vec<u8>) {
        u32::try_from(self.len()).unwrap_or(u32::MAX).put(out);
        out.extend_from_slice(self.as_bytes());
    }
    fn take(from: &mut &[u8]) -> Option<Self> {
        let count = usize::try_from(u32::take(from)?).ok()?;
        let (text, rest) = from.split_at_checked(count)?;
        *from = rest;
        String::from_utf8(text.to_vec()).ok()
    }
}

impl<T: Field> Field for Option<T> {
    fn put(&self, out: &mut Vec<u8>) {
        self.is_some().put(out);
        if let Some(value) = self {
            value.put(out);
        }
    }
    fn take(from: &mut &[u8]) -> Option<Self> {
        Some(if bool::take(from)? { Some(T::take(from)?) } else { None })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_and_nothing_else() {
        let plan = Plan {
            separation: Separation::User,
            strict: true,
            outside: 7,
            inside: 993,
            private_network: true,
            listen: vec![9001, 4566],
            hostname: "lambda".to_owned(),
            staging: "/tmp".to_owned(),
            directories: vec!["/opt".to_owned()],
            binds: vec![Bind { source: "/a".to_owned(), target: "/b".to_owned(), device: true }],
            overlay: Some(Overlay { sources: vec!["/c".to_owned()], target: "/opt".to_owned() }),
            files: vec![File { path: "/etc/hosts".to_owned(), contents: "ä".to_owned() }],
            links: vec![Link { path: "/bin".to_owned(), to: "usr/bin".to_owned() }],
            tmp_megabytes: 512,
            limits: vec![Limit { resource: 4, value: u64::MAX }],
            readable: vec!["/".to_owned()],
            writable: vec![],
            connect: Some(vec![1]),
            filters: vec![vec![1, 2, 3], vec![]],
            directory: "/var/task".to_owned(),
            program: Some(Program { arguments: vec!["a".to_owned()], environment: vec!["B=c".to_owned()] }),
        };
        let bytes = plan.encode();
        assert_eq!(Plan::decode(&bytes), Some(plan));
        for length in 0..bytes.len() {
            assert_eq!(Plan::decode(&bytes[..length]), None, "{length}");
        }
        assert_eq!(Plan::decode(&[bytes, vec![0]].concat()), None);
    }
}
