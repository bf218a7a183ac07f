//! Stand-ins for the services that S3 calls: queues with policies, topics, functions, EventBridge and keys, which remember what they were told.

use api_kms::{Decrypt, DecryptOutput, GenerateDataKey, GenerateDataKeyOutput};
use api_sqs::{SendMessage, SendMessageOutput};
use bytes::Bytes;
use contract::{Access, Call, Check, Registration, Transact};
use names::{AccountId, Arn, Scope};
use policy::{Flavour, Kind, ResourcePolicy};
use store::{Row, Tx, View};
use testkit::TestCloud;

/// What a stand-in was told.
#[derive(Clone, serde::Serialize, serde::Deserialize, Debug, PartialEq)]
pub(crate) struct Told {
    pub(crate) scope: Scope,
    pub(crate) number: u64,
    pub(crate) who: String,
    pub(crate) to: String,
    pub(crate) text: String,
}

impl Row for Told {
    const TABLE: &'static str = "test.told";
    type Key = u64;
    fn scope(&self) -> Scope {
        self.scope
    }
    fn key(&self) -> u64 {
        self.number
    }
}

/// A resource's policy, by its ARN.
#[derive(Clone, serde::Serialize, serde::Deserialize)]
pub(crate) struct Policy {
    pub(crate) scope: Scope,
    pub(crate) arn: String,
    pub(crate) text: String,
}

impl Row for Policy {
    const TABLE: &'static str = "test.policies";
    type Key = String;
    fn scope(&self) -> Scope {
        self.scope
    }
    fn key(&self) -> String {
        self.arn.clone()
    }
}

fn told(tx: &mut Tx, call: &Call, to: &str, text: &str) -> Result<(), store::StoreError> {
    let number = u64::try_from(tx.list_all::<Told>()?.len()).unwrap();
    let (scope, who) = (call.scope(), call.principal.arn());
    tx.insert(Told { scope, number, who, to: to.into(), text: text.into() })
}

/// Everything that was told to what ends so.
pub(crate) fn told_to(cloud: &TestCloud, end: &str) -> Vec<String> {
    let all = cloud.context().store.view().list_all::<Told>().unwrap();
    all.into_iter().filter(|told| told.to.ends_with(end)).map(|told| told.text).collect()
}

pub(crate) fn registrations() -> Vec<Registration> {
    vec![
        Registration::new(&api_sqs::SERVICE).transact::<Others, SendMessage>(),
        Registration::new(&api_sns::SERVICE).transact::<Others, api_sns::Publish>(),
        Registration::new(&api_lambda::SERVICE).transact::<Others, api_lambda::Invoke>(),
        Registration::new(&api_events::SERVICE).transact::<Others, api_events::PutEvents>(),
        Registration::new(&api_kms::SERVICE)
            .transact::<Others, GenerateDataKey>()
            .transact::<Others, Decrypt>(),
    ]
}

/// Gives a queue or topic a policy that lets S3 in for a bucket of an account; then it exists.
pub(crate) fn admit(cloud: &TestCloud, arn: &str, action: &str, bucket: &str, account: &str) {
    let text = format!(
        r#"{{"Version":"2012-10-17","Statement":{{"Effect":"Allow","Principal":{{"Service":"s3.amazonaws.com"}},
        "Action":"{action}","Resource":"{arn}","Condition":{{"ArnLike":{{"aws:SourceArn":"arn:aws:s3:*:*:{bucket}"}},
        "StringEquals":{{"aws:SourceAccount":"{account}"}}}}}}}}"#
    );
    let scope = arn.parse::<Arn>().unwrap().scope().unwrap();
    let row = Policy { scope, arn: arn.into(), text };
    cloud.context().store.transact(None, |tx| tx.put(row.clone())).unwrap();
}

fn governed(action: &str, arn: &str, view: &View) -> Access {
    let arn: Arn = arn.parse().unwrap();
    let policy: Option<Policy> = view.get(arn.scope().unwrap(), arn.to_string().as_str()).unwrap();
    let policy = policy.map(|policy| {
        let kind = Kind::Resource(Flavour::Other);
        ResourcePolicy::new(&policy.arn, policy::parse(&policy.text, kind).unwrap())
    });
    Access::on(action, &arn).with_policy(arn.account.unwrap(), policy)
}

pub(crate) struct Others;

fn queue_arn(url: &str, call: &Call) -> String {
    let mut parts = url.rsplit('/');
    let (name, account) = (parts.next().unwrap(), parts.next().unwrap());
    let account: AccountId = account.parse().unwrap();
    Arn::new("sqs", Scope::new(account, call.region), name).to_string()
}

impl Transact<SendMessage> for Others {
    fn access(input: &SendMessage, call: &Call, view: &View) -> Access {
        governed("sqs:SendMessage", &queue_arn(&input.queue_url, call), view)
    }

    fn run(input: SendMessage, call: &Call, tx: &mut Tx) -> Result<SendMessageOutput, api_sqs::Error> {
        told(tx, call, &input.queue_url, &input.message_body)?;
        Ok(SendMessageOutput::default())
    }
}

impl Transact<api_sns::Publish> for Others {
    fn access(input: &api_sns::Publish, _: &Call, view: &View) -> Access {
        governed("sns:Publish", input.topic_arn.as_deref().unwrap(), view)
    }

    fn run(
        input: api_sns::Publish,
        call: &Call,
        tx: &mut Tx,
    ) -> Result<api_sns::PublishOutput, api_sns::Error> {
        assert_eq!(input.subject.as_deref(), Some("Amazon S3 Notification"));
        told(tx, call, input.topic_arn.as_deref().unwrap(), &input.message)?;
        Ok(api_sns::PublishOutput::default())
    }
}

impl Transact<api_lambda::Invoke> for Others {
    fn access(input: &api_lambda::Invoke, _: &Call, view: &View) -> Access {
        governed("lambda:InvokeFunction", &input.function_name, view)
    }

    fn run(
        input: api_lambda::Invoke,
        call: &Call,
        tx: &mut Tx,
    ) -> Result<api_lambda::InvokeOutput, api_lambda::Error> {
        if input.invocation_type == Some(api_lambda::InvocationType::Event) {
            let text = String::from_utf8(input.payload.unwrap().to_vec()).unwrap();
            told(tx, call, &input.function_name, &text)?;
        }
        Ok(api_lambda::InvokeOutput::default())
    }
}

impl Transact<api_events::PutEvents> for Others {
    fn access(_: &api_events::PutEvents, _: &Call, _: &View) -> Access {
        Access::unconditional()
    }

    fn run(
        input: api_events::PutEvents,
        call: &Call,
        tx: &mut Tx,
    ) -> Result<api_events::PutEventsOutput, api_events::Error> {
        for entry in input.entries {
            assert_eq!(entry.source.as_deref(), Some("aws.s3"));
            told(tx, call, &format!("bridge:{}", entry.detail_type.unwrap()), &entry.detail.unwrap())?;
        }
        Ok(api_events::PutEventsOutput::default())
    }
}

fn key_access(action: &str, call: &Call) -> Access {
    let mut check = Check::new(action, "arn:aws:kms:us-east-1:111122223333:key/k");
    let via = format!("s3.{}.amazonaws.com", call.region);
    check.context.push(("kms:ViaService".into(), vec![via]));
    Access { checks: vec![check], unconditional: false }
}

/// What is encrypted is the key turned around, with its context beside it.
impl Transact<GenerateDataKey> for Others {
    fn access(_: &GenerateDataKey, call: &Call, _: &View) -> Access {
        assert_eq!(call.chain.via.last().map(String::as_str), Some("s3.amazonaws.com"));
        key_access("kms:GenerateDataKey", call)
    }

    fn run(input: GenerateDataKey, call: &Call, _: &mut Tx) -> Result<GenerateDataKeyOutput, api_kms::Error> {
        let plaintext = call.entropy.bytes();
        let context = format!("{:?}", input.encryption_context);
        let mut ciphertext: Vec<u8> = plaintext.iter().rev().copied().collect();
        ciphertext.extend_from_slice(context.as_bytes());
        Ok(GenerateDataKeyOutput {
            plaintext: Some(Bytes::copy_from_slice(&plaintext)),
            ciphertext_blob: Some(ciphertext.into()),
            key_id: Some("arn:aws:kms:us-east-1:111122223333:key/k".into()),
            ..Default::default()
        })
    }
}

impl Transact<Decrypt> for Others {
    fn access(_: &Decrypt, call: &Call, _: &View) -> Access {
        key_access("kms:Decrypt", call)
    }

    fn run(input: Decrypt, _: &Call, _: &mut Tx) -> Result<DecryptOutput, api_kms::Error> {
        let ciphertext = input.ciphertext_blob.unwrap();
        let (key, context) = ciphertext.split_at(32);
        assert_eq!(context, format!("{:?}", input.encryption_context).as_bytes());
        let plaintext: Vec<u8> = key.iter().rev().copied().collect();
        Ok(DecryptOutput { plaintext: Some(plaintext.into()), ..Default::default() })
    }
}
