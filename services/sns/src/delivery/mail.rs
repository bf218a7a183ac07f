//! Mail, in AWS's words.

use super::{Content, envelope};
use crate::state::{Mail, Protocol, Standing, Subscription, Topic};
use contract::Task;

pub(super) fn compose(
    task: &Task,
    content: &Content,
    topic: &Topic,
    to: &Subscription,
    endpoint: &str,
) -> Mail {
    let link = envelope::link(content, to, endpoint);
    let (subject, text) = match content {
        Content::Notification(published) => {
            let subject = published.subject.clone().unwrap_or_else(|| "AWS Notification Message".into());
            (subject, notification(&published.body, &link))
        }
        Content::Token(_) if to.standing == Standing::Unsubscribed => {
            ("AWS Notification - Unsubscribe Confirmation".into(), unsubscribed(to, &link))
        }
        Content::Token(_) => ("AWS Notification - Subscription Confirmation".into(), confirmation(to, &link)),
    };
    let body = match to.protocol {
        Protocol::EmailJson => envelope::document(content, to, endpoint, &envelope::HTTP).pretty(),
        _ => text,
    };
    let name = if topic.display_name().is_empty() { "AWS Notifications" } else { topic.display_name() };
    let at = match content {
        Content::Notification(published) => published.at,
        Content::Token(asked) => asked.at,
    };
    Mail {
        scope: task.scope,
        id: task.id.clone(),
        sent: at,
        to: to.endpoint.clone(),
        from: format!("{} <no-reply@sns.amazonaws.com>", plain(name)),
        subject,
        body,
        topic_arn: to.topic_arn().to_string(),
        kind: envelope::kind(content, to).to_owned(),
        link,
    }
}

/// A display name without what would end it in a header.
fn plain(name: &str) -> String {
    name.chars()
        .filter(|character| {
            !character.is_control() && !matches!(character, '<' | '>' | '"' | '\\' | ',' | ';' | ':' | '@')
        })
        .collect()
}

fn confirmation(to: &Subscription, link: &str) -> String {
    format!(
        "You have chosen to subscribe to the topic: \n{}\n\nTo confirm this subscription, click or visit the link below \
         (If this was in error no action is necessary): \n{link}\n\n--\nPlease do not reply directly to this email. \
         This mail did not leave Cloudchamber's local mailbox unless a relay was set.\n",
        to.topic_arn()
    )
}

fn unsubscribed(to: &Subscription, link: &str) -> String {
    format!(
        "Your subscription to the topic below has been deleted:\n{}\n\nIf this was in error or you wish to resubscribe, \
         click or visit the link below:\n{link}\n",
        to.topic_arn()
    )
}

fn notification(body: &str, link: &str) -> String {
    format!(
        "{body}\n\n--\nIf you wish to stop receiving notifications from this topic, please click or visit the link below to unsubscribe:\n\
         {link}\n\nPlease do not reply directly to this email. If you have any questions or comments regarding this email, \
         please contact us at https://aws.amazon.com/support\n"
    )
}
