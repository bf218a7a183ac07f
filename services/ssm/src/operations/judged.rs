//! What calls were judged by.

use names::{Arn, RequestId};
use parking_lot::Mutex;
use std::collections::VecDeque;

/// Calls between their judgement and their work are few; of those that were denied nothing comes.
const KEPT: usize = 4096;

/// The role that each of the last calls asked for when it was judged. It stands in a document, which may be another when the call is carried out:
/// nobody may have a role put there that he may not pass.
#[derive(Default)]
pub(super) struct Judged(Mutex<VecDeque<(RequestId, Option<Arn>)>>);

impl Judged {
    pub(super) fn note(&self, call: RequestId, role: Option<Arn>) {
        let mut kept = self.0.lock();
        if kept.len() >= KEPT {
            kept.pop_front();
        }
        kept.push_back((call, role));
    }

    /// Whether a call was judged by this role. A call that is not remembered was not.
    pub(super) fn was_by(&self, call: RequestId, role: Option<&Arn>) -> bool {
        let mut kept = self.0.lock();
        let at = kept.iter().rposition(|(known, _)| *known == call);
        let judged = at.and_then(|at| kept.remove(at));
        judged.is_some_and(|(_, judged)| judged.as_ref() == role)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_is_carried_out_with_the_role_that_it_was_judged_by() {
        let role = |name: &str| format!("arn:aws:iam::111122223333:role/{name}").parse::<Arn>().unwrap();
        let judged = Judged::default();
        let call = |number: u8| RequestId([number; 16]);
        judged.note(call(1), None);
        judged.note(call(2), Some(role("a")));
        judged.note(call(3), Some(role("a")));
        assert!(!judged.was_by(call(1), Some(&role("a"))), "the document got a role meanwhile");
        assert!(!judged.was_by(call(2), Some(&role("b"))), "the document got another");
        assert!(judged.was_by(call(3), Some(&role("a"))));
        assert!(!judged.was_by(call(3), Some(&role("a"))), "once");
        assert!(!judged.was_by(call(9), None), "never judged");
        for _ in 0..KEPT {
            judged.note(call(4), None);
        }
        assert_eq!(judged.0.lock().len(), KEPT);
    }
}
