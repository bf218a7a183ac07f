//! Unsubscribe.

use super::{subscribe, subscription};
use crate::Sns;
use crate::access::on_subscription;
use crate::reference::SubscriptionReference;
use crate::refusal::{invalid, not_owner};
use crate::state::{Deleted, Standing, Subscription};
use api_sns::{Error, Unsubscribe, UnsubscribeOutput};
use contract::{Access, Call, Principal, Transact};
use store::{Tx, View};

impl Transact<Unsubscribe> for Sns {
    /// The link in every message ends the subscription without a signature, unless its confirmation forbade that
    /// (<https://docs.aws.amazon.com/sns/latest/api/API_Unsubscribe.html>).
    fn access(input: &Unsubscribe, call: &Call, view: &View) -> Access {
        let by_link = call.principal == Principal::Anonymous && is_open(&input.subscription_arn, view);
        if by_link {
            Access::unconditional()
        } else {
            on_subscription("Unsubscribe", &input.subscription_arn, call, view)
        }
    }

    fn run(input: Unsubscribe, call: &Call, tx: &mut Tx) -> Result<UnsubscribeOutput, Error> {
        let mut subscription = subscription(tx, &input.subscription_arn, call)?;
        if !subscription.is_confirmed() {
            return Err(invalid("This subscription is not confirmed: SubscriptionArn"));
        }
        count_deleted(&subscription, tx)?;
        match call.principal.account() {
            Some(account) if account != subscription.owner && account != subscription.scope.account => {
                return Err(not_owner());
            }
            // Nobody knows who clicked: the endpoint is told, and may come back.
            None if call.principal == Principal::Anonymous => {
                subscription.standing = Standing::Unsubscribed;
                subscription.tokens.clear();
                subscribe::ask(subscription, call, tx)?;
            }
            _ => {
                tx.remove::<Subscription>(subscription.scope, (&subscription.topic, &subscription.id))?;
            }
        }
        Ok(UnsubscribeOutput {})
    }
}

/// Whether a link may end it: known and confirmed, and not confirmed with AuthenticateOnUnsubscribe.
fn is_open(arn: &str, view: &View) -> bool {
    let found =
        SubscriptionReference::read(arn).ok().and_then(|it| Subscription::get(view, &it).ok().flatten());
    found.is_some_and(|found| found.is_confirmed() && !found.authenticate_on_unsubscribe)
}

fn count_deleted(subscription: &Subscription, tx: &mut Tx) -> Result<(), Error> {
    let known = tx.get::<Deleted>(subscription.scope, &subscription.topic)?;
    let count = known.map_or(0, |known| known.count).saturating_add(1);
    tx.put(Deleted { scope: subscription.scope, topic: subscription.topic.clone(), count })?;
    Ok(())
}
