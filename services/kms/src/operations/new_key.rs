//! CreateKey.

use super::keys::metadata;
use crate::access::of_call;
use crate::refusal::{invalid, not_built};
use crate::state::{Key, Material, Spec};
use crate::{Kms, key_policy, tags};
use api_kms::{CreateKey, CreateKeyOutput, Error, OriginType};
use contract::{Access, Call, Check, Transact};
use names::Tags;
use store::{Tx, View};

impl Transact<CreateKey> for Kms {
    fn access(input: &CreateKey, call: &Call, _: &View) -> Access {
        let given = input.tags.as_deref().unwrap_or_default();
        let mut access = Access::to("kms:CreateKey");
        if tags::pairs(given).next().is_some() {
            access = access.and(Check::new("kms:TagResource", "*"));
        }
        let text = |value: bool| if value { "true" } else { "false" };
        let spec = spec_name(input);
        let usage = input.key_usage.map_or("ENCRYPT_DECRYPT", |usage| usage.as_str());
        let origin = input.origin.unwrap_or(OriginType::AwsKms);
        for (key, values) in of_call(call) {
            access = access.with(key, values);
        }
        access
            .with("kms:KeySpec", [spec])
            .with("kms:KeyUsage", [usage])
            .with("kms:KeyOrigin", [origin.as_str()])
            .with("kms:MultiRegion", [text(input.multi_region == Some(true))])
            .with(
                "kms:BypassPolicyLockoutSafetyCheck",
                [text(input.bypass_policy_lockout_safety_check == Some(true))],
            )
            .with_request_tags(tags::pairs(given))
    }

    fn run(input: CreateKey, call: &Call, tx: &mut Tx) -> Result<CreateKeyOutput, Error> {
        let spec = spec(&input)?;
        if input.multi_region == Some(true) {
            return Err(not_built("Multi-Region keys are"));
        }
        if let Some(origin) = input.origin.filter(|origin| *origin != OriginType::AwsKms) {
            return Err(not_built(&format!("Keys of origin {origin} are")));
        }
        if input.custom_key_store_id.is_some() || input.xks_key_id.is_some() {
            return Err(not_built("Custom key stores are"));
        }
        let mut given = input.tags.unwrap_or_default();
        let step = tags::take_step(&mut given, call);
        if let Some(step) = &step
            && let Some(made) = tx.first_by_index::<Key>(call.scope(), "step", step.as_str())?
        {
            return Ok(CreateKeyOutput { key_metadata: Some(metadata(&made)) });
        }
        let mut wanted = Tags::new();
        tags::add(&mut wanted, given, call)?;
        let mut key = Key {
            scope: call.scope(),
            id: call.entropy.uuid(),
            created: call.now,
            description: input.description.unwrap_or_default(),
            spec,
            enabled: true,
            deletion: None,
            policy: String::new(),
            tags: wanted,
            service: None,
            rotation: None,
            generation: 0,
            material_id: String::new(),
            step,
        };
        key.policy = match input.policy {
            None => key_policy::default(call.account),
            Some(policy) => {
                let bypass = input.bypass_policy_lockout_safety_check == Some(true);
                key_policy::check(&policy, &key.arn(), bypass, call)?;
                policy
            }
        };
        let material = Material::new(&key, 0, call, None);
        key.material_id.clone_from(&material.id);
        tx.insert(material)?;
        let key_metadata = Some(metadata(&key));
        tx.insert(key)?;
        Ok(CreateKeyOutput { key_metadata })
    }
}

fn spec_name(input: &CreateKey) -> &'static str {
    let old = input.customer_master_key_spec.map(|spec| spec.as_str());
    input.key_spec.map(|spec| spec.as_str()).or(old).unwrap_or("SYMMETRIC_DEFAULT")
}

fn spec(input: &CreateKey) -> Result<Spec, Error> {
    if input.key_spec.is_some() && input.customer_master_key_spec.is_some() {
        return Err(invalid(
            "You cannot specify KeySpec and CustomerMasterKeySpec in the same request. CustomerMasterKeySpec is deprecated.",
        ));
    }
    let name = spec_name(input);
    let spec = match name {
        "SYMMETRIC_DEFAULT" => Spec::SymmetricDefault,
        "HMAC_224" => Spec::Hmac224,
        "HMAC_256" => Spec::Hmac256,
        "HMAC_384" => Spec::Hmac384,
        "HMAC_512" => Spec::Hmac512,
        _ => return Err(not_built(&format!("Keys of KeySpec {name} are"))),
    };
    match input.key_usage.map(|usage| usage.as_str()) {
        None if spec != Spec::SymmetricDefault => Err(invalid(
            "You must specify a KeyUsage value for all KMS keys except for symmetric encryption keys.",
        )),
        Some(usage) if usage != spec.usage() => {
            Err(invalid(format!("KeyUsage {usage} is not compatible with KeySpec {name}")))
        }
        _ => Ok(spec),
    }
}
