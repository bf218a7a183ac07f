//! What SNS stores.

mod mail;
mod subscription;
mod topic;

pub(crate) use mail::Mail;
pub(crate) use subscription::{Protocol, Standing, Subscription};
pub(crate) use topic::{Deleted, Topic};
