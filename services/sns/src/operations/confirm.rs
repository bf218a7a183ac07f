//! ConfirmSubscription: whoever has the token has the endpoint.

use super::topic;
use crate::Sns;
use crate::access::on_topic;
use crate::refusal::invalid;
use crate::state::{Standing, Subscription};
use api_sns::{ConfirmSubscription, ConfirmSubscriptionOutput, Error};
use contract::{Access, Call, Principal, Transact};
use store::{Tx, View};

/// Whether the flag is set; AWS takes anything else for false.
fn authenticates(input: &ConfirmSubscription) -> bool {
    input.authenticate_on_unsubscribe.as_deref().is_some_and(|flag| flag.eq_ignore_ascii_case("true"))
}

impl Transact<ConfirmSubscription> for Sns {
    /// The token itself authorizes, and needs a signature only where it asks for authenticated unsubscribes
    /// (<https://docs.aws.amazon.com/sns/latest/api/API_ConfirmSubscription.html>).
    fn access(input: &ConfirmSubscription, call: &Call, view: &View) -> Access {
        if authenticates(input) {
            on_topic("ConfirmSubscription", &input.topic_arn, call, view)
        } else {
            Access::unconditional()
        }
    }

    fn run(input: ConfirmSubscription, call: &Call, tx: &mut Tx) -> Result<ConfirmSubscriptionOutput, Error> {
        let topic = topic(tx, "TopicArn", &input.topic_arn, call)?;
        let sent = Subscription::by_token(tx, topic.scope, &input.token)?;
        let accepted = sent.filter(|sent| sent.topic == topic.name && sent.accepts(&input.token, call.now));
        let mut subscription = accepted.ok_or_else(|| invalid("Token"))?;
        let subscription_arn = Some(subscription.arn().to_string());
        // The same link again answers the same.
        if subscription.standing != Standing::Confirmed {
            subscription.standing = Standing::Confirmed;
            subscription.confirmed_signed = call.principal != Principal::Anonymous;
            subscription.authenticate_on_unsubscribe = authenticates(&input);
            tx.update(subscription)?;
        }
        Ok(ConfirmSubscriptionOutput { subscription_arn })
    }
}
