//! Event source mappings at work: each enabled mapping has a poller, which reads its source as the function's role and invokes the function.

mod attend;
mod attribute_value;
mod filter;
mod invoke;
mod permissions;
mod queue;
mod queue_batch;
mod queue_record;
mod response;
mod scale;
mod session;
mod stream;
mod stream_batch;
mod stream_record;

pub(crate) use attend::{Mappings, transition};
pub(crate) use filter::Filters;
pub(crate) use permissions::{check_queue, check_stream, queue_url};
