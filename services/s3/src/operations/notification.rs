use crate::error::not_implemented;
use api_s3::{NotificationConfiguration, PutBucketNotificationConfigurationOutput};

on_bucket! {
    PutBucketNotificationConfiguration => PutBucketNotificationConfigurationOutput, "s3:PutBucketNotification",
    |input, bucket, call, tx| {
        let _ = bucket;
        let NotificationConfiguration {
            topic_configurations,
            queue_configurations,
            lambda_function_configurations,
            event_bridge_configuration,
        } = input.notification_configuration;
        let empty = topic_configurations.is_none_or(|list| list.is_empty())
            && queue_configurations.is_none_or(|list| list.is_empty())
            && lambda_function_configurations.is_none_or(|list| list.is_empty())
            && event_bridge_configuration.is_none();
        // Events would not be sent, so none are promised.
        if empty { Ok(PutBucketNotificationConfigurationOutput {}) } else { Err(not_implemented("Event notification")) }
    }
}

on_bucket! {
    GetBucketNotificationConfiguration => NotificationConfiguration, "s3:GetBucketNotification",
    |input, bucket, call, tx| {
        let _ = bucket;
        Ok(NotificationConfiguration::default())
    }
}
