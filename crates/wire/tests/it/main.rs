//! The codecs against the published protocol test vectors, against malformed input, and against themselves.

mod dynamic;
mod hostile;
mod model;
mod protocols;
mod round_trips;
mod server;
