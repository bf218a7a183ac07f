//! The network side of the one path: listen, recognize, authenticate, decode, and encode the answer.
//!
//! What it is: [`Gateway`], an HTTP/1.1 and HTTP/2 server whose every request is a signed AWS call or is refused (or a page under
//! `/_cloudchamber/` or `/console/`). What it is not: it decides nothing about permissions ([`pipeline`]) and knows no service by
//! name, but for S3's ways to name buckets and their parts (virtual hosts, subresources).

mod answer;
mod authenticate;
mod body;
mod browser;
mod changes;
mod console;
mod form_upload;
mod gateway;
mod internal;
mod limits;
mod listen;
mod multipart_form;
mod received;
mod recognize;
mod served;
mod subresource;

pub use body::Incoming;
pub use console::{ConsoleFile, ConsoleFiles};
pub use gateway::{Gateway, Options};
pub use listen::{Bound, Listening, bind};
