//! What a dashboard's body must be
//! (<https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html>).
//!
//! What is wrong with it keeps it from being put; what would only not be shown is a warning. Properties that are not named here are not looked at.

use api_cloudwatch::{DashboardInvalidInputError, DashboardValidationMessage, Error};
use wire::{Document, Number, document};

/// The most widgets of a dashboard.
const MAX_WIDGETS: usize = 500;
/// The most metrics of a widget.
const MAX_METRICS: usize = 500;
/// The longest body, in bytes.
const MAX_LENGTH: usize = 1 << 20;
/// Columns of a dashboard.
const COLUMNS: i64 = 24;
/// Rows of a widget.
const ROWS: i64 = 1000;

/// The warnings about a body.
///
/// # Errors
/// `InvalidParameterInput`, with all that is wrong with it.
pub(crate) fn validate(body: &str) -> Result<Vec<DashboardValidationMessage>, Error> {
    let root = if body.len() > MAX_LENGTH { None } else { Document::parse(body).ok() };
    let Some(root @ Document::Object(_)) = root else {
        let sentence = match body.len() {
            0..=MAX_LENGTH => "The field DashboardBody must be a valid JSON object",
            _ => "The field DashboardBody must not be longer than 1 MiB",
        };
        return Err(DashboardInvalidInputError::new(sentence).into());
    };
    let mut findings = Findings::default();
    findings.widgets(&root);
    if findings.errors.is_empty() {
        return Ok(findings.warnings);
    }
    let listed: Vec<Document> = findings
        .errors
        .iter()
        .map(|error| {
            let (path, message) = (error.data_path.as_deref(), error.message.as_deref());
            document!({ "dataPath": (path.unwrap_or_default()), "message": (message.unwrap_or_default()) })
        })
        .collect();
    let count = listed.len();
    let message = format!(
        "The dashboard body is invalid, there are {count} validation errors:\n{}",
        Document::Array(listed).pretty()
    );
    let members = findings.errors.iter().map(|error| {
        let (path, message) = (error.data_path.as_deref(), error.message.as_deref());
        document!({ "DataPath": (path.unwrap_or_default()), "Message": (message.unwrap_or_default()) })
    });
    Err(DashboardInvalidInputError {
        message,
        dashboard_validation_messages: Some(Document::Array(members.collect())),
    }
    .into())
}

#[derive(Default)]
struct Findings {
    errors: Vec<DashboardValidationMessage>,
    warnings: Vec<DashboardValidationMessage>,
}

impl Findings {
    fn error(&mut self, path: &str, message: impl Into<String>) {
        self.errors.push(found(path, message));
    }

    fn required(&mut self, path: &str, name: &str) {
        self.error(path, format!("Should have required property '{name}'"));
    }

    fn widgets(&mut self, root: &Document) {
        match root.get("widgets") {
            None => self.required("", "widgets"),
            Some(Document::Array(widgets)) if widgets.len() > MAX_WIDGETS => {
                self.error("/widgets", format!("Should NOT have more than {MAX_WIDGETS} items"));
            }
            Some(Document::Array(widgets)) => {
                for (index, widget) in widgets.iter().enumerate() {
                    self.widget(&format!("/widgets/{index}"), widget);
                }
            }
            Some(_) => self.error("/widgets", "Should be array"),
        }
        self.one_of(root, "", "periodOverride", &["auto", "inherit"]);
    }

    fn widget(&mut self, path: &str, widget: &Document) {
        if !matches!(widget, Document::Object(_)) {
            return self.error(path, "Should be object");
        }
        self.integer(widget, path, "x", 0, COLUMNS - 1);
        self.integer(widget, path, "y", 0, i64::from(i32::MAX));
        self.integer(widget, path, "width", 1, COLUMNS);
        self.integer(widget, path, "height", 1, ROWS);
        if widget.get("x").is_some() != widget.get("y").is_some() {
            let missing = if widget.get("x").is_some() { "y" } else { "x" };
            self.required(path, missing);
        }
        let properties = match widget.get("properties") {
            Some(properties @ Document::Object(_)) => properties,
            Some(_) => return self.error(&format!("{path}/properties"), "Should be object"),
            None => return self.required(path, "properties"),
        };
        let kind = match widget.get("type").map(|kind| kind.as_str()) {
            None => return self.required(path, "type"),
            Some(kind) => kind.unwrap_or_default(),
        };
        let path = format!("{path}/properties");
        match kind {
            "metric" => self.metric_widget(&path, properties),
            "text" => self.text(&path, properties, "markdown"),
            "log" => {
                self.text(&path, properties, "query");
                self.text(&path, properties, "region");
            }
            "alarm" => self.alarm_widget(&path, properties),
            "custom" => self.text(&path, properties, "endpoint"),
            "explorer" => {
                if !matches!(properties.get("metrics"), Some(Document::Array(_))) {
                    self.required(&path, "metrics");
                }
            }
            _ => {
                let path = path.trim_end_matches("/properties").to_owned() + "/type";
                self.error(&path, "Should be equal to one of the allowed values");
            }
        }
    }

    fn metric_widget(&mut self, path: &str, properties: &Document) {
        self.text(path, properties, "region");
        self.one_of(properties, path, "view", &["timeSeries", "singleValue", "gauge", "bar", "pie", "table"]);
        if let Some(period) = properties.get("period") {
            match whole(period) {
                Some(1 | 5 | 10 | 20 | 30) => {}
                Some(period) if period > 0 && period % 60 == 0 => {}
                _ => self.error(&format!("{path}/period"), "Should be 1, 5, 10, 20, 30 or a multiple of 60"),
            }
        }
        match properties.get("metrics") {
            None if properties.get("annotations").is_some() => {}
            None => self.required(path, "metrics"),
            Some(Document::Array(metrics)) => {
                if metrics.len() > MAX_METRICS {
                    self.error(
                        &format!("{path}/metrics"),
                        format!("Should NOT have more than {MAX_METRICS} items"),
                    );
                    return;
                }
                for (index, metric) in metrics.iter().enumerate() {
                    self.metric(&format!("{path}/metrics/{index}"), metric);
                }
            }
            Some(_) => self.error(&format!("{path}/metrics"), "Should be array"),
        }
    }

    /// `[Namespace, MetricName, Dimension, Value, …, {…}]`, or `[{"expression": …}]`.
    fn metric(&mut self, path: &str, metric: &Document) {
        let Document::Array(parts) = metric else { return self.error(path, "Should be array") };
        let (names, options) = match parts.split_last() {
            None => return self.error(path, "Should NOT have fewer than 1 items"),
            Some((options @ Document::Object(_), names)) => (names, Some(options)),
            Some(_) => (parts.as_slice(), None),
        };
        for (index, name) in names.iter().enumerate() {
            if name.as_str().is_none() {
                self.error(
                    &format!("{path}/{index}"),
                    "Invalid metric field type, only \"String\" type is allowed",
                );
            }
        }
        let is_expression = options.is_some_and(|options| options.get("expression").is_some());
        if is_expression && !names.is_empty() {
            self.error(path, "Should NOT have more than 1 items");
        } else if !is_expression && names.len() < 2 {
            self.error(path, "Should NOT have fewer than 2 items");
        } else if !is_expression && names.len() % 2 == 1 {
            self.error(path, "A dimension of a metric should have a name and a value");
        }
        if let Some(stat) = options.and_then(|options| options.get("stat"))
            && stat.as_str().and_then(crate::metrics::statistic::Statistic::read).is_none()
        {
            // AWS shows such a widget without the metric.
            let path = format!("{path}/{}/stat", names.len());
            self.warnings.push(found(&path, "Should be a statistic"));
        }
    }

    fn alarm_widget(&mut self, path: &str, properties: &Document) {
        match properties.get("alarms") {
            None => self.required(path, "alarms"),
            Some(Document::Array(alarms)) => {
                let path = format!("{path}/alarms");
                if alarms.is_empty() {
                    self.error(&path, "Should NOT have fewer than 1 items");
                }
                if alarms.len() > 100 {
                    self.error(&path, "Should NOT have more than 100 items");
                }
                for (index, _) in alarms.iter().enumerate().filter(|(_, alarm)| alarm.as_str().is_none()) {
                    self.error(&format!("{path}/{index}"), "Should be string");
                }
            }
            Some(_) => self.error(&format!("{path}/alarms"), "Should be array"),
        }
    }

    /// A text that must be there.
    fn text(&mut self, path: &str, properties: &Document, name: &str) {
        match properties.get(name) {
            None => self.required(path, name),
            Some(value) if value.as_str().is_none() => {
                self.error(&format!("{path}/{name}"), "Should be string");
            }
            Some(_) => {}
        }
    }

    /// A whole number that may be there.
    fn integer(&mut self, object: &Document, path: &str, name: &str, least: i64, most: i64) {
        let Some(value) = object.get(name) else { return };
        let path = format!("{path}/{name}");
        match whole(value) {
            None => self.error(&path, "Should be integer"),
            Some(value) if value < least => self.error(&path, format!("Should be >= {least}")),
            Some(value) if value > most => self.error(&path, format!("Should be <= {most}")),
            Some(_) => {}
        }
    }

    /// One of several words that may be there.
    fn one_of(&mut self, object: &Document, path: &str, name: &str, words: &[&str]) {
        let Some(value) = object.get(name) else { return };
        if !value.as_str().is_some_and(|value| words.contains(&value)) {
            self.error(&format!("{path}/{name}"), "Should be equal to one of the allowed values");
        }
    }
}

fn found(path: &str, message: impl Into<String>) -> DashboardValidationMessage {
    DashboardValidationMessage { data_path: Some(path.to_owned()), message: Some(message.into()) }
}

fn whole(value: &Document) -> Option<i64> {
    match value {
        Document::Number(Number::Integer(value)) => Some(*value),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wire::ServiceError;

    fn paths(body: &str) -> Vec<String> {
        match validate(body) {
            Ok(_) => Vec::new(),
            Err(Error::DashboardInvalidInputError(error)) => {
                let all = error.dashboard_validation_messages.unwrap_or_default();
                let all = all.as_array().unwrap_or_default().iter();
                all.map(|one| {
                    let text = |name| one.get(name).and_then(Document::as_str).unwrap_or_default().to_owned();
                    format!("{}: {}", text("DataPath"), text("Message"))
                })
                .collect()
            }
            Err(other) => panic!("{other}"),
        }
    }

    #[test]
    fn bodies_that_can_be_shown() {
        let widget = r#"{"widgets":[
            {"type":"metric","x":0,"y":0,"width":12,"height":6,"properties":{"region":"us-east-1","view":"timeSeries",
             "metrics":[["AWS/Lambda","Errors","FunctionName","f",{"stat":"Sum"}],[{"expression":"m1*2","id":"e1"}]]}},
            {"type":"text","properties":{"markdown":"Hello"}},
            {"type":"alarm","properties":{"alarms":["arn:aws:cloudwatch:us-east-1:000000000000:alarm:a"]}},
            {"type":"log","properties":{"region":"us-east-1","query":"SOURCE 'a' | fields @message"}}]}"#;
        assert_eq!(paths(widget), Vec::<String>::new());
        assert!(validate(r#"{"widgets":[]}"#).unwrap().is_empty());
        let odd = widget.replace("\"Sum\"", "\"Mean\"");
        let warnings = validate(&odd).unwrap();
        assert_eq!(warnings[0].data_path.as_deref(), Some("/widgets/0/properties/metrics/0/4/stat"));
    }

    #[test]
    fn what_is_wrong_is_told_by_its_path() {
        for (body, expected) in [
            ("{}", ": Should have required property 'widgets'"),
            (r#"{"widgets":{}}"#, "/widgets: Should be array"),
            (r#"{"widgets":[1]}"#, "/widgets/0: Should be object"),
            (r#"{"widgets":[{"type":"text"}]}"#, "/widgets/0: Should have required property 'properties'"),
            (
                r#"{"widgets":[{"type":"x","properties":{}}]}"#,
                "/widgets/0/type: Should be equal to one of the allowed values",
            ),
            (
                r#"{"widgets":[{"type":"text","width":25,"properties":{"markdown":"a"}}]}"#,
                "/widgets/0/width: Should be <= 24",
            ),
            (
                r#"{"widgets":[{"type":"text","x":1,"properties":{"markdown":"a"}}]}"#,
                "/widgets/0: Should have required property 'y'",
            ),
            (
                r#"{"widgets":[{"type":"metric","properties":{"region":"r","metrics":[["A","b",1]]}}]}"#,
                "/widgets/0/properties/metrics/0/2: Invalid metric field type, only \"String\" type is allowed",
            ),
        ] {
            assert_eq!(paths(body).first().map(String::as_str), Some(expected), "{body}");
        }
        let error = validate("nothing").unwrap_err().into_response();
        assert_eq!(error.query_code, Some("InvalidParameterInput"));
        assert_eq!(error.message, "The field DashboardBody must be a valid JSON object");
        let error = validate("{}").unwrap_err().into_response();
        assert!(
            error.message.starts_with("The dashboard body is invalid, there are 1 validation errors:\n["),
            "{error}"
        );
    }
}
