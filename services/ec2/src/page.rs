//! Pages of Describe operations.

use crate::error::{combination, invalid_parameter, refuse};
use api_ec2::Error;

/// How a request asks for pages.
pub(crate) struct Paging {
    /// `NextToken`.
    pub(crate) token: Option<String>,
    /// `MaxResults`.
    pub(crate) most: Option<i32>,
    /// The most that one answer holds.
    pub(crate) limit: usize,
}

impl Paging {
    /// Pages of 5 to 1000.
    pub(crate) fn new(token: Option<String>, most: Option<i32>) -> Self {
        Self { token, most, limit: 1000 }
    }

    /// Refuses pages of things that are named one by one.
    pub(crate) fn without_ids(&self, ids: Option<&Vec<String>>, parameter: &str) -> Result<(), Error> {
        if self.most.is_some() && ids.is_some_and(|ids| !ids.is_empty()) {
            let message = format!("The parameter {parameter} cannot be used with the parameter maxResults");
            return Err(combination(message));
        }
        Ok(())
    }

    /// The page of things in the order of their keys, and the token of the next. `list` says of what list the token is.
    pub(crate) fn page<T>(
        self,
        list: &str,
        things: Vec<(String, T)>,
    ) -> Result<(Vec<T>, Option<String>), Error> {
        let least = if self.limit == 1000 { 5 } else { 1 };
        if let Some(most) = self.most.filter(|most| *most < least) {
            let why = format!("Expecting a value greater than or equal to {least}.");
            return Err(invalid_parameter(most, "maxResults", &why));
        }
        let after =
            self.token.filter(|token| !token.is_empty()).map(|token| read(list, &token)).transpose()?;
        let limit = self
            .most
            .and_then(|most| usize::try_from(most).ok())
            .unwrap_or(self.limit)
            .min(self.limit)
            .max(1);
        let mut things = things;
        things.sort_by(|left, right| left.0.cmp(&right.0));
        let mut rest =
            things.into_iter().filter(|(key, _)| after.as_ref().is_none_or(|after| key > after)).peekable();
        let (mut page, mut last) = (Vec::new(), String::new());
        while page.len() < limit {
            let Some((key, thing)) = rest.next() else { break };
            last = key;
            page.push(thing);
        }
        let next = rest.peek().is_some().then(|| write(list, &last));
        Ok((page, next))
    }
}

fn write(list: &str, key: &str) -> String {
    format!("{list}\n{key}").bytes().map(|byte| format!("{byte:02x}")).collect()
}

fn read(list: &str, token: &str) -> Result<String, Error> {
    let refused =
        || refuse("InvalidPaginationToken", "The specified pagination token is not valid or is expired.");
    let digit = |byte: &u8| char::from(*byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let bytes: Option<Vec<u8>> = token
        .as_bytes()
        .chunks(2)
        .map(|pair| match pair {
            [high, low] => Some(digit(high)? * 16 + digit(low)?),
            _ => None,
        })
        .collect();
    let text = bytes.and_then(|bytes| String::from_utf8(bytes).ok()).ok_or_else(refused)?;
    let key = text.strip_prefix(list).and_then(|rest| rest.strip_prefix('\n'));
    key.map(str::to_owned).ok_or_else(refused)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn things() -> Vec<(String, u8)> {
        vec![("c".into(), 3), ("a".into(), 1), ("b".into(), 2)]
    }

    #[test]
    fn pages_follow_each_other() {
        let paging = |token: Option<String>| Paging { token, most: Some(2), limit: 100 };
        let (first, next) = paging(None).page("vpc", things()).unwrap();
        assert_eq!(first, [1, 2]);
        let (second, end) = paging(next).page("vpc", things()).unwrap();
        assert_eq!((second, end), (vec![3], None));
    }

    #[test]
    fn a_token_of_another_list_is_refused() {
        for token in [write("subnet", "a"), "zz".into(), "abc".into(), "00".into(), "é".into()] {
            let paging = Paging { token: Some(token), most: None, limit: 1000 };
            assert!(paging.page("vpc", things()).is_err());
        }
        assert!(Paging::new(None, Some(4)).page("vpc", things()).is_err());
        let paging = Paging { token: None, most: Some(5), limit: 1000 };
        assert!(paging.without_ids(Some(&vec!["vpc-1".into()]), "vpcIds").is_err());
        assert!(paging.without_ids(Some(&vec![]), "vpcIds").is_ok());
    }
}
