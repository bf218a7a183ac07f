//! Runbooks that every account finds: Cloudchamber's own implementations of what AWS documents under their names.

/// A runbook of AWS's.
pub(crate) struct Owned {
    pub(crate) name: &'static str,
    /// YAML.
    pub(crate) content: &'static str,
}

macro_rules! owned {
    ($($name:literal),* $(,)?) => {
        &[$(Owned { name: $name, content: include_str!(concat!($name, ".yaml")) }),*]
    };
}

/// All of them, by name.
pub(crate) static ALL: &[Owned] = owned![
    "AWS-CloseSecurityGroup",
    "AWS-ConfigureS3BucketLogging",
    "AWS-ConfigureS3BucketVersioning",
    "AWS-DisableIncomingSSHOnPort22",
    "AWS-DisablePublicAccessForSecurityGroup",
    "AWS-DisableS3BucketPublicReadWrite",
    "AWS-EnableS3BucketEncryption",
    "AWS-PublishSNSNotification",
    "AWSConfigRemediation-CancelKeyDeletion",
    "AWSConfigRemediation-ConfigureLambdaFunctionXRayTracing",
    "AWSConfigRemediation-ConfigureS3BucketPublicAccessBlock",
    "AWSConfigRemediation-ConfigureS3PublicAccessBlock",
    "AWSConfigRemediation-DeleteDynamoDbTable",
    "AWSConfigRemediation-DeleteLambdaFunction",
    "AWSConfigRemediation-DeleteUnusedIAMGroup",
    "AWSConfigRemediation-DeleteUnusedIAMPolicy",
    "AWSConfigRemediation-DeleteUnusedSecurityGroup",
    "AWSConfigRemediation-DeleteUnusedVPCNetworkACL",
    "AWSConfigRemediation-DetachAndDeleteInternetGateway",
    "AWSConfigRemediation-DetachIAMPolicy",
    "AWSConfigRemediation-DisableSubnetAutoAssignPublicIP",
    "AWSConfigRemediation-EnableEncryptionOnDynamoDBTable",
    "AWSConfigRemediation-EnableKeyRotation",
    "AWSConfigRemediation-EnablePITRForDynamoDbTable",
    "AWSConfigRemediation-EncryptLambdaEnvironmentVariablesWithCMK",
    "AWSConfigRemediation-EncryptSNSTopic",
    "AWSConfigRemediation-MoveLambdaToVPC",
    "AWSConfigRemediation-RemovePrincipalStarFromS3BucketPolicy",
    "AWSConfigRemediation-RemoveUnrestrictedSourceIngressRules",
    "AWSConfigRemediation-RemoveVPCDefaultSecurityGroupRules",
    "AWSConfigRemediation-ReplaceIAMInlinePolicy",
    "AWSConfigRemediation-RestrictBucketSSLRequestsOnly",
];

/// The one with a name.
pub(crate) fn find(name: &str) -> Option<&'static Owned> {
    ALL.iter().find(|owned| owned.name == name)
}
