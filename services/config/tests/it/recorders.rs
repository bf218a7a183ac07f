use crate::cloud::{BUCKET, Bucket, Cloud, GROUP, ROLE, TOPIC, including};
use api_config as api;

fn recorder(name: &str) -> api::ConfigurationRecorder {
    api::ConfigurationRecorder {
        name: Some(name.into()),
        role_arn: Some(ROLE.into()),
        recording_group: Some(including(&[GROUP])),
        ..api::ConfigurationRecorder::default()
    }
}

fn put(recorder: api::ConfigurationRecorder) -> api::PutConfigurationRecorder {
    api::PutConfigurationRecorder { configuration_recorder: recorder, tags: None }
}

fn channel() -> api::DeliveryChannel {
    api::DeliveryChannel { s3_bucket_name: Some(BUCKET.into()), ..api::DeliveryChannel::default() }
}

async fn put_channel(cloud: &Cloud, channel: api::DeliveryChannel) -> String {
    match cloud.root().call(api::PutDeliveryChannel { delivery_channel: channel }).await {
        Ok(_) => "ok".into(),
        Err(error) => error.to_string(),
    }
}

#[tokio::test]
async fn recorder_and_channel_need_each_other() {
    let cloud = Cloud::new();
    assert_eq!(
        put_channel(&cloud, channel()).await,
        "NoAvailableConfigurationRecorderException: Configuration recorder is not available to put delivery channel."
    );
    cloud.root().call(put(recorder("default"))).await.unwrap();
    let start = || api::StartConfigurationRecorder { configuration_recorder_name: "default".into() };
    assert_eq!(
        cloud.root().call(start()).await.unwrap_err().to_string(),
        "NoAvailableDeliveryChannelException: Delivery channel is not available to start configuration recorder."
    );
    assert_eq!(put_channel(&cloud, channel()).await, "ok");
    cloud.root().call(start()).await.unwrap();
    let delete = api::DeleteDeliveryChannel { delivery_channel_name: "default".into() };
    assert_eq!(
        cloud.root().call(delete.clone()).await.unwrap_err().to_string(),
        "LastDeliveryChannelDeleteFailedException: Failed to delete last specified delivery channel with name 'default', because there, because there is a running configuration recorder."
    );
    cloud.stop().await;
    cloud.root().call(delete.clone()).await.unwrap();
    assert_eq!(
        cloud.root().call(delete).await.unwrap_err().to_string(),
        "NoSuchDeliveryChannelException: Cannot find delivery channel with specified name 'default'."
    );
}

#[tokio::test]
async fn there_is_one_recorder_and_one_channel() {
    let cloud = Cloud::new();
    cloud.root().call(put(recorder("first"))).await.unwrap();
    assert_eq!(
        cloud.root().call(put(recorder("second"))).await.unwrap_err().to_string(),
        "MaxNumberOfConfigurationRecordersExceededException: Failed to put configuration recorder 'second' because the maximum number of configuration recorders: 1 is reached."
    );
    assert_eq!(put_channel(&cloud, channel()).await, "ok");
    let other = api::DeliveryChannel { name: Some("other".into()), ..channel() };
    assert_eq!(
        put_channel(&cloud, other).await,
        "MaxNumberOfDeliveryChannelsExceededException: Failed to put delivery channel 'other' because the maximum number of delivery channels: 1 is reached."
    );
    // Elsewhere is another one.
    let elsewhere = cloud.root().in_region("eu-west-1".parse().unwrap());
    elsewhere.call(put(recorder("second"))).await.unwrap();
}

#[tokio::test]
async fn what_is_put_is_described() {
    let cloud = Cloud::new();
    let asked = api::PutConfigurationRecorder {
        configuration_recorder: recorder("default"),
        tags: Some(vec![api::Tag { key: Some("team".into()), value: Some("blue".into()) }]),
    };
    cloud.root().call(asked).await.unwrap();
    let described = cloud.root().call(api::DescribeConfigurationRecorders::default()).await.unwrap();
    let described = described.configuration_recorders.unwrap().remove(0);
    let arn = described.arn.clone().unwrap();
    assert!(arn.starts_with("arn:aws:config:us-east-1:111122223333:configuration-recorder/default/"));
    let group = described.recording_group.clone().unwrap();
    assert_eq!(group.all_supported, Some(false));
    let strategy = group.recording_strategy.unwrap().use_only;
    assert_eq!(strategy, Some(api::RecordingStrategyType::InclusionByResourceTypes));
    // What is described can be put.
    cloud.root().call(put(described.clone())).await.unwrap();
    let wrong = api::ConfigurationRecorder { arn: Some(format!("{arn}x")), ..described };
    assert_eq!(cloud.root().call(put(wrong)).await.unwrap_err().code, "ValidationException");
    let tags = api::ListTagsForResource { resource_arn: arn.clone(), ..api::ListTagsForResource::default() };
    assert_eq!(cloud.root().call(tags).await.unwrap().tags.unwrap().len(), 1);
    let by_arn = api::DescribeConfigurationRecorders {
        arn: Some(arn),
        ..api::DescribeConfigurationRecorders::default()
    };
    assert_eq!(cloud.root().call(by_arn).await.unwrap().configuration_recorders.unwrap().len(), 1);
    let missing = api::DescribeConfigurationRecorderStatus {
        configuration_recorder_names: Some(vec!["nobody".into()]),
        ..api::DescribeConfigurationRecorderStatus::default()
    };
    assert_eq!(
        cloud.root().call(missing).await.unwrap_err().to_string(),
        "NoSuchConfigurationRecorderException: Cannot find configuration recorder with the specified name 'nobody'."
    );
    let status = cloud.root().call(api::DescribeConfigurationRecorderStatus::default()).await.unwrap();
    assert_eq!(status.configuration_recorders_status.unwrap()[0].recording, Some(false));
    let listed = cloud.root().call(api::ListConfigurationRecorders::default()).await.unwrap();
    assert_eq!(listed.configuration_recorder_summaries.len(), 1);
    let delete = api::DeleteConfigurationRecorder { configuration_recorder_name: "default".into() };
    cloud.root().call(delete).await.unwrap();
    let none = api::ListDiscoveredResources {
        resource_type: GROUP.into(),
        ..api::ListDiscoveredResources::default()
    };
    assert_eq!(cloud.root().call(none).await.unwrap_err().code, "NoAvailableConfigurationRecorderException");
}

#[tokio::test]
async fn bad_recorders_and_channels_are_refused() {
    let cloud = Cloud::new();
    let refused =
        async |recorder: api::ConfigurationRecorder| cloud.root().call(put(recorder)).await.unwrap_err().code;
    let role = api::ConfigurationRecorder { role_arn: Some("nonsense".into()), ..recorder("default") };
    assert_eq!(refused(role).await, "InvalidRoleException");
    let no_role = api::ConfigurationRecorder { role_arn: None, ..recorder("default") };
    assert_eq!(refused(no_role).await, "InvalidRoleException");
    assert_eq!(refused(recorder(" ")).await, "InvalidConfigurationRecorderNameException");
    let group = api::RecordingGroup { all_supported: Some(true), ..including(&[GROUP]) };
    let group = api::ConfigurationRecorder { recording_group: Some(group), ..recorder("default") };
    assert_eq!(refused(group).await, "InvalidRecordingGroupException");
    let unknown = including(&["AWS::EC2::Nonsense"]);
    let unknown = api::ConfigurationRecorder { recording_group: Some(unknown), ..recorder("default") };
    assert_eq!(refused(unknown).await, "ValidationException");
    let linked = api::ConfigurationRecorder {
        service_principal: Some("x.amazonaws.com".into()),
        ..recorder("default")
    };
    assert_eq!(refused(linked).await, "ValidationException");

    cloud.root().call(put(recorder("default"))).await.unwrap();
    let topic = api::DeliveryChannel { sns_topic_arn: Some("nonsense".into()), ..channel() };
    assert_eq!(
        put_channel(&cloud, topic).await,
        "InvalidSNSTopicARNException: The sns topic arn 'nonsense' is not valid."
    );
    let prefix = api::DeliveryChannel { s3_key_prefix: Some(String::new()), ..channel() };
    assert_eq!(
        put_channel(&cloud, prefix).await,
        "InvalidS3KeyPrefixException: The s3 key prefix '' is not valid, empty s3 key prefix."
    );
    let key = api::DeliveryChannel { s3_kms_key_arn: Some("key".into()), ..channel() };
    assert_eq!(
        put_channel(&cloud, key).await,
        "InvalidS3KmsKeyArnException: The arn 'key' is not a valid kms key or alias arn."
    );
    let no_bucket = api::DeliveryChannel { s3_bucket_name: None, ..channel() };
    assert!(put_channel(&cloud, no_bucket).await.starts_with("NoSuchBucketException"));
    *cloud.peers.bucket.lock() = Bucket::Missing;
    assert!(put_channel(&cloud, channel()).await.starts_with("NoSuchBucketException"));
    *cloud.peers.bucket.lock() = Bucket::Closed;
    assert_eq!(
        put_channel(&cloud, channel()).await,
        "InsufficientDeliveryPolicyException: Insufficient delivery policy to s3 bucket: config-bucket, unable to write to bucket, provided s3 key prefix is 'null', provided kms key is 'null'."
    );
    let described = cloud.root().call(api::DescribeDeliveryChannels::default()).await.unwrap();
    assert!(described.delivery_channels.unwrap().is_empty());
    // Where only the service may write, it does so itself.
    *cloud.peers.bucket.lock() = Bucket::ServiceOnly;
    let whole = api::DeliveryChannel {
        s3_key_prefix: Some("audit".into()),
        sns_topic_arn: Some(TOPIC.into()),
        ..channel()
    };
    assert_eq!(put_channel(&cloud, whole).await, "ok");
    let objects = cloud.peers.objects.lock();
    assert_eq!(objects.len(), 1);
    assert_eq!(objects[0].0, "audit/AWSLogs/111122223333/Config/ConfigWritabilityCheckFile");
    assert!(objects[0].1.is_empty());
}

#[tokio::test]
async fn passing_the_role_needs_permission_and_denials_tell_nothing() {
    let cloud = Cloud::new();
    let may_put =
        r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"config:*","Resource":"*"}}"#;
    let user = cloud.test.user("ann", &[may_put]);
    let denied = user.call(put(recorder("default"))).await.unwrap_err();
    assert!(denied.code.starts_with("AccessDenied") && denied.message.contains("iam:PassRole"), "{denied}");
    let pass = r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":["config:*","iam:PassRole"],"Resource":"*",
        "Condition":{"StringEqualsIfExists":{"iam:PassedToService":"config.amazonaws.com"}}}}"#;
    cloud.test.user("bob", &[pass]).call(put(recorder("default"))).await.unwrap();

    let nobody = cloud.test.user("carl", &[]);
    let stop = |name: &str| api::StopConfigurationRecorder { configuration_recorder_name: name.into() };
    let there = nobody.call(stop("default")).await.unwrap_err();
    let missing = nobody.call(stop("nobody")).await.unwrap_err();
    assert_eq!(there.code, missing.code);
    assert!(there.code.starts_with("AccessDenied"), "{there}");
}

#[tokio::test]
async fn retention_is_put_described_and_deleted() {
    let cloud = Cloud::new();
    let describe = || api::DescribeRetentionConfigurations::default();
    let none = cloud.root().call(describe()).await.unwrap();
    assert!(none.retention_configurations.unwrap().is_empty());
    assert!(
        cloud.root().call(api::PutRetentionConfiguration { retention_period_in_days: 29 }).await.is_err()
    );
    let put = api::PutRetentionConfiguration { retention_period_in_days: 90 };
    let answer = cloud.root().call(put).await.unwrap().retention_configuration.unwrap();
    assert_eq!((answer.name.as_str(), answer.retention_period_in_days), ("default", 90));
    let named = api::DescribeRetentionConfigurations {
        retention_configuration_names: Some(vec!["other".into()]),
        next_token: None,
    };
    assert_eq!(cloud.root().call(named).await.unwrap_err().code, "NoSuchRetentionConfigurationException");
    let delete = api::DeleteRetentionConfiguration { retention_configuration_name: "default".into() };
    cloud.root().call(delete.clone()).await.unwrap();
    assert_eq!(cloud.root().call(delete).await.unwrap_err().code, "NoSuchRetentionConfigurationException");
}
