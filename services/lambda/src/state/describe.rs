//! Functions as AWS Config describes them.

use super::{Configuration, Function};
use crate::answer::last_modified;
use contract::{Description, Relationship, Resource};
use indexmap::IndexMap;
use names::{Arn, ResourceType, Scope};
use store::{ResourceIdentity, StoreError, View};
use wire::{Document, document};

impl Resource for Function {
    const TYPE: ResourceType = ResourceType("AWS::Lambda::Function");

    fn identity(&self) -> ResourceIdentity {
        ResourceIdentity {
            resource_type: Self::TYPE,
            id: self.name.clone(),
            name: Some(self.name.clone()),
            arn: self.arn(),
        }
    }

    fn describe(&self, _: &View) -> Result<Description, StoreError> {
        let mut supplementary = IndexMap::new();
        if let Some(permissions) = self.permissions.get("").filter(|policy| !policy.statements.is_empty()) {
            supplementary.insert("Policy".to_owned(), Document::String(permissions.document()));
        }
        supplementary.insert("Tags".to_owned(), Document::from(self.tags.clone()));
        if let Some(reserved) = self.reserved_concurrency {
            supplementary
                .insert("Concurrency".to_owned(), document!({ "reservedConcurrentExecutions": reserved }));
        }
        Ok(Description {
            identity: self.identity(),
            availability_zone: "Not Applicable".into(),
            created: None,
            configuration: configuration(self),
            supplementary,
            relationships: relationships(&self.latest),
            tags: self.tags.clone(),
        })
    }

    fn find(view: &View, scope: Scope, id: &str) -> Result<Option<Self>, StoreError> {
        Self::named(view, scope, id)
    }
}

/// As GetFunctionConfiguration answers, in Config's casing; values of variables are not shown to it.
fn configuration(function: &Function) -> Document {
    let latest = &function.latest;
    let mut item = document!({
        "functionName": (function.name.as_str()),
        "functionArn": (function.arn()),
        "runtime": (latest.runtime.as_str()),
        "role": (latest.role.as_str()),
        "handler": (latest.handler.as_str()),
        "codeSize": (latest.code.size()),
        "description": (latest.description.as_str()),
        "timeout": (latest.timeout),
        "memorySize": (latest.memory),
        "lastModified": (last_modified(latest.modified)),
        "codeSha256": (latest.code.sha256.as_str()),
        "version": "$LATEST",
        "tracingConfig": { "mode": (latest.tracing.as_str()) },
        "revisionId": (latest.revision.as_str()),
        "layers": (layers(latest)),
        "state": { "value": "Active" },
        "lastUpdateStatus": "Successful",
        "packageType": "Zip",
        "architectures": [(latest.architecture.as_str())],
        "ephemeralStorage": { "size": (latest.storage) },
        "snapStart": { "applyOn": (latest.snap_start.as_str()), "optimizationStatus": "Off" },
        "fileSystemConfigs": [],
        "loggingConfig": {
            "logFormat": (latest.logging.format.as_str()),
            "logGroup": (latest.logging.group.as_str()),
            "applicationLogLevel": (latest.logging.application_level.clone()),
            "systemLogLevel": (latest.logging.system_level.clone()),
        },
    });
    if let Some(vpc) = &latest.vpc {
        item.set(
            "vpcConfig",
            document!({
                "subnetIds": (vpc.subnets.clone()),
                "securityGroupIds": (vpc.security_groups.clone()),
                "vpcId": (vpc.vpc.as_str()),
            }),
        );
    }
    if let Some(target) = &latest.dead_letter {
        item.set("deadLetterConfig", document!({ "targetArn": (target.as_str()) }));
    }
    item
}

fn layers(latest: &Configuration) -> Document {
    let one = |layer: &super::LayerUse| {
        let size = i64::try_from(layer.blob.length).unwrap_or(i64::MAX);
        document!({ "arn": (layer.arn.as_str()), "codeSize": size })
    };
    latest.layers.iter().map(one).collect()
}

fn relationships(latest: &Configuration) -> Vec<Relationship> {
    let mut all = Vec::new();
    let role: Option<Arn> = latest.role.parse().ok();
    if let Some(name) = role.as_ref().and_then(|role| role.resource.rsplit('/').next()) {
        // AWS Config's name has a space at its end, and no id.
        all.push(Relationship {
            resource_type: "AWS::IAM::Role".into(),
            id: None,
            name: Some(name.to_owned()),
            relation: "Is associated with ".into(),
        });
    }
    if let Some(vpc) = &latest.vpc {
        let groups = vpc.security_groups.iter();
        all.extend(groups.map(|group| {
            Relationship::to("Is associated with SecurityGroup", "AWS::EC2::SecurityGroup", group.clone())
        }));
        let subnets = vpc.subnets.iter();
        all.extend(
            subnets
                .map(|subnet| Relationship::to("Is contained in Subnet", "AWS::EC2::Subnet", subnet.clone())),
        );
    }
    all
}
