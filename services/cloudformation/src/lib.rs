//! CloudFormation: templates, and (to come) stacks.

pub mod template;
