//! `AWS::Logs::LogStream`.

use api_logs::{CreateLogStream, DeleteLogStream};
use contract::{Created, HandlerContext, HandlerFailure, Properties, ResourceHandler, Updated};

/// The longest name of a log stream.
const LONGEST_NAME: usize = 512;

/// Makes and deletes log streams.
pub(crate) struct LogStreamHandler;

#[async_trait::async_trait]
impl ResourceHandler for LogStreamHandler {
    fn resource_type(&self) -> &'static str {
        "AWS::Logs::LogStream"
    }

    fn properties(&self) -> &'static [&'static str] {
        &["LogGroupName", "LogStreamName"]
    }

    fn create_only(&self) -> &'static [&'static str] {
        &["LogGroupName", "LogStreamName"]
    }

    fn attributes(&self) -> &'static [&'static str] {
        &[]
    }

    async fn create(
        &self,
        properties: &Properties,
        context: &HandlerContext,
    ) -> Result<Created, HandlerFailure> {
        let log_group_name = properties.required_string("LogGroupName")?;
        let given = properties.string("LogStreamName")?;
        // A generated name is this step's alone: a stream that has it was made by an earlier try. One that the template names says nothing
        // of who made it, and is never taken over.
        let generated = given.is_none();
        let log_stream_name = given.unwrap_or_else(|| context.generated_name(LONGEST_NAME));
        let physical_id = log_stream_name.clone();
        match context.caller.call(CreateLogStream { log_group_name, log_stream_name }).await {
            Err(error) if !(generated && error.code == "ResourceAlreadyExistsException") => Err(error.into()),
            _ => Ok(Created { physical_id, ..Default::default() }),
        }
    }

    async fn update(
        &self,
        _: &str,
        _: &Properties,
        _: &Properties,
        _: &HandlerContext,
    ) -> Result<Updated, HandlerFailure> {
        // Each property replaces.
        Ok(Updated::default())
    }

    async fn delete(
        &self,
        physical_id: &str,
        properties: &Properties,
        context: &HandlerContext,
    ) -> Result<(), HandlerFailure> {
        let log_group_name = properties.required_string("LogGroupName")?;
        let log_stream_name = physical_id.to_owned();
        match context.caller.call(DeleteLogStream { log_group_name, log_stream_name }).await {
            Err(error) if error.code != "ResourceNotFoundException" => Err(error.into()),
            _ => Ok(()),
        }
    }
}
