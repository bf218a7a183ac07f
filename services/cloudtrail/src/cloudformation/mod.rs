//! The types that CloudFormation makes, by CloudTrail's public operations as the stack's principal.

mod trail;

pub(crate) use trail::TrailHandler;
