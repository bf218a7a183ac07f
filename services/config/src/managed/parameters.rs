use crate::errors::invalid;
use api_config::Error;
use std::collections::BTreeMap;
use wire::Document;

/// A parameter of a rule.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Parameter {
    pub(super) name: &'static str,
    kind: Kind,
    required: bool,
    /// What AWS takes where it is not given.
    default: Option<&'static str>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Any text.
    Text,
    /// Whole numbers of at least 0.
    Integer,
    /// `true` or `false`, in whatever case.
    Boolean,
    /// Values with commas between them.
    List,
    /// One of these, in whatever case.
    Choice(&'static [&'static str]),
    /// A bucket policy.
    BucketPolicy,
    /// Ports and ranges of ports with commas between them.
    Ports,
}

const fn parameter(name: &'static str, kind: Kind) -> Parameter {
    Parameter { name, kind, required: false, default: None }
}

pub(super) const fn text(name: &'static str) -> Parameter {
    parameter(name, Kind::Text)
}

pub(super) const fn integer(name: &'static str) -> Parameter {
    parameter(name, Kind::Integer)
}

pub(super) const fn boolean(name: &'static str) -> Parameter {
    parameter(name, Kind::Boolean)
}

pub(super) const fn list(name: &'static str) -> Parameter {
    parameter(name, Kind::List)
}

pub(super) const fn choice(name: &'static str, of: &'static [&'static str]) -> Parameter {
    parameter(name, Kind::Choice(of))
}

pub(super) const fn bucket_policy(name: &'static str) -> Parameter {
    parameter(name, Kind::BucketPolicy)
}

pub(super) const fn ports(name: &'static str) -> Parameter {
    parameter(name, Kind::Ports)
}

impl Parameter {
    /// A rule cannot be put without it.
    pub(super) const fn required(self) -> Self {
        Self { required: true, ..self }
    }

    /// What AWS takes where it is not given.
    pub(super) const fn or(self, default: &'static str) -> Self {
        Self { default: Some(default), ..self }
    }

    /// As the console shows it.
    pub(crate) fn described(&self) -> crate::BuiltRuleParameter {
        let (kind, one_of): (_, &'static [&'static str]) = match self.kind {
            Kind::Text | Kind::BucketPolicy => ("String", &[]),
            Kind::Integer => ("int", &[]),
            Kind::Boolean => ("boolean", &[]),
            Kind::List | Kind::Ports => ("CSV", &[]),
            Kind::Choice(of) => ("String", of),
        };
        crate::BuiltRuleParameter {
            name: self.name,
            kind,
            required: self.required,
            default: self.default,
            one_of,
        }
    }

    fn check(&self, value: &str) -> Result<(), Error> {
        let name = self.name;
        let is = |kind: &str| invalid(format!("The value {value} of the parameter {name} is not {kind}."));
        match self.kind {
            Kind::Text => Ok(()),
            // A list of nothing would let everything pass, or nothing.
            Kind::List if parts(value).next().is_none() => {
                Err(invalid(format!("Blank spaces are not acceptable for input parameter: {name}.")))
            }
            Kind::List => Ok(()),
            Kind::Integer => value.parse::<u32>().map(drop).map_err(|_| is("of the type int")),
            Kind::Boolean => flag(value).map(drop).ok_or_else(|| is("of the type boolean")),
            Kind::Choice(of) => {
                let known = of.iter().any(|one| one.eq_ignore_ascii_case(value));
                if known { Ok(()) } else { Err(is(&format!("one of {}", of.join(", ")))) }
            }
            // AWS's sentence.
            Kind::BucketPolicy => super::policies::parse_bucket(value).map(drop).map_err(|_| {
                invalid(format!("Value for {name} parameter must be an Amazon S3 bucket policy."))
            }),
            Kind::Ports => {
                port_ranges(value).map(drop).ok_or_else(|| is("a list of ports and ranges of ports"))
            }
        }
    }
}

fn flag(value: &str) -> Option<bool> {
    if value.eq_ignore_ascii_case("true") {
        Some(true)
    } else if value.eq_ignore_ascii_case("false") {
        Some(false)
    } else {
        None
    }
}

fn parts(value: &str) -> impl Iterator<Item = &str> {
    value.split(',').map(str::trim).filter(|part| !part.is_empty())
}

fn port_ranges(value: &str) -> Option<Vec<(i64, i64)>> {
    let range = |part: &str| {
        let (from, to) = part.split_once('-').unwrap_or((part, part));
        let (from, to): (u16, u16) = (from.trim().parse().ok()?, to.trim().parse().ok()?);
        (from <= to).then_some((i64::from(from), i64::from(to)))
    };
    parts(value).map(range).collect()
}

/// The parameters that a rule was put with, and the values that AWS takes for those that it was not.
#[derive(Debug, Default)]
pub(crate) struct Parameters {
    values: BTreeMap<String, String>,
}

impl Parameters {
    /// Reads the parameters of a rule, which must be what it takes.
    pub(crate) fn read(takes: &[Parameter], json: Option<&str>) -> Result<Self, Error> {
        let json = json.unwrap_or("{}");
        let Ok(Document::Object(given)) = Document::parse(json) else {
            return Err(invalid(format!("Invalid json {json} passed in the InputParameters field")));
        };
        if given.keys().any(|name| takes.iter().all(|own| own.name != name)) {
            return Err(invalid(format!("Unknown parameters provided in the inputParameters: {json}")));
        }
        let mut missing: Vec<&str> = takes
            .iter()
            .filter(|own| own.required && !given.contains_key(own.name))
            .map(|own| own.name)
            .collect();
        if !missing.is_empty() {
            missing.sort_unstable();
            return Err(invalid(format!(
                "The required parameter [{}] is not present in the inputParameters",
                missing.join(", ")
            )));
        }
        let mut values = BTreeMap::new();
        for own in takes {
            match given.get(own.name) {
                Some(Document::String(value)) if !value.trim().is_empty() => {
                    own.check(value)?;
                    values.insert(own.name.to_owned(), value.clone());
                }
                // AWS says so of numbers without quotation marks, too.
                Some(_) => {
                    return Err(invalid(format!(
                        "Blank spaces are not acceptable for input parameter: {}.",
                        own.name
                    )));
                }
                None => {
                    if let Some(default) = own.default {
                        values.insert(own.name.to_owned(), default.to_owned());
                    }
                }
            }
        }
        Ok(Self { values })
    }

    /// A value.
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.values.get(name).map(String::as_str)
    }

    /// A value that is a whole number.
    pub(super) fn integer(&self, name: &str) -> Option<i64> {
        self.text(name)?.trim().parse().ok()
    }

    /// A value that is true or false.
    pub(super) fn flag(&self, name: &str) -> Option<bool> {
        flag(self.text(name)?)
    }

    /// The values of a list; None where it was not given.
    pub(super) fn list(&self, name: &str) -> Option<Vec<&str>> {
        self.text(name).map(|value| parts(value).collect())
    }

    /// Ranges of ports; empty where they were not given.
    pub(super) fn ports(&self, name: &str) -> Vec<(i64, i64)> {
        self.text(name).and_then(port_ranges).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TAKES: &[Parameter] = &[
        text("name").required(),
        integer("days").or("90"),
        boolean("strict"),
        list("ids"),
        choice("mode", &["GOVERNANCE", "COMPLIANCE"]),
        ports("ports"),
        bucket_policy("controlPolicy"),
    ];

    fn refusal(json: &str) -> String {
        Parameters::read(TAKES, Some(json)).unwrap_err().to_string()
    }

    #[test]
    fn values_are_read_by_type_and_defaults_stand_in() {
        let json = r#"{"name":"x","strict":"True","ids":"a, b,,c","mode":"compliance","ports":"22, 80-443"}"#;
        let read = Parameters::read(TAKES, Some(json)).unwrap();
        assert_eq!(read.text("name"), Some("x"));
        assert_eq!(read.integer("days"), Some(90));
        assert_eq!(read.flag("strict"), Some(true));
        assert_eq!(read.list("ids"), Some(vec!["a", "b", "c"]));
        assert_eq!(read.ports("ports"), [(22, 22), (80, 443)]);
        assert_eq!((read.list("none"), read.flag("none"), read.ports("none")), (None, None, Vec::new()));
    }

    #[test]
    fn bad_parameters_are_refused_in_the_words_of_aws() {
        let of = |sentence: &str| format!("InvalidParameterValueException: {sentence}");
        assert_eq!(refusal("[]"), of("Invalid json [] passed in the InputParameters field"));
        assert_eq!(
            refusal(r#"{"name":"x","nome":"y"}"#),
            of(r#"Unknown parameters provided in the inputParameters: {"name":"x","nome":"y"}"#)
        );
        assert_eq!(
            refusal(r#"{"days":"1"}"#),
            of("The required parameter [name] is not present in the inputParameters")
        );
        for blank in [r#"{"name":" "}"#, r#"{"name":10}"#, r#"{"name":null}"#] {
            assert_eq!(refusal(blank), of("Blank spaces are not acceptable for input parameter: name."));
        }
        assert_eq!(
            refusal(r#"{"name":"x","days":"-1"}"#),
            of("The value -1 of the parameter days is not of the type int.")
        );
        assert_eq!(
            refusal(r#"{"name":"x","ids":" , "}"#),
            of("Blank spaces are not acceptable for input parameter: ids.")
        );
        assert!(refusal(r#"{"name":"x","strict":"yes"}"#).ends_with("is not of the type boolean."));
        assert!(refusal(r#"{"name":"x","mode":"OFF"}"#).ends_with("is not one of GOVERNANCE, COMPLIANCE."));
        assert!(refusal(r#"{"name":"x","ports":"90-80"}"#).contains("list of ports"));
        assert_eq!(
            refusal(r#"{"name":"x","controlPolicy":"{}"}"#),
            of("Value for controlPolicy parameter must be an Amazon S3 bucket policy.")
        );
    }
}
