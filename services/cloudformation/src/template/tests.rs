//! Whole templates, in both formats, with AWS's sentences.

mod format;
mod functions;
mod labs;
mod parameters;
mod plans;
mod robustness;
mod summaries;

use super::*;
use indexmap::IndexMap;
use std::sync::Arc;
use wire::Document;

/// A bucket, for templates that are about something else.
const BUCKET: &str = "Resources:\n  B: {Type: AWS::S3::Bucket}\n";

fn parse(text: &str) -> Template {
    Template::parse(text, Source::Body).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

/// The sentence on a YAML template, which must be the same on the same template in JSON.
fn refused(yaml: &str) -> String {
    let error = Template::parse(yaml, Source::Body).map(|_| ()).expect_err(yaml).to_string();
    let document = super::yaml::parse(yaml).expect("well-formed");
    let json =
        Template::parse(&document.to_string(), Source::Body).map(|_| ()).expect_err("refused in JSON too");
    assert_eq!(json.to_string(), error, "JSON and YAML differ\n{yaml}");
    error
}

fn given(values: &[(&str, &str)]) -> IndexMap<String, String> {
    values.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

fn pseudo() -> PseudoParameters {
    PseudoParameters {
        account_id: "123456789012".to_owned(),
        region: "us-east-1".to_owned(),
        partition: "aws".to_owned(),
        url_suffix: "amazonaws.com".to_owned(),
        stack_name: "lab".to_owned(),
        stack_id: "arn:aws:cloudformation:us-east-1:123456789012:stack/lab/1".to_owned(),
        notification_arns: vec!["arn:aws:sns:us-east-1:123456789012:t".to_owned()],
    }
}

fn plan(yaml: &str, values: &[(&str, &str)]) -> Result<Plan, TemplateError> {
    let template = parse(yaml);
    let json = parse(&template.document.to_string());
    let plan = Plan::new(Arc::new(template.clone()), template.parameter_values(&given(values))?, pseudo());
    let from_json = Plan::new(Arc::new(json.clone()), json.parameter_values(&given(values))?, pseudo());
    assert_eq!(
        from_json.as_ref().map(|plan| plan.graph().clone()).map_err(ToString::to_string),
        plan.as_ref().map(|plan| plan.graph().clone()).map_err(ToString::to_string)
    );
    plan
}

fn unplanned(yaml: &str, values: &[(&str, &str)]) -> String {
    plan(yaml, values).map(|_| ()).expect_err(yaml).to_string()
}

/// A stack in which every resource is there: `Ref` gives `id-NAME`, `Fn::GetAtt` gives `NAME.ATTRIBUTE`.
struct Everything;

impl Live for Everything {
    fn reference(&self, logical_id: &str) -> Option<Document> {
        Some(format!("id-{logical_id}").into())
    }

    fn attribute(&self, logical_id: &str, attribute: &str) -> Option<Document> {
        match attribute {
            "Nothing" => None,
            "List" => Some(["a", "b"].into_iter().collect()),
            _ => Some(format!("{logical_id}.{attribute}").into()),
        }
    }

    fn import(&self, name: &str) -> Option<String> {
        (name != "missing").then(|| format!("import-{name}"))
    }

    fn availability_zones(&self, region: &str) -> Vec<String> {
        ["a", "b", "c"].into_iter().map(|zone| format!("{region}{zone}")).collect()
    }
}
