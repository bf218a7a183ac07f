//! Rotation of key material. Every material stays, so that what it encrypted can be decrypted.

use crate::Kms;
use crate::access::Ask;
use crate::page::{limit, page};
use crate::reference::{Takes, key};
use crate::refusal::usable;
use crate::state::{Key, Material, RotatedBy, Rotation, Spec};
use crate::tasks::{cancel_rotation, schedule_rotation};
use api_kms::{
    DisableKeyRotation, DisableKeyRotationOutput, EnableKeyRotation, EnableKeyRotationOutput, Error,
    GetKeyRotationStatus, GetKeyRotationStatusOutput, IncludeKeyMaterial, KeyMaterialState,
    LimitExceededException, ListKeyRotations, ListKeyRotationsOutput, RotateKeyOnDemand,
    RotateKeyOnDemandOutput, RotationType, RotationsListEntry, UnsupportedOperationException,
};
use contract::{Access, Call, Transact};
use std::time::Duration;
use store::{Tx, View};

const YEAR: i32 = 365;
/// <https://docs.aws.amazon.com/kms/latest/APIReference/API_RotateKeyOnDemand.html>
const ON_DEMAND: usize = 25;

impl Transact<EnableKeyRotation> for Kms {
    fn access(input: &EnableKeyRotation, call: &Call, view: &View) -> Access {
        let days = input.rotation_period_in_days.unwrap_or(YEAR);
        Ask::own("EnableKeyRotation", &input.key_id)
            .access(call, view)
            .with("kms:RotationPeriodInDays", [days.to_string()])
    }

    fn run(input: EnableKeyRotation, call: &Call, tx: &mut Tx) -> Result<EnableKeyRotationOutput, Error> {
        let mut key = key(&input.key_id, Takes::Keys, call, tx)?;
        usable(&key)?;
        rotatable(&key)?;
        let period_in_days = u32::try_from(input.rotation_period_in_days.unwrap_or(YEAR)).unwrap_or_default();
        // A changed period counts from where the old one did.
        let since =
            key.rotation.map_or(call.now, |rotation| rotation.next.minus(days(rotation.period_in_days)));
        let next = since.plus(days(period_in_days)).max(call.now);
        key.rotation = Some(Rotation { period_in_days, next });
        schedule_rotation(&key, tx)?;
        tx.update(key)?;
        Ok(EnableKeyRotationOutput {})
    }
}

impl Transact<DisableKeyRotation> for Kms {
    fn access(input: &DisableKeyRotation, call: &Call, view: &View) -> Access {
        Ask::own("DisableKeyRotation", &input.key_id).access(call, view)
    }

    fn run(input: DisableKeyRotation, call: &Call, tx: &mut Tx) -> Result<DisableKeyRotationOutput, Error> {
        let mut key = key(&input.key_id, Takes::Keys, call, tx)?;
        usable(&key)?;
        rotatable(&key)?;
        key.rotation = None;
        cancel_rotation(&key, tx)?;
        tx.update(key)?;
        Ok(DisableKeyRotationOutput {})
    }
}

impl Transact<GetKeyRotationStatus> for Kms {
    fn access(input: &GetKeyRotationStatus, call: &Call, view: &View) -> Access {
        Ask::shared("GetKeyRotationStatus", &input.key_id, Takes::Keys).access(call, view)
    }

    fn run(
        input: GetKeyRotationStatus,
        call: &Call,
        tx: &mut Tx,
    ) -> Result<GetKeyRotationStatusOutput, Error> {
        let key = key(&input.key_id, Takes::Keys, call, tx)?;
        let rotation = key.rotation.filter(|_| key.deletion.is_none());
        Ok(GetKeyRotationStatusOutput {
            key_rotation_enabled: Some(rotation.is_some()),
            key_id: Some(key.id),
            rotation_period_in_days: rotation
                .and_then(|rotation| i32::try_from(rotation.period_in_days).ok()),
            next_rotation_date: rotation.map(|rotation| rotation.next),
            on_demand_rotation_start_date: None,
        })
    }
}

impl Transact<RotateKeyOnDemand> for Kms {
    fn access(input: &RotateKeyOnDemand, call: &Call, view: &View) -> Access {
        Ask::own("RotateKeyOnDemand", &input.key_id).access(call, view)
    }

    fn run(input: RotateKeyOnDemand, call: &Call, tx: &mut Tx) -> Result<RotateKeyOnDemandOutput, Error> {
        let mut key = key(&input.key_id, Takes::Keys, call, tx)?;
        usable(&key)?;
        rotatable(&key)?;
        let materials = Material::all(tx, &key)?;
        if materials.iter().filter(|material| material.rotated_by == Some(RotatedBy::Demand)).count()
            >= ON_DEMAND
        {
            return Err(LimitExceededException::new(format!(
                "The on-demand rotations limit has been reached for the given keyId. No more on-demand rotations can be performed for this key: {}",
                key.arn()
            ))
            .into());
        }
        Material::rotate(&mut key, RotatedBy::Demand, call, tx)?;
        let key_id = Some(key.id.clone());
        tx.update(key)?;
        Ok(RotateKeyOnDemandOutput { key_id })
    }
}

impl Transact<ListKeyRotations> for Kms {
    fn access(input: &ListKeyRotations, call: &Call, view: &View) -> Access {
        Ask::own("ListKeyRotations", &input.key_id).access(call, view)
    }

    fn run(input: ListKeyRotations, call: &Call, tx: &mut Tx) -> Result<ListKeyRotationsOutput, Error> {
        let key = key(&input.key_id, Takes::Keys, call, tx)?;
        rotatable(&key)?;
        let all = input.include_key_material == Some(IncludeKeyMaterial::AllKeyMaterial);
        let materials = Material::all(tx, &key)?.into_iter();
        let entries = materials
            .filter(|material| all || material.rotated_by.is_some())
            .map(|material| (format!("{:010}", material.generation), entry(&key, material)))
            .collect();
        let page = page("rotations", input.marker.as_deref(), limit(input.limit, 100), entries)?;
        let truncated = page.truncated();
        Ok(ListKeyRotationsOutput { rotations: Some(page.things), next_marker: page.next_marker, truncated })
    }
}

fn entry(key: &Key, material: Material) -> RotationsListEntry {
    let current = material.generation == key.generation;
    RotationsListEntry {
        key_id: Some(key.id.clone()),
        key_material_id: Some(material.id),
        key_material_state: Some(if current {
            KeyMaterialState::Current
        } else {
            KeyMaterialState::NonCurrent
        }),
        rotation_date: material.rotated_by.is_some().then_some(material.created),
        rotation_type: material.rotated_by.map(|by| match by {
            RotatedBy::Schedule => RotationType::Automatic,
            RotatedBy::Demand => RotationType::OnDemand,
        }),
        ..Default::default()
    }
}

fn rotatable(key: &Key) -> Result<(), Error> {
    if key.spec != Spec::SymmetricDefault {
        let message = format!("Key material of {} keys cannot be rotated: {}", key.spec.as_str(), key.arn());
        return Err(UnsupportedOperationException::new(message).into());
    }
    Ok(())
}

fn days(days: u32) -> Duration {
    Duration::from_secs(u64::from(days) * 86_400)
}
