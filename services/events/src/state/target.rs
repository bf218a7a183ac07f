use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use wire::{Document, document};

/// A target of a rule: the parameters that are honoured.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Target {
    pub(crate) id: String,
    pub(crate) arn: String,
    pub(crate) role: Option<String>,
    pub(crate) input: Option<String>,
    pub(crate) input_path: Option<String>,
    pub(crate) transformer: Option<Transformer>,
    pub(crate) message_group: Option<String>,
    pub(crate) dead_letter: Option<String>,
    pub(crate) retries: Option<Retries>,
}

/// `InputTransformer`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Transformer {
    pub(crate) paths: Option<BTreeMap<String, String>>,
    pub(crate) template: String,
}

/// `RetryPolicy`
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Retries {
    pub(crate) attempts: Option<i32>,
    /// In seconds.
    pub(crate) age: Option<i32>,
}

impl Target {
    /// As `ListTargetsByRule` answers.
    pub(crate) fn answer(self) -> api_events::Target {
        api_events::Target {
            id: self.id,
            arn: self.arn,
            role_arn: self.role,
            input: self.input,
            input_path: self.input_path,
            input_transformer: self.transformer.map(|it| api_events::InputTransformer {
                input_paths_map: it.paths,
                input_template: it.template,
            }),
            sqs_parameters: self
                .message_group
                .map(|group| api_events::SqsParameters { message_group_id: Some(group) }),
            dead_letter_config: self.dead_letter.map(|arn| api_events::DeadLetterConfig { arn: Some(arn) }),
            retry_policy: self.retries.map(|it| api_events::RetryPolicy {
                maximum_retry_attempts: it.attempts,
                maximum_event_age_in_seconds: it.age,
            }),
            ..Default::default()
        }
    }

    /// As AWS Config has it.
    pub(crate) fn describe(&self) -> Document {
        let mut out = document!({ "Id": (self.id.as_str()), "Arn": (self.arn.as_str()) });
        let texts = [("RoleArn", &self.role), ("Input", &self.input), ("InputPath", &self.input_path)];
        for (name, text) in texts {
            if let Some(text) = text {
                out.set(name, text.as_str());
            }
        }
        if let Some(transformer) = &self.transformer {
            let mut nested = document!({ "InputTemplate": (transformer.template.as_str()) });
            if let Some(paths) = &transformer.paths {
                nested.set("InputPathsMap", paths.clone());
            }
            out.set("InputTransformer", nested);
        }
        if let Some(group) = &self.message_group {
            out.set("SqsParameters", document!({ "MessageGroupId": (group.as_str()) }));
        }
        if let Some(queue) = &self.dead_letter {
            out.set("DeadLetterConfig", document!({ "Arn": (queue.as_str()) }));
        }
        if let Some(retries) = &self.retries {
            let mut nested = Document::object();
            if let Some(attempts) = retries.attempts {
                nested.set("MaximumRetryAttempts", attempts);
            }
            if let Some(age) = retries.age {
                nested.set("MaximumEventAgeInSeconds", age);
            }
            out.set("RetryPolicy", nested);
        }
        out
    }
}
