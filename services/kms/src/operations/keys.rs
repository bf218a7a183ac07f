//! Keys, as they are described.

use crate::Kms;
use crate::access::{Ask, of_call};
use crate::page::{limit, page};
use crate::reference::{Takes, key, key_to_use};
use crate::refusal::not_pending;
use crate::state::{Key, Spec};
use api_kms::{
    DescribeKey, DescribeKeyOutput, EncryptionAlgorithmSpec, Error, KeyListEntry, KeyManagerType,
    KeyMetadata, ListKeys, ListKeysOutput, OriginType, UpdateKeyDescription, UpdateKeyDescriptionOutput,
};
use contract::{Access, Call, Transact};
use store::{Tx, View};

impl Transact<DescribeKey> for Kms {
    fn access(input: &DescribeKey, call: &Call, view: &View) -> Access {
        Ask::shared("DescribeKey", &input.key_id, Takes::Aliases).access(call, view)
    }

    fn run(input: DescribeKey, call: &Call, tx: &mut Tx) -> Result<DescribeKeyOutput, Error> {
        super::grants::check_tokens(input.grant_tokens.as_deref())?;
        let key = key_to_use(&input.key_id, call, tx)?;
        Ok(DescribeKeyOutput { key_metadata: Some(metadata(&key)) })
    }
}

impl Transact<ListKeys> for Kms {
    fn access(_: &ListKeys, call: &Call, _: &View) -> Access {
        of_call(call)
            .into_iter()
            .fold(Access::to("kms:ListKeys"), |access, (key, values)| access.with(key, values))
    }

    fn run(input: ListKeys, call: &Call, tx: &mut Tx) -> Result<ListKeysOutput, Error> {
        let keys = tx.list::<Key>(call.scope())?.into_iter().filter(|key| !key.is_gone(call.now));
        let entry = |key: Key| {
            let key_arn = Some(key.arn().to_string());
            (key.id.clone(), KeyListEntry { key_id: Some(key.id), key_arn })
        };
        let page = page("keys", input.marker.as_deref(), limit(input.limit, 100), keys.map(entry).collect())?;
        let truncated = page.truncated();
        Ok(ListKeysOutput { keys: Some(page.things), next_marker: page.next_marker, truncated })
    }
}

impl Transact<UpdateKeyDescription> for Kms {
    fn access(input: &UpdateKeyDescription, call: &Call, view: &View) -> Access {
        Ask::own("UpdateKeyDescription", &input.key_id).access(call, view)
    }

    fn run(
        input: UpdateKeyDescription,
        call: &Call,
        tx: &mut Tx,
    ) -> Result<UpdateKeyDescriptionOutput, Error> {
        let mut key = key(&input.key_id, Takes::Keys, call, tx)?;
        not_pending(&key)?;
        key.description = input.description;
        tx.update(key)?;
        Ok(UpdateKeyDescriptionOutput {})
    }
}

pub(super) fn metadata(key: &Key) -> KeyMetadata {
    let symmetric = key.spec == Spec::SymmetricDefault;
    let algorithm = key.spec.mac_algorithm().and_then(|algorithm| algorithm.parse().ok());
    KeyMetadata {
        aws_account_id: Some(key.scope.account.to_string()),
        key_id: key.id.clone(),
        arn: Some(key.arn().to_string()),
        creation_date: Some(key.created),
        enabled: Some(key.state() == "Enabled"),
        description: Some(key.description.clone()),
        key_usage: key.spec.usage().parse().ok(),
        key_state: key.state().parse().ok(),
        deletion_date: key.deletion.map(|deletion| deletion.at),
        origin: Some(OriginType::AwsKms),
        key_manager: Some(if key.service.is_some() { KeyManagerType::Aws } else { KeyManagerType::Customer }),
        customer_master_key_spec: key.spec.as_str().parse().ok(),
        key_spec: key.spec.as_str().parse().ok(),
        encryption_algorithms: symmetric.then(|| vec![EncryptionAlgorithmSpec::SymmetricDefault]),
        mac_algorithms: algorithm.map(|algorithm| vec![algorithm]),
        multi_region: Some(false),
        current_key_material_id: symmetric.then(|| key.material_id.clone()),
        ..Default::default()
    }
}
