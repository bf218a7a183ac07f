//! Load for servers that speak AWS: signed requests over kept connections, and what they cost the server.
//!
//! What it is: [`Request`]s signed once and sent many times, [`drive`], which sends them over some connections for a while, and [`cpu_of`],
//! which reads what a process and its children used. What it is not: a test; nothing here asserts.

mod drive;
mod process;
mod request;

pub use drive::{Figures, drive};
pub use process::{cpu_of, resident_of};
pub use request::{Request, Target};
