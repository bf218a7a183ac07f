//! Values as a [`crate::Document`] whose members go by the model's names: how boto3 and SSM Automation write inputs and outputs.

mod reader;
mod writer;

pub(crate) use reader::DocumentReader;
pub(crate) use writer::DocumentWriter;
