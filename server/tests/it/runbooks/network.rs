use super::lab::{Cure, Fault, Lab, text};
use wire::{Document, document};

fn first(document: &Document, list: &str) -> Document {
    document.get(list).and_then(Document::as_array).and_then(|list| list.first()).unwrap().clone()
}

async fn vpc(lab: &Lab) -> String {
    let of_the_region = document!({ "Filters": [{ "Name": "isDefault", "Values": ["true"] }] });
    text(&first(&lab.call("ec2", "DescribeVpcs", of_the_region).await, "Vpcs"), "VpcId")
}

async fn default_group(lab: &Lab) -> String {
    let filters = document!({ "Filters": [{ "Name": "group-name", "Values": ["default"] }] });
    text(&first(&lab.call("ec2", "DescribeSecurityGroups", filters).await, "SecurityGroups"), "GroupId")
}

async fn open_group(lab: &Lab) -> String {
    let create = document!({ "GroupName": "web", "Description": "web", "VpcId": (vpc(lab).await) });
    let group = text(&lab.call("ec2", "CreateSecurityGroup", create).await, "GroupId");
    let permission = document!({
        "IpProtocol": "tcp", "FromPort": 22, "ToPort": 22,
        "IpRanges": [{ "CidrIp": "0.0.0.0/0" }], "Ipv6Ranges": [{ "CidrIpv6": "::/0" }]
    });
    let open = document!({ "GroupId": (group.as_str()), "IpPermissions": [permission] });
    lab.call("ec2", "AuthorizeSecurityGroupIngress", open).await;
    group
}

fn group_fault<'a>(rule: &'a str, id: &'a str) -> Fault<'a> {
    Fault { rule, inputs: "", resource_type: "AWS::EC2::SecurityGroup", id }
}

#[tokio::test]
async fn a_default_group_is_closed() {
    for (runbook, of_resource) in [
        ("AWS-CloseSecurityGroup", "SecurityGroupId"),
        ("AWSConfigRemediation-RemoveVPCDefaultSecurityGroupRules", "GroupId"),
    ] {
        let lab = Lab::start().await;
        let group = default_group(&lab).await;
        let fault = group_fault("VPC_DEFAULT_SECURITY_GROUP_CLOSED", &group);
        lab.cures(&fault, &Cure { runbook, of_resource, others: &[] }).await;
    }
}

#[tokio::test]
async fn a_group_that_is_open_to_the_world_is_closed_to_it() {
    for (runbook, of_resource) in [
        ("AWS-DisablePublicAccessForSecurityGroup", "GroupId"),
        ("AWSConfigRemediation-RemoveUnrestrictedSourceIngressRules", "SecurityGroupId"),
    ] {
        let lab = Lab::start().await;
        let group = open_group(&lab).await;
        let fault = group_fault("INCOMING_SSH_DISABLED", &group);
        lab.cures(&fault, &Cure { runbook, of_resource, others: &[] }).await;
    }
}

#[tokio::test]
async fn a_group_that_nothing_has_is_deleted() {
    let lab = Lab::start().await;
    let group = open_group(&lab).await;
    let fault = group_fault("EC2_SECURITY_GROUP_ATTACHED_TO_ENI", &group);
    let runbook = "AWSConfigRemediation-DeleteUnusedSecurityGroup";
    lab.cures(&fault, &Cure { runbook, of_resource: "GroupId", others: &[] }).await;
    let gone =
        lab.root.call_document("ec2", "DescribeSecurityGroups", document!({ "GroupIds": [group] })).await;
    assert_eq!(gone.unwrap_err().code, "InvalidGroup.NotFound");
}

#[tokio::test]
async fn an_internet_gateway_that_nobody_authorized_is_detached_and_deleted() {
    let lab = Lab::start().await;
    let other = text(
        lab.call("ec2", "CreateVpc", document!({ "CidrBlock": "10.9.0.0/16" })).await.get("Vpc").unwrap(),
        "VpcId",
    );
    let made = lab.call("ec2", "CreateInternetGateway", Document::object()).await;
    let gateway = text(made.get("InternetGateway").unwrap(), "InternetGatewayId");
    // Two items of one moment have no order that a rule could go by.
    lab.cloud.advance(std::time::Duration::from_secs(1)).await;
    let attach = document!({ "InternetGatewayId": (gateway.as_str()), "VpcId": (other.as_str()) });
    lab.call("ec2", "AttachInternetGateway", attach).await;
    let inputs = format!(r#"{{"AuthorizedVpcIds":"{}"}}"#, vpc(&lab).await);
    let fault = Fault {
        rule: "INTERNET_GATEWAY_AUTHORIZED_VPC_ONLY",
        inputs: &inputs,
        resource_type: "AWS::EC2::InternetGateway",
        id: &gateway,
    };
    let runbook = "AWSConfigRemediation-DetachAndDeleteInternetGateway";
    lab.cures(&fault, &Cure { runbook, of_resource: "InternetGatewayId", others: &[] }).await;
}

#[tokio::test]
async fn a_subnet_gives_no_public_addresses_any_more() {
    let lab = Lab::start().await;
    let subnets = lab.call("ec2", "DescribeSubnets", Document::object()).await;
    let subnet = text(&first(&subnets, "Subnets"), "SubnetId");
    let fault = Fault {
        rule: "SUBNET_AUTO_ASSIGN_PUBLIC_IP_DISABLED",
        inputs: "",
        resource_type: "AWS::EC2::Subnet",
        id: &subnet,
    };
    let runbook = "AWSConfigRemediation-DisableSubnetAutoAssignPublicIP";
    lab.cures(&fault, &Cure { runbook, of_resource: "SubnetId", others: &[] }).await;
}
