use std::borrow::Cow;

/// The request's context: condition keys and their values. Key names ignore case, also tag keys
/// (<https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition.html>).
///
/// A key without values counts as absent.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Context {
    /// Names in lower case. A request has some twenty keys: a scan beats a map.
    entries: Vec<(Cow<'static, str>, Vec<Cow<'static, str>>)>,
}

impl Context {
    /// No keys.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets a key to one value; what it had is replaced.
    pub fn insert(&mut self, key: &str, value: impl Into<String>) {
        self.insert_all(key, [value]);
    }

    /// Sets a key to several values; what it had is replaced.
    pub fn insert_all<T: Into<String>>(&mut self, key: &str, values: impl IntoIterator<Item = T>) {
        let values = values.into_iter().map(|value| Cow::Owned(value.into())).collect();
        self.put(Cow::Owned(key.to_lowercase()), values);
    }

    /// Adds one value to a key, which so becomes multi-valued where it had one.
    pub fn append(&mut self, key: &str, value: impl Into<String>) {
        let name = key.to_lowercase();
        let value = Cow::Owned(value.into());
        match self.entries.iter_mut().find(|(known, _)| *known == name) {
            Some((_, values)) => values.push(value),
            None => self.entries.push((Cow::Owned(name), vec![value])),
        }
    }

    /// Sets a key whose name is known at compile time, in lower case.
    pub(crate) fn set(&mut self, key: &'static str, value: impl Into<Cow<'static, str>>) {
        self.put(Cow::Borrowed(key), vec![value.into()]);
    }

    fn put(&mut self, name: Cow<'static, str>, values: Vec<Cow<'static, str>>) {
        match self.entries.iter_mut().find(|(known, _)| *known == name) {
            Some((_, old)) => *old = values,
            None => self.entries.push((name, values)),
        }
    }

    /// Takes a key away.
    pub fn remove(&mut self, key: &str) {
        let name = key.to_lowercase();
        self.entries.retain(|(known, _)| *known != name);
    }

    /// A key's values; None where the request does not have it.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&[Cow<'static, str>]> {
        self.values(&key.to_lowercase())
    }

    /// A key's only value; None where it has none or several.
    #[must_use]
    pub fn single(&self, key: &str) -> Option<&str> {
        match self.get(key) {
            Some([value]) => Some(value),
            _ => None,
        }
    }

    /// All keys (in lower case) with their values, in the order of insertion.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &[Cow<'static, str>])> {
        self.entries.iter().map(|(name, values)| (&**name, values.as_slice()))
    }

    /// As [`Context::get`], for a name in lower case.
    pub(crate) fn values(&self, lowercase: &str) -> Option<&[Cow<'static, str>]> {
        self.entries.iter().find(|(known, _)| known == lowercase).map(|(_, values)| values.as_slice())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_ignore_case_and_the_last_value_stands() {
        let mut context = Context::new();
        context.insert("aws:SourceIp", "1.2.3.4");
        context.insert("AWS:sourceip", "5.6.7.8");
        assert_eq!(context.single("aws:SOURCEIP"), Some("5.6.7.8"));
        context.append("aws:SourceIp", "9.9.9.9");
        assert_eq!(context.single("aws:SourceIp"), None);
        assert_eq!(context.get("aws:SourceIp").map(<[_]>::len), Some(2));
        context.remove("AWS:SourceIP");
        assert_eq!(context.get("aws:SourceIp"), None);
        assert_eq!(context.iter().count(), 0);
    }
}
