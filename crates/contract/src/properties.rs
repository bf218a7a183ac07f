use crate::HandlerFailure;
use names::Tags;
use wire::{Document, document::Number};

/// A resource's resolved properties, read with CloudFormation's leniency: numbers and truth values may be written as text, and text as numbers.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Properties {
    path: String,
    document: Document,
}

impl Properties {
    /// The properties of a resource.
    #[must_use]
    pub fn new(document: Document) -> Self {
        Self { path: String::new(), document }
    }

    /// As they are.
    #[must_use]
    pub fn document(&self) -> &Document {
        &self.document
    }

    /// Where in the resource this is, such as `/SecurityGroupIngress/0`.
    #[must_use]
    pub fn path(&self) -> &str {
        if self.path.is_empty() { "#" } else { &self.path }
    }

    fn fail<T>(&self, name: &str, expected: &str) -> Result<T, HandlerFailure> {
        Err(HandlerFailure::invalid(format!("{}/{name}: expected type: {expected}", self.path())))
    }

    /// A property as it is; None where it is not there.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Document> {
        self.document.get(name).filter(|value| !value.is_null())
    }

    /// Refuses any property but these.
    ///
    /// # Errors
    /// CloudFormation's sentence, naming the first stranger.
    pub fn only(&self, names: &[&str]) -> Result<(), HandlerFailure> {
        let members = self.document.as_object().map(|members| members.keys()).into_iter().flatten();
        match members.into_iter().find(|name| !names.contains(&name.as_str())) {
            Some(stranger) => Err(HandlerFailure::invalid(format!(
                "{}: extraneous key [{stranger}] is not permitted",
                self.path()
            ))),
            None => Ok(()),
        }
    }

    /// Text.
    ///
    /// # Errors
    /// Where it is a list or an object.
    pub fn string(&self, name: &str) -> Result<Option<String>, HandlerFailure> {
        match self.get(name) {
            None => Ok(None),
            Some(value) => scalar(value).map_or_else(|| self.fail(name, "String"), |text| Ok(Some(text))),
        }
    }

    /// Text that must be there.
    ///
    /// # Errors
    /// Where it is missing, or is a list or an object.
    pub fn required_string(&self, name: &str) -> Result<String, HandlerFailure> {
        self.string(name)?.ok_or_else(|| self.missing(name))
    }

    /// The failure of a property that must be there.
    #[must_use]
    pub fn missing(&self, name: &str) -> HandlerFailure {
        HandlerFailure::invalid(format!("{}: required key [{name}] not found", self.path()))
    }

    /// A whole number.
    ///
    /// # Errors
    /// Where it is none.
    pub fn integer(&self, name: &str) -> Result<Option<i64>, HandlerFailure> {
        match self.string(name)? {
            None => Ok(None),
            Some(text) => text.parse().map_or_else(|_| self.fail(name, "Integer"), |number| Ok(Some(number))),
        }
    }

    /// A truth value.
    ///
    /// # Errors
    /// Where it is none.
    pub fn boolean(&self, name: &str) -> Result<Option<bool>, HandlerFailure> {
        match self.string(name)?.as_deref() {
            None => Ok(None),
            Some("true" | "True") => Ok(Some(true)),
            Some("false" | "False") => Ok(Some(false)),
            Some(_) => self.fail(name, "Boolean"),
        }
    }

    /// A list of texts; a single text counts as a list of one.
    ///
    /// # Errors
    /// Where an element is a list or an object.
    pub fn strings(&self, name: &str) -> Result<Option<Vec<String>>, HandlerFailure> {
        match self.get(name) {
            None => Ok(None),
            Some(Document::Array(elements)) => elements
                .iter()
                .map(|element| scalar(element).map_or_else(|| self.fail(name, "JSONArray of String"), Ok))
                .collect::<Result<_, _>>()
                .map(Some),
            Some(value) => {
                scalar(value).map_or_else(|| self.fail(name, "JSONArray"), |text| Ok(Some(vec![text])))
            }
        }
    }

    /// A nested object.
    ///
    /// # Errors
    /// Where it is none.
    pub fn object(&self, name: &str) -> Result<Option<Self>, HandlerFailure> {
        match self.get(name) {
            None => Ok(None),
            Some(object @ Document::Object(_)) => {
                Ok(Some(Self { path: format!("{}/{name}", self.path()), document: object.clone() }))
            }
            Some(_) => self.fail(name, "JSONObject"),
        }
    }

    /// A list of nested objects; a missing one is empty.
    ///
    /// # Errors
    /// Where it is no list, or an element no object.
    pub fn objects(&self, name: &str) -> Result<Vec<Self>, HandlerFailure> {
        let elements = match self.get(name) {
            None => return Ok(Vec::new()),
            Some(Document::Array(elements)) => elements.as_slice(),
            Some(object @ Document::Object(_)) => std::slice::from_ref(object),
            Some(_) => return self.fail(name, "JSONArray"),
        };
        let nested = elements.iter().enumerate().map(|(index, element)| match element {
            Document::Object(_) => {
                Ok(Self { path: format!("{}/{name}/{index}", self.path()), document: element.clone() })
            }
            _ => self.fail(&format!("{name}/{index}"), "JSONObject"),
        });
        nested.collect()
    }

    /// Any JSON (a policy document): an object, or text that holds one.
    ///
    /// # Errors
    /// Where it is neither.
    pub fn json(&self, name: &str) -> Result<Option<Document>, HandlerFailure> {
        match self.get(name) {
            None => Ok(None),
            Some(object @ (Document::Object(_) | Document::Array(_))) => Ok(Some(object.clone())),
            Some(Document::String(text)) => {
                Document::parse(text).map_or_else(|_| self.fail(name, "JSONObject"), |value| Ok(Some(value)))
            }
            Some(_) => self.fail(name, "JSONObject"),
        }
    }

    /// `Tags` as a list of `{Key, Value}`; a missing one is empty.
    ///
    /// # Errors
    /// Where it is of another form.
    pub fn tags(&self, name: &str) -> Result<Tags, HandlerFailure> {
        let pairs = self.objects(name)?;
        pairs.iter().map(|tag| Ok((tag.required_string("Key")?, tag.required_string("Value")?))).collect()
    }
}

fn scalar(value: &Document) -> Option<String> {
    match value {
        Document::String(text) => Some(text.clone()),
        Document::Boolean(value) => Some(value.to_string()),
        Document::Number(Number::Integer(value)) => Some(value.to_string()),
        Document::Number(Number::Float(value)) => Some(value.to_string()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wire::document;

    #[test]
    fn reads_leniently_and_refuses_strangers() {
        let properties = Properties::new(document!({
            "Port": "443", "Open": "true", "Name": 7, "Tags": [{ "Key": "a", "Value": 1 }], "List": "one"
        }));
        assert_eq!(properties.integer("Port").unwrap(), Some(443));
        assert_eq!(properties.boolean("Open").unwrap(), Some(true));
        assert_eq!(properties.string("Name").unwrap().unwrap(), "7");
        assert_eq!(properties.tags("Tags").unwrap()["a"], "1");
        assert_eq!(properties.strings("List").unwrap().unwrap(), ["one"]);
        assert!(properties.integer("Open").is_err());
        let stranger = properties.only(&["Port", "Open", "Name", "Tags"]).unwrap_err();
        assert_eq!(stranger.reason, "#: extraneous key [List] is not permitted");
        assert_eq!(
            properties.required_string("Gone").unwrap_err().reason,
            "#: required key [Gone] not found"
        );
    }
}
