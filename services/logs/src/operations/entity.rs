//! What PutLogEvents says its events are about. A wrong entity is rejected and the events are taken all the same.
//!
//! Entities are judged and not kept: the operations that answer them are not built.
//! <https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/adding-your-own-related-telemetry.html>

use api_logs::{Entity, EntityRejectionErrorType, LogGroupClass, RejectedEntityInfo};

/// Why an entity is rejected, if it is.
pub(super) fn rejected(entity: Option<&Entity>, class: &str) -> Option<RejectedEntityInfo> {
    judge(entity?, class).err().map(|error_type| RejectedEntityInfo { error_type })
}

fn judge(entity: &Entity, class: &str) -> Result<(), EntityRejectionErrorType> {
    if class != LogGroupClass::Standard.as_str() {
        return Err(EntityRejectionErrorType::UnsupportedLogGroupType);
    }
    let keys = entity.key_attributes.as_ref().ok_or(EntityRejectionErrorType::MissingRequiredFields)?;
    let kind = keys.get("Type").ok_or(EntityRejectionErrorType::MissingRequiredFields)?;
    let required: &[&str] = match kind.as_str() {
        "Service" => &["Type", "Name", "Environment"],
        "RemoteService" | "AWS::Service" => &["Type", "Name"],
        "Resource" | "AWS::Resource" => &["Type", "ResourceType", "Identifier"],
        _ => return Err(EntityRejectionErrorType::InvalidTypeValue),
    };
    if required.iter().any(|key| !keys.contains_key(*key)) {
        return Err(EntityRejectionErrorType::MissingRequiredFields);
    }
    if keys.keys().any(|key| !required.contains(&key.as_str())) {
        return Err(EntityRejectionErrorType::InvalidKeyAttributes);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entity(keys: &[(&str, &str)]) -> Entity {
        let keys = keys.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
        Entity { key_attributes: Some(keys), attributes: None }
    }

    #[test]
    fn each_type_has_its_keys() {
        let good = [
            entity(&[("Type", "Service"), ("Name", "shop"), ("Environment", "prod")]),
            entity(&[
                ("Type", "AWS::Resource"),
                ("ResourceType", "AWS::EC2::Instance"),
                ("Identifier", "i-1"),
            ]),
        ];
        for entity in &good {
            assert_eq!(judge(entity, "STANDARD"), Ok(()));
            assert_eq!(judge(entity, "DELIVERY"), Err(EntityRejectionErrorType::UnsupportedLogGroupType));
        }
        let wrong = |keys| judge(&entity(keys), "STANDARD").unwrap_err();
        assert_eq!(
            wrong(&[("Name", "a"), ("Environment", "b")]),
            EntityRejectionErrorType::MissingRequiredFields
        );
        assert_eq!(
            wrong(&[("Type", "Service"), ("Name", "a")]),
            EntityRejectionErrorType::MissingRequiredFields
        );
        assert_eq!(wrong(&[("Type", "Planet"), ("Name", "a")]), EntityRejectionErrorType::InvalidTypeValue);
        let stranger = [("Type", "Service"), ("Name", "a"), ("Environment", "b"), ("Colour", "c")];
        assert_eq!(wrong(&stranger), EntityRejectionErrorType::InvalidKeyAttributes);
        assert_eq!(
            judge(&Entity::default(), "STANDARD"),
            Err(EntityRejectionErrorType::MissingRequiredFields)
        );
    }
}
