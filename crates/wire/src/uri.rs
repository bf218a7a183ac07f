//! URI templates: which operation a path, method and parameters mean.

use crate::formats::percent;
use crate::message::Labels;
use crate::{Location, OperationSchema};
use http::HeaderMap;

/// A parsed `HttpBinding::uri`.
#[derive(Debug)]
pub struct Template {
    segments: Vec<Segment>,
    /// `?versioning` is a name; `?list-type=2` a name and a value.
    query: Vec<(&'static str, Option<&'static str>)>,
    /// The operation that it was taken from.
    pub operation: Option<&'static OperationSchema>,
}

#[derive(Debug)]
enum Segment {
    Literal(&'static str),
    Label(&'static str),
    Greedy(&'static str),
}

impl Template {
    /// Parses a template such as `/{Bucket}/{Key+}?tagging`.
    #[must_use]
    pub fn parse(uri: &'static str) -> Self {
        let (path, query) = uri.split_once('?').unwrap_or((uri, ""));
        let segments = path.split('/').skip(1).map(|segment| {
            match segment.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')) {
                None => Segment::Literal(segment),
                Some(name) => name.strip_suffix('+').map_or(Segment::Label(name), Segment::Greedy),
            }
        });
        let query = query.split('&').filter(|part| !part.is_empty());
        let query = query.map(|part| match part.split_once('=') {
            Some((name, value)) if !value.is_empty() => (name, Some(value)),
            Some((name, _)) => (name, None),
            None => (part, None),
        });
        Self { segments: segments.collect(), query: query.collect(), operation: None }
    }

    /// An operation's template.
    #[must_use]
    pub fn of(operation: &'static OperationSchema) -> Self {
        Self { operation: Some(operation), ..Self::parse(operation.http.uri) }
    }

    /// The labels of a raw path and raw query that the template matches, percent-decoded. A trailing slash is of no account unless a greedy label
    /// takes it. None also where an escape is malformed or not UTF-8.
    #[must_use]
    pub fn matches(&self, path: &str, query: &str) -> Option<Labels> {
        let wanted = |(name, value): &(&str, Option<&str>)| {
            parameters(query).any(|(found, text)| found == *name && value.is_none_or(|value| text == value))
        };
        if !self.query.iter().all(wanted) {
            return None;
        }
        let mut rest = path.strip_prefix('/')?;
        let mut ended = false;
        let mut labels = Labels::new();
        for segment in &self.segments {
            if ended {
                return matches!(segment, Segment::Literal("")).then_some(labels);
            }
            if let Segment::Greedy(name) = segment {
                let label = percent::decode(rest).filter(|label| !label.is_empty())?;
                labels.push((name, label.into_owned()));
                return Some(labels);
            }
            let head = match rest.split_once('/') {
                Some((head, tail)) => {
                    rest = tail;
                    head
                }
                None => {
                    ended = true;
                    rest
                }
            };
            match segment {
                Segment::Literal(literal) if percent::decode(head)? == *literal => {}
                Segment::Label(name) if !head.is_empty() => {
                    labels.push((name, percent::decode(head)?.into_owned()))
                }
                _ => return None,
            }
        }
        (ended || rest.is_empty()).then_some(labels)
    }

    /// How specific the match is: literal query parts, then parameters and headers that the operation requires and the request has (one that it lacks
    /// counts against it, so that a part number tells `UploadPart` from `PutObject`), then literal segments, then plain labels before greedy ones.
    #[must_use]
    pub fn specificity(&self, query: &str, headers: &HeaderMap) -> (usize, i32, usize, usize) {
        let required = self.operation.map_or(0, |operation| {
            let members = operation.input.members().iter().filter(|member| member.required);
            let score = |member: &crate::Member| match member.location {
                Location::Query => Some(parameters(query).any(|(name, _)| name == member.wire_name)),
                Location::Header => Some(headers.contains_key(member.wire_name)),
                _ => None,
            };
            members.filter_map(score).map(|there| if there { 1 } else { -1 }).sum()
        });
        let literals = self.segments.iter().filter(|segment| matches!(segment, Segment::Literal(_))).count();
        let labels = self.segments.iter().filter(|segment| matches!(segment, Segment::Label(_))).count();
        (self.query.len(), required, literals, labels)
    }

    /// Appends the path with labels filled in, and the literal query parts.
    ///
    /// # Errors
    /// The name of a label that `label` doesn't know or that is empty.
    pub(crate) fn fill(
        &self,
        label: &dyn Fn(&str) -> Option<String>,
    ) -> Result<(String, String), &'static str> {
        let mut path = String::new();
        for segment in &self.segments {
            path.push('/');
            match segment {
                Segment::Literal(literal) => path.push_str(literal),
                Segment::Label(name) => {
                    percent::encode(&label(name).filter(|text| !text.is_empty()).ok_or(*name)?, &mut path);
                }
                Segment::Greedy(name) => {
                    percent::encode_path(
                        &label(name).filter(|text| !text.is_empty()).ok_or(*name)?,
                        &mut path,
                    );
                }
            }
        }
        let parts = self.query.iter().map(|(name, value)| match value {
            Some(value) => format!("{name}={value}"),
            None => (*name).to_owned(),
        });
        Ok((path, parts.collect::<Vec<_>>().join("&")))
    }
}

/// The best of the templates for a request, with its labels.
#[must_use]
pub fn recognize<'a>(
    templates: &'a [Template],
    method: &str,
    path: &str,
    query: &str,
    headers: &HeaderMap,
) -> Option<(&'a Template, Labels)> {
    templates
        .iter()
        .filter(|template| template.operation.is_none_or(|operation| operation.http.method == method))
        .filter_map(|template| Some((template, template.matches(path, query)?)))
        .max_by_key(|(template, _)| template.specificity(query, headers))
}

/// The parameters of a raw query string, decoded; those that cannot be decoded are left out.
pub fn parameters(
    query: &str,
) -> impl Iterator<Item = (std::borrow::Cow<'_, str>, std::borrow::Cow<'_, str>)> {
    query.split('&').filter(|part| !part.is_empty()).filter_map(|part| {
        let (name, value) = part.split_once('=').unwrap_or((part, ""));
        Some((percent::decode_form(name)?, percent::decode_form(value)?))
    })
}

/// All names and values of a raw query string can be decoded.
pub(crate) fn is_decodable(query: &str) -> bool {
    query.split(['&', '=']).all(|part| percent::decode_form(part).is_some())
}

/// The first value of a form's or query string's parameter: how the query protocols name `Action` and `Version`.
#[must_use]
pub fn parameter(form: &[u8], name: &str) -> Option<String> {
    let form = std::str::from_utf8(form).ok()?;
    parameters(form).find(|(found, _)| found == name).map(|(_, value)| value.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_labels_and_literals() {
        let object = Template::parse("/{Bucket}/{Key+}");
        assert_eq!(
            object.matches("/b/a%20b/c+d", ""),
            Some(vec![("Bucket", "b".into()), ("Key", "a b/c+d".into())])
        );
        assert_eq!(object.matches("/b//c/", ""), Some(vec![("Bucket", "b".into()), ("Key", "/c/".into())]));
        assert_eq!(object.matches("/b/", ""), None);
        assert_eq!(object.matches("/b/%ff", ""), None);
        assert_eq!(object.matches("/b/%4", ""), None);
        let list = Template::parse("/{Bucket}?list-type=2");
        assert!(list.matches("/b", "list-type=2&prefix=x").is_some());
        assert!(list.matches("/b/", "list-type=2").is_some());
        assert!(list.matches("/b", "list-type=1").is_none());
        assert!(list.matches("/b/k", "list-type=2").is_none());
        let versioning = Template::parse("/{Bucket}?versioning");
        assert!(versioning.matches("/b", "versioning").is_some());
        assert!(versioning.matches("/b", "versioning=").is_some());
        assert!(versioning.matches("/b", "").is_none());
    }

    #[test]
    fn a_trailing_slash_is_of_no_account() {
        let functions = Template::parse("/2015-03-31/functions/");
        assert!(functions.matches("/2015-03-31/functions/", "").is_some());
        assert!(functions.matches("/2015-03-31/functions", "").is_some());
        assert!(functions.matches("/2015-03-31/functions/f", "").is_none());
        let function = Template::parse("/2015-03-31/functions/{FunctionName}");
        let labels = function.matches("/2015-03-31/functions/arn%3Aaws%3Alambda", "").unwrap();
        assert_eq!(labels, vec![("FunctionName", "arn:aws:lambda".into())]);
        assert!(Template::parse("/").matches("/", "").is_some());
        assert!(Template::parse("/").matches("/b", "").is_none());
    }

    #[test]
    fn the_more_specific_template_wins() {
        let templates = ["/{Bucket}", "/{Bucket}?versioning", "/{Bucket}/{Key+}"].map(Template::parse);
        let headers = HeaderMap::new();
        let (best, _) = recognize(&templates, "GET", "/b", "versioning", &headers).unwrap();
        assert_eq!(best.query.len(), 1);
        let (best, labels) = recognize(&templates, "GET", "/b/k", "versioning", &headers).unwrap();
        assert_eq!((best.query.len(), labels.len()), (0, 2));
        assert!(recognize(&templates, "GET", "no slash", "", &headers).is_none());
    }

    #[test]
    fn reads_form_parameters() {
        assert_eq!(parameter(b"Action=Create+Topic&Name=a%26b", "Name").as_deref(), Some("a&b"));
        assert_eq!(parameter(b"Action=x&Action=y", "Action").as_deref(), Some("x"));
        assert_eq!(parameter(b"\xff=1", "Action"), None);
    }
}
