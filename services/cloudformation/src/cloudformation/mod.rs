//! The types that CloudFormation makes of itself.

mod stack;

pub(crate) use stack::NestedStack;
