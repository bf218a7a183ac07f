use super::{Field, PostError, value};
use base64::{Engine, engine::general_purpose::STANDARD};
use names::Timestamp;
use serde_json::Value;

/// A POST policy whose signature has been verified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    /// Until when the form is good.
    pub expiration: Timestamp,
    conditions: Vec<Condition>,
    range: Option<(u64, u64)>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Condition {
    /// `eq` or `starts-with`.
    operator: &'static str,
    /// The field's name, as the policy has it.
    field: String,
    value: String,
}

impl Condition {
    fn holds(&self, actual: &str) -> bool {
        if self.operator == "eq" {
            return actual == self.value;
        }
        // A list of content types holds where each of them does.
        if self.field.eq_ignore_ascii_case("content-type") {
            return actual.split(',').all(|one| one.trim().starts_with(&self.value));
        }
        actual.starts_with(&self.value)
    }
}

impl Policy {
    /// Reads a policy in base64 that has not expired.
    pub(crate) fn read_current(base64: &str, now: Timestamp) -> Result<Self, PostError> {
        let policy = Self::read(base64)?;
        if now > policy.expiration { Err(PostError::refused("Policy expired.")) } else { Ok(policy) }
    }

    /// Reads a policy in base64.
    pub(super) fn read(base64: &str) -> Result<Self, PostError> {
        let bytes = STANDARD.decode(base64).map_err(|_| PostError::policy("invalid Base64 encoding."))?;
        if bytes.is_empty() {
            return Err(PostError::policy("Expecting '{' but found End-of-Input"));
        }
        let document: Value =
            serde_json::from_slice(&bytes).map_err(|_| PostError::policy("Invalid JSON."))?;
        let Value::Object(document) = document else { return Err(PostError::policy("Invalid JSON.")) };
        if let Some(other) = document.keys().find(|key| !matches!(key.as_str(), "expiration" | "conditions"))
        {
            return Err(PostError::policy(format!("Unexpected: \"{other}\"")));
        }
        let expiration =
            document.get("expiration").ok_or_else(|| PostError::policy("Policy missing expiration."))?;
        let text = expiration.as_str().unwrap_or_default();
        let expiration = Timestamp::parse_iso(text)
            .map_err(|_| PostError::policy(format!("Invalid 'expiration' value: '{text}'")))?;
        let conditions =
            document.get("conditions").ok_or_else(|| PostError::policy("Policy missing conditions."))?;
        let Value::Array(conditions) = conditions else {
            return Err(PostError::policy("Invalid 'conditions' value: must be a List."));
        };
        let mut policy = Self { expiration, conditions: Vec::new(), range: None };
        for condition in conditions {
            policy.take(condition)?;
        }
        Ok(policy)
    }

    fn take(&mut self, condition: &Value) -> Result<(), PostError> {
        match condition {
            Value::Object(simple) => {
                let mut properties = simple.iter();
                let (Some((field, value)), None) = (properties.next(), properties.next()) else {
                    return Err(PostError::policy(
                        "Invalid Simple-Condition: Simple-Conditions must have exactly one property specified.",
                    ));
                };
                let Value::String(value) = value else {
                    return Err(PostError::policy("Invalid Simple-Condition: value must be a string."));
                };
                self.conditions.push(Condition {
                    operator: "eq",
                    field: field.clone(),
                    value: value.clone(),
                });
                Ok(())
            }
            Value::Array(list) => self.take_list(list),
            _ => Err(PostError::policy("Invalid condition test: must be a List or Object.")),
        }
    }

    fn take_list(&mut self, list: &[Value]) -> Result<(), PostError> {
        let Some(Value::String(name)) = list.first() else {
            return Err(PostError::policy("Invalid Condition: missing operation identifier."));
        };
        let operator = match name.to_ascii_lowercase().as_str() {
            "eq" => "eq",
            "starts-with" => "starts-with",
            "content-length-range" => "content-length-range",
            _ => return Err(PostError::policy(format!("Invalid Condition: unknown operation '{name}'."))),
        };
        let wrong_count = || PostError::policy(format!("Invalid {operator}: wrong number of arguments."));
        let [_, first, second] = list else { return Err(wrong_count()) };
        if operator == "content-length-range" {
            let (Some(least), Some(most)) = (number(first), number(second)) else {
                return Err(PostError::policy("Invalid content-length-range: arguments must be integers."));
            };
            // Where there are several ranges, all have to hold.
            let (lower, upper) = self.range.unwrap_or((0, u64::MAX));
            self.range = Some((lower.max(least), upper.min(most)));
            return Ok(());
        }
        let (Value::String(field), Value::String(value)) = (first, second) else {
            return Err(PostError::policy(format!("Invalid {operator}: arguments must be strings.")));
        };
        let Some(field) = field.strip_prefix('$').filter(|field| !field.is_empty()) else {
            return Err(PostError::policy(format!("Invalid {operator}: field names must begin with '$'.")));
        };
        self.conditions.push(Condition { operator, field: field.to_owned(), value: value.clone() });
        Ok(())
    }

    /// Holds a form's fields against the conditions. `bucket` is the bucket to which the form is posted; variables in the fields
    /// have been expanded. A field that no condition names is refused, but for those of the signature itself, the file and
    /// `x-ignore-*`; so is the bucket, lest a form that was signed for one bucket be posted to another.
    ///
    /// # Errors
    /// [`PostError::Refused`], naming the first condition that fails or the fields that are too many.
    pub fn check(&self, bucket: &str, fields: &[Field]) -> Result<(), PostError> {
        for condition in &self.conditions {
            let is_bucket = condition.field.eq_ignore_ascii_case("bucket");
            let actual = if is_bucket { bucket } else { value(fields, &condition.field).unwrap_or_default() };
            if !condition.holds(actual) {
                let Condition { operator, field, value } = condition;
                return Err(PostError::refused(format!(
                    "Policy Condition failed: [\"{operator}\", \"${field}\", \"{value}\"]"
                )));
            }
        }
        let given = fields.iter().map(|(name, _)| name.as_str());
        let extra: Vec<&str> = given
            .filter(|name| !name.eq_ignore_ascii_case("bucket"))
            .chain(["bucket"])
            .filter(|name| {
                !exempt(name) && !self.conditions.iter().any(|c| c.field.eq_ignore_ascii_case(name))
            })
            .collect();
        if extra.is_empty() {
            Ok(())
        } else {
            Err(PostError::refused(format!("Extra input fields: {}", extra.join(", "))))
        }
    }

    /// The least and the most bytes that the file may have; `None` where the policy does not say.
    #[must_use]
    pub const fn length_range(&self) -> Option<(u64, u64)> {
        self.range
    }

    /// Holds the file's length against `content-length-range`.
    ///
    /// # Errors
    /// [`PostError::TooLarge`], [`PostError::TooSmall`].
    pub fn check_length(&self, length: u64) -> Result<(), PostError> {
        match self.range {
            Some((_, maximum)) if length > maximum => Err(PostError::TooLarge { proposed: length, maximum }),
            Some((minimum, _)) if length < minimum => Err(PostError::TooSmall { proposed: length, minimum }),
            _ => Ok(()),
        }
    }
}

fn exempt(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    matches!(name.as_str(), "policy" | "x-amz-signature" | "file" | "awsaccesskeyid" | "signature")
        || name.starts_with("x-ignore-")
}

/// An integer, also one in quotes, as some forms' generators write it.
fn number(value: &Value) -> Option<u64> {
    value.as_u64().or_else(|| value.as_str()?.parse().ok())
}
