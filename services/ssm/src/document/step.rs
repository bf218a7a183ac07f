//! Steps of runbooks (<https://docs.aws.amazon.com/systems-manager/latest/userguide/automation-actions.html>).

use super::{Fault, content, text};
use crate::automation::script::LONGEST as LONGEST_SCRIPT;
use wire::Document;

/// What a step does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Action {
    ExecuteAwsApi,
    AssertProperty,
    WaitForProperty,
    Branch,
    Sleep,
    InvokeFunction,
    ExecuteScript,
    Approve,
    Pause,
}

/// What follows a failed step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum OnFailure {
    Abort,
    Continue,
    Step(String),
}

/// What an output is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum OutputKind {
    String,
    StringList,
    Boolean,
    Integer,
    StringMap,
    MapList,
}

/// An output of a step.
#[derive(Debug, Clone)]
pub(crate) struct Output {
    pub(crate) name: String,
    pub(crate) selector: String,
    pub(crate) kind: OutputKind,
}

/// A step.
#[derive(Debug, Clone)]
pub(crate) struct Step {
    pub(crate) name: String,
    pub(crate) action: Action,
    pub(crate) inputs: Document,
    pub(crate) outputs: Vec<Output>,
    pub(crate) on_failure: OnFailure,
    pub(crate) is_critical: bool,
    pub(crate) is_end: bool,
    pub(crate) next_step: Option<String>,
    pub(crate) max_attempts: u32,
    /// In seconds.
    pub(crate) timeout: Option<u64>,
}

/// Actions of AWS that are not built.
const UNBUILT: &[&str] = &[
    "aws:assertScript",
    "aws:changeInstanceState",
    "aws:copyImage",
    "aws:createImage",
    "aws:createStack",
    "aws:createTags",
    "aws:deleteImage",
    "aws:deleteStack",
    "aws:executeAutomation",
    "aws:executeStateMachine",
    "aws:invokeWebhook",
    "aws:loop",
    "aws:runCommand",
    "aws:runInstances",
    "aws:updateVariable",
];

const MEMBERS: &[&str] = &[
    "name",
    "action",
    "description",
    "inputs",
    "outputs",
    "onFailure",
    "isCritical",
    "isEnd",
    "nextStep",
    "maxAttempts",
    "timeoutSeconds",
    "onCancel",
];

impl Action {
    fn parse(name: &str) -> Result<Self, Fault> {
        match name {
            "aws:executeAwsApi" => Ok(Self::ExecuteAwsApi),
            "aws:assertAwsResourceProperty" => Ok(Self::AssertProperty),
            "aws:waitForAwsResourceProperty" => Ok(Self::WaitForProperty),
            "aws:branch" => Ok(Self::Branch),
            "aws:sleep" => Ok(Self::Sleep),
            "aws:invokeLambdaFunction" => Ok(Self::InvokeFunction),
            "aws:executeScript" => Ok(Self::ExecuteScript),
            "aws:approve" => Ok(Self::Approve),
            "aws:pause" => Ok(Self::Pause),
            own if UNBUILT.contains(&own) => {
                Err(Fault::NotBuilt(format!("The action {own} is not built in Cloudchamber.")))
            }
            other => content(format!("The action {other} is not supported.")),
        }
    }

    /// As documents name it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::ExecuteAwsApi => "aws:executeAwsApi",
            Self::AssertProperty => "aws:assertAwsResourceProperty",
            Self::WaitForProperty => "aws:waitForAwsResourceProperty",
            Self::Branch => "aws:branch",
            Self::Sleep => "aws:sleep",
            Self::InvokeFunction => "aws:invokeLambdaFunction",
            Self::ExecuteScript => "aws:executeScript",
            Self::Approve => "aws:approve",
            Self::Pause => "aws:pause",
        }
    }

    fn required(self) -> &'static [&'static str] {
        match self {
            Self::ExecuteAwsApi => &["Service", "Api"],
            Self::AssertProperty | Self::WaitForProperty => {
                &["Service", "Api", "PropertySelector", "DesiredValues"]
            }
            Self::Branch => &["Choices"],
            Self::Sleep | Self::Pause => &[],
            Self::InvokeFunction => &["FunctionName"],
            Self::ExecuteScript => &["Runtime"],
            Self::Approve => &["Approvers"],
        }
    }

    /// What it answers without being asked.
    fn gives(self) -> &'static [&'static str] {
        match self {
            Self::InvokeFunction => &["StatusCode", "FunctionError", "LogResult", "Payload"],
            Self::ExecuteScript => &["OutputPayload"],
            Self::Approve => &["ApprovalStatus", "ApproverDecisions"],
            _ => &[],
        }
    }

    /// The inputs that it takes, where they are not those of some operation.
    fn inputs(self) -> Option<&'static [&'static str]> {
        Some(match self {
            Self::ExecuteScript => &["Runtime", "Handler", "Script", "InputPayload"],
            Self::Approve => &["NotificationArn", "Message", "MinRequiredApprovals", "Approvers"],
            Self::Branch => &["Choices", "Default"],
            Self::Pause => &[],
            _ => return None,
        })
    }

    /// How long it may take where the step does not say, in seconds.
    pub(crate) fn default_timeout(self) -> Option<u64> {
        match self {
            Self::WaitForProperty => Some(3600),
            Self::ExecuteScript => Some(LONGEST_SCRIPT),
            // Seven days.
            Self::Approve | Self::Pause => Some(604_800),
            _ => None,
        }
    }
}

impl Step {
    pub(super) fn parse(value: &Document) -> Result<Self, Fault> {
        let Some(members) = value.as_object() else { return content("A step must be an object.") };
        let Some(name) = text(members.get("name"), "name")? else { return content("A step has no name.") };
        let letters = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
        if name.is_empty() || name.len() > 128 || !name.bytes().all(letters) {
            return content(format!("The step name {name} is not valid: it takes letters, digits and _."));
        }
        if let Some(stranger) = members.keys().find(|member| !MEMBERS.contains(&member.as_str())) {
            return content(format!("Unrecognized property \"{stranger}\" in the step {name}."));
        }
        let Some(action) = text(members.get("action"), "action")? else {
            return content(format!("The step {name} has no action."));
        };
        let action = Action::parse(&action)?;
        let on_failure = match text(members.get("onFailure"), "onFailure")?.as_deref() {
            None | Some("Abort") => OnFailure::Abort,
            Some("Continue") => OnFailure::Continue,
            Some(other) => match other.strip_prefix("step:") {
                Some(step) => OnFailure::Step(step.trim().to_owned()),
                None => return content(format!("The onFailure {other} of the step {name} is not valid.")),
            },
        };
        match text(members.get("onCancel"), "onCancel")?.as_deref() {
            None | Some("Abort") => {}
            Some(_) => {
                return Err(Fault::NotBuilt(format!(
                    "onCancel with a step (in the step {name}) is not built in Cloudchamber."
                )));
            }
        }
        let step = Self {
            action,
            inputs: members
                .get("inputs")
                .filter(|inputs| !inputs.is_null())
                .cloned()
                .unwrap_or_else(Document::object),
            outputs: outputs(&name, members.get("outputs"))?,
            on_failure,
            is_critical: truth(&name, "isCritical", members.get("isCritical"))?.unwrap_or(true),
            is_end: truth(&name, "isEnd", members.get("isEnd"))?.unwrap_or(false),
            next_step: text(members.get("nextStep"), "nextStep")?,
            max_attempts: number(&name, "maxAttempts", members.get("maxAttempts"))?
                .map_or(1, |attempts| u32::try_from(attempts.clamp(1, 100)).unwrap_or(1)),
            timeout: number(&name, "timeoutSeconds", members.get("timeoutSeconds"))?,
            name,
        };
        step.check()?;
        Ok(step)
    }

    fn check(&self) -> Result<(), Fault> {
        let name = &self.name;
        let Some(inputs) = self.inputs.as_object() else {
            return content(format!("The inputs of the step {name} must be an object."));
        };
        if let Some(missing) = self.action.required().iter().find(|input| !inputs.contains_key(**input)) {
            return content(format!(
                "The step {name} lacks the input {missing}, which {} requires.",
                self.action.name()
            ));
        }
        if self.action == Action::ExecuteScript && inputs.contains_key("Attachment") {
            return Err(Fault::NotBuilt(format!(
                "Attachment of aws:executeScript (in the step {name}) is not built in Cloudchamber. Write the script into Script."
            )));
        }
        if let Some(known) = self.action.inputs()
            && let Some(stranger) = inputs.keys().find(|input| !known.contains(&input.as_str()))
        {
            let action = self.action.name();
            return content(format!("The step {name} has the input {stranger}, which {action} has not."));
        }
        match self.action {
            Action::ExecuteScript => self.check_script(),
            Action::Approve => crate::automation::approval::check(&self.inputs, name),
            Action::Branch => {
                let choices = inputs.get("Choices").and_then(Document::as_array).unwrap_or_default();
                if choices.is_empty()
                    || choices
                        .iter()
                        .any(|choice| choice.get("NextStep").and_then(Document::as_str).is_none())
                {
                    return content(format!("Each of the Choices of the step {name} needs a NextStep."));
                }
                choices.iter().try_for_each(|choice| crate::automation::branch::check(choice, name))
            }
            Action::Sleep => {
                let one = [inputs.contains_key("Duration"), inputs.contains_key("Timestamp")];
                if one == [true, true] || one == [false, false] {
                    return content(format!("The step {name} needs either Duration or Timestamp."));
                }
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn check_script(&self) -> Result<(), Fault> {
        let name = &self.name;
        let of = |input: &str| self.inputs.get(input).and_then(Document::as_str).unwrap_or_default();
        match of("Runtime") {
            "python3.8" | "python3.9" | "python3.10" | "python3.11" => {}
            shell if shell.starts_with("PowerShell") => {
                return Err(Fault::NotBuilt(format!(
                    "The runtime {shell} of aws:executeScript (in the step {name}) is not built in Cloudchamber, only python3."
                )));
            }
            other => {
                return content(format!(
                    "The runtime {other} of the step {name} is not supported. Use python3.8, python3.9, python3.10 or python3.11."
                ));
            }
        }
        for needed in ["Handler", "Script"] {
            if of(needed).is_empty() {
                return content(format!(
                    "The step {name} lacks the input {needed}, which Python scripts require."
                ));
            }
        }
        if self.timeout.is_some_and(|timeout| timeout > LONGEST_SCRIPT) {
            return content(format!(
                "The timeoutSeconds of the step {name} is more than {LONGEST_SCRIPT}, which is as long as a script may run."
            ));
        }
        Ok(())
    }

    /// The inputs that references are looked for in: not a script's text, in which two braces are Python's own.
    pub(crate) fn templates(&self) -> Document {
        match (self.action, &self.inputs) {
            (Action::ExecuteScript, Document::Object(members)) => {
                let others = members.iter().filter(|(input, _)| *input != "Script");
                Document::Object(others.map(|(input, value)| (input.clone(), value.clone())).collect())
            }
            (_, inputs) => inputs.clone(),
        }
    }

    /// The steps that a branch may go to.
    pub(crate) fn branches(&self) -> Vec<String> {
        if self.action != Action::Branch {
            return Vec::new();
        }
        let choices = self.inputs.get("Choices").and_then(Document::as_array).unwrap_or_default();
        let named = choices.iter().filter_map(|choice| choice.get("NextStep"));
        let named = named.chain(self.inputs.get("Default"));
        named.filter_map(Document::as_str).map(str::to_owned).collect()
    }

    /// It has an output of this name.
    pub(crate) fn gives(&self, output: &str) -> bool {
        self.outputs.iter().any(|own| own.name == output) || self.action.gives().contains(&output)
    }

    /// How long it may take, in seconds.
    pub(crate) fn time_limit(&self) -> Option<u64> {
        self.timeout.or_else(|| self.action.default_timeout())
    }
}

fn outputs(step: &str, value: Option<&Document>) -> Result<Vec<Output>, Fault> {
    let list = match value {
        None | Some(Document::Null) => return Ok(Vec::new()),
        Some(Document::Array(list)) => list,
        Some(_) => return content(format!("The outputs of the step {step} must be a list.")),
    };
    let mut outputs: Vec<Output> = Vec::new();
    for value in list {
        let (Some(name), Some(selector)) =
            (text(value.get("Name"), "Name")?, text(value.get("Selector"), "Selector")?)
        else {
            return content(format!("Each output of the step {step} needs a Name and a Selector."));
        };
        let kind = match text(value.get("Type"), "Type")?.as_deref() {
            None | Some("String") => OutputKind::String,
            Some("StringList") => OutputKind::StringList,
            Some("Boolean") => OutputKind::Boolean,
            Some("Integer") => OutputKind::Integer,
            Some("StringMap") => OutputKind::StringMap,
            Some("MapList") => OutputKind::MapList,
            Some(other) => {
                return content(format!(
                    "The output {name} of the step {step} has the type {other}, which is not valid."
                ));
            }
        };
        if let Err(reason) = crate::automation::select::Path::parse(&selector) {
            return content(format!("The selector {selector} of the step {step} is not valid: {reason}"));
        }
        if outputs.iter().any(|known| known.name == name) {
            return content(format!("The step {step} has two outputs named {name}."));
        }
        outputs.push(Output { name, selector, kind });
    }
    Ok(outputs)
}

fn truth(step: &str, member: &str, value: Option<&Document>) -> Result<Option<bool>, Fault> {
    match value {
        None | Some(Document::Null) => Ok(None),
        Some(Document::Boolean(value)) => Ok(Some(*value)),
        Some(Document::String(text)) if matches!(text.as_str(), "true" | "false") => Ok(Some(text == "true")),
        Some(_) => content(format!("{member} of the step {step} must be true or false.")),
    }
}

fn number(step: &str, member: &str, value: Option<&Document>) -> Result<Option<u64>, Fault> {
    let number = match value {
        None | Some(Document::Null) => return Ok(None),
        Some(Document::String(text)) => text.parse().ok(),
        Some(other) => other.as_i64().and_then(|number| u64::try_from(number).ok()),
    };
    match number {
        Some(number) if number > 0 => Ok(Some(number)),
        _ => content(format!("{member} of the step {step} must be a positive number.")),
    }
}
