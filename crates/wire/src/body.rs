//! The body of a streaming member.

use bytes::Bytes;
use futures::stream::BoxStream;
use std::fmt;
use std::sync::{Arc, Mutex};

/// A stream of chunks; an error ends it.
pub type Chunks = BoxStream<'static, std::io::Result<Bytes>>;

/// A body that is either in memory or comes as a stream. Cloning a stream shares it: whoever takes it first has it.
#[derive(Clone)]
pub enum Body {
    /// The whole body.
    Whole(Bytes),
    /// A stream that can be taken once, and its length where known.
    Stream(Arc<Mutex<Option<Chunks>>>, Option<u64>),
}

impl Body {
    /// A streamed body; `length` in bytes where known.
    #[must_use]
    pub fn stream(chunks: Chunks, length: Option<u64>) -> Self {
        Self::Stream(Arc::new(Mutex::new(Some(chunks))), length)
    }

    /// Its length in bytes, where known.
    #[must_use]
    pub fn length(&self) -> Option<u64> {
        match self {
            Self::Whole(bytes) => Some(bytes.len() as u64),
            Self::Stream(_, length) => *length,
        }
    }

    /// The chunks; empty where a stream was taken before.
    #[must_use]
    pub fn into_chunks(self) -> Chunks {
        match self {
            Self::Whole(bytes) => Box::pin(futures::stream::once(std::future::ready(Ok(bytes)))),
            Self::Stream(shared, _) => {
                let taken = shared.lock().ok().and_then(|mut slot| slot.take());
                taken.unwrap_or_else(|| Box::pin(futures::stream::empty()))
            }
        }
    }
}

impl Default for Body {
    fn default() -> Self {
        Self::Whole(Bytes::new())
    }
}

impl From<Bytes> for Body {
    fn from(bytes: Bytes) -> Self {
        Self::Whole(bytes)
    }
}

impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Body({:?} bytes)", self.length())
    }
}

impl PartialEq for Body {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Whole(one), Self::Whole(two)) => one == two,
            (Self::Stream(one, _), Self::Stream(two, _)) => Arc::ptr_eq(one, two),
            _ => false,
        }
    }
}
