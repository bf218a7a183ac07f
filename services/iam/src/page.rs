//! Lists in parts: `MaxItems` and `Marker`.

use crate::refusal;
use api_iam::Error;

/// What is answered without `MaxItems`.
const DEFAULT: i32 = 100;
/// What markers begin with: what does not is refused.
const MARK: &str = "cc1.";

/// A part of a list.
pub(crate) struct Page<T> {
    pub(crate) items: Vec<T>,
    /// Where the next part begins; none after the last.
    pub(crate) marker: Option<String>,
}

impl<T> Page<T> {
    pub(crate) fn truncated(&self) -> Option<bool> {
        Some(self.marker.is_some())
    }

    pub(crate) fn map<U>(self, map: impl FnMut(T) -> U) -> Page<U> {
        Page { items: self.items.into_iter().map(map).collect(), marker: self.marker }
    }
}

/// The part after `marker` of a list that is in the order of its keys, all different.
pub(crate) fn page<T>(
    items: impl IntoIterator<Item = T>,
    key: impl Fn(&T) -> String,
    marker: Option<&str>,
    max_items: Option<i32>,
) -> Result<Page<T>, Error> {
    let after = marker.map(unmark).transpose()?;
    let limit = usize::try_from(max_items.unwrap_or(DEFAULT)).unwrap_or(1);
    let mut rest =
        items.into_iter().skip_while(|item| after.as_ref().is_some_and(|after| key(item) <= *after));
    let items: Vec<T> = rest.by_ref().take(limit).collect();
    let marker = if rest.next().is_some() { items.last().map(|last| mark(&key(last))) } else { None };
    Ok(Page { items, marker })
}

fn mark(key: &str) -> String {
    let hex: String = key.bytes().map(|byte| format!("{byte:02x}")).collect();
    format!("{MARK}{hex}")
}

fn unmark(marker: &str) -> Result<String, Error> {
    let invalid = || refusal::validation(format!("Invalid Marker: {marker}"));
    let hex = marker.strip_prefix(MARK).ok_or_else(invalid)?;
    let bytes: Option<Vec<u8>> = (0..hex.len())
        .step_by(2)
        .map(|at| hex.get(at..at + 2).and_then(|pair| u8::from_str_radix(pair, 16).ok()))
        .collect();
    bytes.and_then(|bytes| String::from_utf8(bytes).ok()).ok_or_else(invalid)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(marker: Option<&str>, max: Option<i32>) -> Result<(Vec<String>, Option<String>), Error> {
        let names = ["ann", "bob", "eve"].map(str::to_owned);
        page(names, Clone::clone, marker, max).map(|page| (page.items, page.marker))
    }

    #[test]
    fn goes_on_where_it_stopped() {
        let (first, marker) = list(None, Some(2)).unwrap();
        assert_eq!(first, ["ann", "bob"]);
        let (rest, end) = list(marker.as_deref(), Some(2)).unwrap();
        assert_eq!((rest, end), (vec!["eve".to_owned()], None));
        assert_eq!(list(None, None).unwrap().0.len(), 3);
    }

    #[test]
    fn refuses_markers_that_it_did_not_make() {
        for bad in ["x", "cc1.zz", "cc1.616"] {
            assert!(list(Some(bad), None).is_err(), "{bad}");
        }
    }
}
