//! SendAutomationSignal.

use super::{Ssm, executions};
use crate::automation::{self, approval};
use crate::document::Action;
use crate::errors::not_built;
use crate::state::{Execution, Signal};
use api_ssm::{
    AutomationStepNotFoundException, Error, InvalidAutomationSignalException, SendAutomationSignal,
    SendAutomationSignalOutput, SignalType,
};
use contract::{Access, Call, Transact};
use store::{Tx, View};

/// What a decision's comment may be, in characters.
const LONGEST_COMMENT: usize = 512;

impl Transact<SendAutomationSignal> for Ssm {
    fn access(input: &SendAutomationSignal, call: &Call, view: &View) -> Access {
        executions::access("SendAutomationSignal", call, view, &input.automation_execution_id)
    }

    fn run(
        input: SendAutomationSignal,
        call: &Call,
        tx: &mut Tx,
    ) -> Result<SendAutomationSignalOutput, Error> {
        let wrong = |message: String| Error::from(InvalidAutomationSignalException::new(message));
        let kind = input.signal_type;
        let wanted = match kind {
            SignalType::Approve | SignalType::Reject => Action::Approve,
            SignalType::Resume => Action::Pause,
            SignalType::StartStep | SignalType::StopStep | SignalType::Revoke => {
                return Err(not_built(format!(
                    "SignalType {kind} of SendAutomationSignal is not built in Cloudchamber, only Approve, Reject and Resume."
                )));
            }
        };
        let payload = input.payload.unwrap_or_default();
        if let Some(stranger) =
            payload.keys().find(|key| !matches!(key.as_str(), "Comment" | "StepName" | "StepExecutionId"))
        {
            return Err(wrong(format!("The payload of the signal {kind} has no parameter {stranger}.")));
        }
        let mut execution = executions::find(tx, call, &input.automation_execution_id)?;
        if execution.has_ended() || execution.status == "Cancelling" {
            return Err(wrong(format!(
                "The signal {kind} is not valid for the Automation execution {}, whose status is {}.",
                execution.id, execution.status
            )));
        }
        let Some((step, inputs)) = automation::current(&execution).filter(|(step, _)| step.action == wanted)
        else {
            return Err(wrong(format!(
                "The signal {kind} is not valid for the Automation execution {}: its current step does not wait for it.",
                execution.id
            )));
        };
        let of = |name: &str| payload.get(name).and_then(|values| values.first());
        let current =
            execution.steps.get(execution.current).map(|state| state.id.clone()).unwrap_or_default();
        if of("StepName").is_some_and(|name| *name != step.name)
            || of("StepExecutionId").is_some_and(|id| *id != current)
        {
            let message = "The specified step name or execution ID doesn't exist. Verify the information and try again.";
            return Err(AutomationStepNotFoundException::new(message).into());
        }
        if wanted == Action::Approve && !approval::may_decide(&call.principal, &approval::approvers(&inputs))
        {
            return Err(wrong(format!(
                "{} is not an approver of the step {}.",
                call.principal.arn(),
                step.name
            )));
        }
        let comment = of("Comment").map(String::as_str).unwrap_or_default();
        note(&mut execution, kind, comment, call);
        automation::enqueue(tx, &execution, call.now)?;
        tx.put(execution)?;
        Ok(SendAutomationSignalOutput {})
    }
}

fn note(execution: &mut Execution, kind: SignalType, comment: &str, call: &Call) {
    let by = call.principal.arn();
    if let Some(state) = execution.steps.get_mut(execution.current) {
        // Who decides again takes back what was said before.
        state.signals.retain(|signal| signal.by != by);
        state.signals.push(Signal {
            kind: kind.as_str().to_owned(),
            by,
            comment: comment.chars().take(LONGEST_COMMENT).collect(),
            at: call.now,
        });
    }
}
