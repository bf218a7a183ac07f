//! CloudFormation's handlers, driven as the engine drives them.

use crate::support::*;
use api_ec2::*;
use contract::{Caller, Chain, HandlerContext, HandlerFailure, Principal, Properties, ResourceHandler};
use std::sync::Arc;
use testkit::TestCloud;
use wire::{Document, document};

/// A stack without an engine.
struct Stack<'a> {
    cloud: &'a TestCloud,
    handlers: Vec<Arc<dyn ResourceHandler>>,
    caller: Caller,
}

impl<'a> Stack<'a> {
    fn new(cloud: &'a TestCloud) -> Self {
        let principal = Principal::Root(testkit::ACCOUNT.parse().unwrap());
        Self::of(cloud, principal)
    }

    fn of(cloud: &'a TestCloud, principal: Principal) -> Self {
        let chain = Chain::default().through("cloudformation.amazonaws.com");
        let caller = cloud.context().caller(principal, cloud.scope(), chain);
        Self { cloud, handlers: ec2::registration().handlers, caller }
    }

    fn handler(&self, kind: &str) -> &dyn ResourceHandler {
        let name = format!("AWS::EC2::{kind}");
        &**self.handlers.iter().find(|handler| handler.resource_type() == name).unwrap()
    }

    fn context(&self, logical_id: &str, token: &str) -> HandlerContext {
        let stack_id =
            "arn:aws:cloudformation:us-east-1:111122223333:stack/lab/0a1b2c3d-0000-0000-0000-000000000000";
        let tags = [
            ("aws:cloudformation:stack-name", "lab"),
            ("aws:cloudformation:stack-id", stack_id),
            ("aws:cloudformation:logical-id", logical_id),
        ];
        HandlerContext {
            caller: self.caller.clone(),
            context: self.cloud.context().clone(),
            stack_name: "lab".into(),
            stack_id: stack_id.into(),
            logical_id: logical_id.into(),
            previous_stack_tags: Default::default(),
            stack_tags: tags.into_iter().map(|(key, value)| (key.to_owned(), value.to_owned())).collect(),
            token: token.into(),
        }
    }

    async fn create(&self, kind: &str, logical_id: &str, properties: Document) -> String {
        self.create_as(kind, logical_id, "TOKENTOKEN12", properties).await.unwrap().physical_id
    }

    async fn create_as(
        &self,
        kind: &str,
        logical_id: &str,
        token: &str,
        properties: Document,
    ) -> Result<contract::Created, HandlerFailure> {
        let properties = Properties::new(properties);
        let handler = self.handler(kind);
        properties.only(handler.properties()).unwrap();
        let created = handler.create(&properties, &self.context(logical_id, token)).await?;
        let mut names: Vec<&str> = created.attributes.keys().map(String::as_str).collect();
        let mut promised = handler.attributes().to_vec();
        names.sort_unstable();
        promised.sort_unstable();
        assert_eq!(names, promised, "the attributes of {kind}");
        Ok(created)
    }

    async fn update(&self, kind: &str, logical_id: &str, id: &str, old: Document, new: Document) {
        let context = self.context(logical_id, "UPDATETOKEN1");
        self.handler(kind).update(id, &Properties::new(old), &Properties::new(new), &context).await.unwrap();
    }

    async fn delete(&self, kind: &str, logical_id: &str, id: &str, properties: Document) {
        let context = self.context(logical_id, "DELETETOKEN1");
        self.handler(kind).delete(id, &Properties::new(properties), &context).await.unwrap();
    }
}

#[tokio::test]
async fn the_network_of_the_guide() {
    let cloud = cloud();
    let root = cloud.root();
    let stack = Stack::new(&cloud);
    let tags = || document!([{ "Key": "Name", "Value": "lab" }]);
    let vpc_properties =
        document!({ "CidrBlock": "10.0.0.0/16", "EnableDnsHostnames": true, "Tags": (tags()) });
    let vpc = stack.create("VPC", "Vpc", vpc_properties).await;
    let gateway = stack.create("InternetGateway", "Gateway", document!({ "Tags": (tags()) })).await;
    let attachment = document!({ "VpcId": (vpc.as_str()), "InternetGatewayId": (gateway.as_str()) });
    let attached = stack.create("VPCGatewayAttachment", "Attachment", attachment.clone()).await;
    assert_eq!(attached, format!("IGW|{vpc}"));
    let subnet_properties = document!({
        "VpcId": (vpc.as_str()), "CidrBlock": "10.0.1.0/24", "MapPublicIpOnLaunch": "true", "AvailabilityZone": "us-east-1b"
    });
    let subnet = stack.create("Subnet", "Subnet", subnet_properties.clone()).await;
    let table = stack.create("RouteTable", "Table", document!({ "VpcId": (vpc.as_str()) })).await;
    let route = document!({
        "RouteTableId": (table.as_str()), "DestinationCidrBlock": "0.0.0.0/0", "GatewayId": (gateway.as_str())
    });
    assert_eq!(stack.create("Route", "Route", route.clone()).await, format!("{table}|0.0.0.0/0"));
    let association = document!({ "RouteTableId": (table.as_str()), "SubnetId": (subnet.as_str()) });
    let associated = stack.create("SubnetRouteTableAssociation", "Association", association.clone()).await;
    let group = document!({
        "GroupDescription": "Lab group", "GroupName": "LabSG1", "VpcId": (vpc.as_str()), "Tags": (tags()),
        "SecurityGroupIngress": [
            { "IpProtocol": "tcp", "FromPort": 80, "ToPort": 80, "CidrIp": "0.0.0.0/0", "Description": "web" },
            { "IpProtocol": "tcp", "FromPort": "443", "ToPort": "443", "CidrIpv6": "::/0" }
        ]
    });
    let created = stack.create_as("SecurityGroup", "Group", "TOKENTOKEN12", group.clone()).await.unwrap();
    assert_eq!(created.attributes["VpcId"], Document::from(vpc.as_str()));
    assert_eq!(created.attributes["GroupId"], Document::from(created.physical_id.as_str()));
    let described = described_group(&root, &created.physical_id).await;
    assert_eq!(described.ip_permissions.unwrap().len(), 2);
    assert_eq!(described.ip_permissions_egress.unwrap().len(), 1);
    let mut keys: Vec<_> = described.tags.unwrap().into_iter().filter_map(|tag| tag.key).collect();
    keys.sort();
    assert_eq!(
        keys,
        [
            "Name",
            "aws:cloudformation:logical-id",
            "aws:cloudformation:stack-id",
            "aws:cloudformation:stack-name"
        ]
    );
    let subnets = DescribeSubnets { subnet_ids: Some(vec![subnet.clone()]), ..Default::default() };
    let found = ok(&root, subnets).await.subnets.unwrap().remove(0);
    assert_eq!(
        (found.map_public_ip_on_launch, found.availability_zone.as_deref()),
        (Some(true), Some("us-east-1b"))
    );

    stack.delete("SecurityGroup", "Group", &created.physical_id, group).await;
    stack.delete("SubnetRouteTableAssociation", "Association", &associated, association).await;
    stack.delete("Route", "Route", "", route).await;
    stack.delete("RouteTable", "Table", &table, document!({})).await;
    stack.delete("Subnet", "Subnet", &subnet, subnet_properties).await;
    stack.delete("VPCGatewayAttachment", "Attachment", &attached, attachment.clone()).await;
    stack.delete("VPCGatewayAttachment", "Attachment", &attached, attachment).await;
    stack.delete("InternetGateway", "Gateway", &gateway, document!({})).await;
    stack.delete("VPC", "Vpc", &vpc, document!({})).await;
    // What is gone already is deleted.
    stack.delete("VPC", "Vpc", &vpc, document!({})).await;
}

#[tokio::test]
async fn a_step_that_runs_again_finds_what_it_made() {
    let cloud = cloud();
    let root = cloud.root();
    let stack = Stack::new(&cloud);
    let properties = document!({ "CidrBlock": "10.0.0.0/16" });
    let vpc = stack.create("VPC", "Vpc", properties.clone()).await;
    assert_eq!(stack.create("VPC", "Vpc", properties.clone()).await, vpc);
    let other = stack.create_as("VPC", "Vpc", "ANOTHERTOKEN", properties).await.unwrap().physical_id;
    assert_ne!(other, vpc);
    let gateway = stack.create("InternetGateway", "Gateway", document!({})).await;
    let attachment = document!({ "VpcId": (vpc.as_str()), "InternetGatewayId": (gateway.as_str()) });
    stack.create("VPCGatewayAttachment", "Attachment", attachment.clone()).await;
    stack.create("VPCGatewayAttachment", "Attachment", attachment.clone()).await;
    // Another step must not take it for its own.
    let failure =
        stack.create_as("VPCGatewayAttachment", "Other", "ANOTHERTOKEN", attachment).await.unwrap_err();
    assert_eq!(failure.service_code.as_deref(), Some("Resource.AlreadyAssociated"));
    let table = stack.create("RouteTable", "Table", document!({ "VpcId": (vpc.as_str()) })).await;
    let route = document!({
        "RouteTableId": (table.as_str()), "DestinationCidrBlock": "0.0.0.0/0", "GatewayId": (gateway.as_str())
    });
    stack.create("Route", "Route", route.clone()).await;
    stack.create("Route", "Route", route.clone()).await;
    let failure = stack.create_as("Route", "Other", "ANOTHERTOKEN", route).await.unwrap_err();
    assert_eq!(failure.service_code.as_deref(), Some("RouteAlreadyExists"));
    let group = document!({
        "GroupDescription": "x", "VpcId": (vpc.as_str()),
        "SecurityGroupIngress": [{ "IpProtocol": "tcp", "FromPort": 80, "ToPort": 80, "CidrIp": "0.0.0.0/0" }],
        "SecurityGroupEgress": [{ "IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "CidrIp": "0.0.0.0/0" }]
    });
    let id = stack.create("SecurityGroup", "Group", group.clone()).await;
    assert_eq!(stack.create("SecurityGroup", "Group", group).await, id);
    let described = described_group(&root, &id).await;
    assert_eq!(described.group_name.as_deref(), Some("lab-Group-TOKENTOKEN12"));
    assert_eq!(
        (described.ip_permissions.unwrap().len(), described.ip_permissions_egress.unwrap().len()),
        (1, 1)
    );
    let rule = document!({ "GroupId": (id.as_str()), "IpProtocol": "-1", "CidrIp": "10.0.0.0/8" });
    let made = stack.create("SecurityGroupIngress", "Rule", rule.clone()).await;
    assert!(made.starts_with("sgr-"));
    assert_eq!(stack.create("SecurityGroupIngress", "Rule", rule.clone()).await, made);
    let failure =
        stack.create_as("SecurityGroupIngress", "Rule2", "ANOTHERTOKEN", rule.clone()).await.unwrap_err();
    assert_eq!(failure.service_code.as_deref(), Some("InvalidPermission.Duplicate"));
    stack.delete("SecurityGroupIngress", "Rule", &made, rule.clone()).await;
    stack.delete("SecurityGroupIngress", "Rule", &made, rule).await;
}

#[tokio::test]
async fn a_group_is_updated_in_place() {
    let cloud = cloud();
    let root = cloud.root();
    let stack = Stack::new(&cloud);
    let rule = |port: i32, text: &str| {
        document!({
            "IpProtocol": "tcp", "FromPort": port, "ToPort": port, "CidrIp": "0.0.0.0/0", "Description": text
        })
    };
    let group = |rules: Document, tag: &str| {
        document!({
            "GroupDescription": "x", "SecurityGroupIngress": rules, "Tags": [{ "Key": tag, "Value": "1" }]
        })
    };
    let old = group(document!([(rule(80, "web")), (rule(22, "ssh"))]), "before");
    let name = stack.create("SecurityGroup", "Group", old.clone()).await;
    // In the default VPC the group is known by its name.
    assert_eq!(name, "lab-Group-TOKENTOKEN12");
    let new = group(document!([(rule(80, "all of the web")), (rule(443, "web"))]), "after");
    stack.update("SecurityGroup", "Group", &name, old, new.clone()).await;
    let describe = DescribeSecurityGroups { group_names: Some(vec![name.clone()]), ..Default::default() };
    let group = ok(&root, describe).await.security_groups.unwrap().remove(0);
    let permissions = group.ip_permissions.unwrap();
    let seen: Vec<_> = permissions
        .iter()
        .map(|permission| {
            (
                permission.from_port.unwrap(),
                permission.ip_ranges.as_ref().unwrap()[0].description.clone().unwrap(),
            )
        })
        .collect();
    assert_eq!(seen, [(80, "all of the web".to_owned()), (443, "web".to_owned())]);
    let tags = group.tags.unwrap();
    assert!(tags.iter().any(|tag| tag.key.as_deref() == Some("after")));
    assert!(!tags.iter().any(|tag| tag.key.as_deref() == Some("before")));
    stack.delete("SecurityGroup", "Group", &name, new).await;
}

#[tokio::test]
async fn a_subnet_changes_its_table_by_replacement() {
    let cloud = cloud();
    let root = cloud.root();
    let stack = Stack::new(&cloud);
    let vpc = vpc(&root, "10.0.0.0/16").await;
    let subnet = subnet(&root, &vpc, "10.0.1.0/24").await;
    let one = stack.create("RouteTable", "One", document!({ "VpcId": (vpc.as_str()) })).await;
    let two = stack.create("RouteTable", "Two", document!({ "VpcId": (vpc.as_str()) })).await;
    let association = |table: &str| document!({ "RouteTableId": table, "SubnetId": (subnet.as_str()) });
    let old = stack.create("SubnetRouteTableAssociation", "Association", association(&one)).await;
    let replaced = stack
        .create_as("SubnetRouteTableAssociation", "Association", "ANOTHERTOKEN", association(&two))
        .await;
    let new = replaced.unwrap().physical_id;
    assert_ne!(new, old);
    stack.delete("SubnetRouteTableAssociation", "Association", &old, association(&one)).await;
    let filters = Some(vec![filter("association.subnet-id", &[&subnet])]);
    let tables = ok(&root, DescribeRouteTables { filters, ..Default::default() }).await.route_tables.unwrap();
    assert_eq!(tables[0].route_table_id, Some(two));
    // Another resource of the stack must not take it over.
    let foreign =
        stack.create_as("SubnetRouteTableAssociation", "Other", "THIRDTOKEN12", association(&one)).await;
    assert_eq!(foreign.unwrap_err().service_code.as_deref(), Some("Resource.AlreadyAssociated"));
}

#[tokio::test]
async fn acls_options_lists_and_interfaces() {
    let cloud = cloud();
    let root = cloud.root();
    let stack = Stack::new(&cloud);
    let vpc = vpc(&root, "10.0.0.0/16").await;
    let subnet = subnet(&root, &vpc, "10.0.1.0/24").await;
    let acl = stack.create("NetworkAcl", "Acl", document!({ "VpcId": (vpc.as_str()) })).await;
    let entry = |action: &str| {
        document!({
            "NetworkAclId": (acl.as_str()), "RuleNumber": 100, "Protocol": 6, "RuleAction": action, "Egress": false,
            "CidrBlock": "0.0.0.0/0", "PortRange": { "From": 80, "To": 80 }
        })
    };
    let entry_id = stack.create("NetworkAclEntry", "Entry", entry("allow")).await;
    stack.update("NetworkAclEntry", "Entry", &entry_id, entry("allow"), entry("deny")).await;
    let association = document!({ "NetworkAclId": (acl.as_str()), "SubnetId": (subnet.as_str()) });
    let associated = stack.create("SubnetNetworkAclAssociation", "AclAssociation", association.clone()).await;
    let describe = DescribeNetworkAcls { network_acl_ids: Some(vec![acl.clone()]), ..Default::default() };
    let described = ok(&root, describe).await.network_acls.unwrap().remove(0);
    assert_eq!(described.associations.unwrap()[0].network_acl_association_id.as_ref(), Some(&associated));
    assert!(
        described
            .entries
            .unwrap()
            .iter()
            .any(|entry| entry.rule_number == Some(100) && entry.rule_action == Some(RuleAction::Deny))
    );
    stack.delete("SubnetNetworkAclAssociation", "AclAssociation", &associated, association).await;
    stack.delete("NetworkAclEntry", "Entry", &entry_id, entry("deny")).await;
    stack.delete("NetworkAcl", "Acl", &acl, document!({})).await;

    let options = stack
        .create(
            "DHCPOptions",
            "Options",
            document!({ "DomainName": "corp.example", "NtpServers": ["10.0.0.9"] }),
        )
        .await;
    let association = document!({ "DhcpOptionsId": (options.as_str()), "VpcId": (vpc.as_str()) });
    let associated =
        stack.create("VPCDHCPOptionsAssociation", "OptionsAssociation", association.clone()).await;
    stack.delete("VPCDHCPOptionsAssociation", "OptionsAssociation", &associated, association).await;
    stack.delete("DHCPOptions", "Options", &options, document!({})).await;

    let list = |size: i32, entries: Document| {
        document!({
            "PrefixListName": "offices", "AddressFamily": "IPv4", "MaxEntries": size, "Entries": entries
        })
    };
    let old = list(1, document!([{ "Cidr": "10.0.0.0/8" }]));
    let id = stack.create("PrefixList", "List", old.clone()).await;
    let new = list(2, document!([{ "Cidr": "11.0.0.0/8", "Description": "b" }, { "Cidr": "12.0.0.0/8" }]));
    stack.update("PrefixList", "List", &id, old, new).await;
    let entries = GetManagedPrefixListEntries { prefix_list_id: id.clone(), ..Default::default() };
    let entries = ok(&root, entries).await.entries.unwrap();
    let blocks: Vec<_> = entries.iter().map(|entry| entry.cidr.as_deref().unwrap()).collect();
    assert_eq!(blocks, ["11.0.0.0/8", "12.0.0.0/8"]);
    stack.delete("PrefixList", "List", &id, document!({})).await;

    let interface = |check: bool| {
        document!({
            "SubnetId": (subnet.as_str()), "PrivateIpAddress": "10.0.1.20", "SourceDestCheck": check, "Description": "eni"
        })
    };
    let created = stack.create_as("NetworkInterface", "Eni", "TOKENTOKEN12", interface(false)).await.unwrap();
    assert_eq!(created.attributes["PrimaryPrivateIpAddress"], Document::from("10.0.1.20"));
    stack.update("NetworkInterface", "Eni", &created.physical_id, interface(false), interface(true)).await;
    let describe = DescribeNetworkInterfaces {
        network_interface_ids: Some(vec![created.physical_id.clone()]),
        ..Default::default()
    };
    assert_eq!(ok(&root, describe).await.network_interfaces.unwrap()[0].source_dest_check, Some(true));
    stack.delete("NetworkInterface", "Eni", &created.physical_id, document!({})).await;
}

#[tokio::test]
async fn a_stack_may_do_what_its_principal_may() {
    let cloud = cloud();
    let user = cloud.user("deployer", &[]);
    let stack = Stack::of(&cloud, user.principal().clone());
    let failure = stack
        .create_as("VPC", "Vpc", "TOKENTOKEN12", document!({ "CidrBlock": "10.0.0.0/16" }))
        .await
        .unwrap_err();
    assert_eq!(
        (failure.code.as_str(), failure.service_code.as_deref()),
        ("AccessDenied", Some("UnauthorizedOperation"))
    );
    // CloudFormation's own tags need no permission to tag; the template's do.
    let policy = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["ec2:CreateVpc","ec2:Describe*"],"Resource":"*"}]}"#;
    let able = cloud.user("able", &[policy]);
    let stack = Stack::of(&cloud, able.principal().clone());
    stack.create("VPC", "Vpc", document!({ "CidrBlock": "10.0.0.0/16" })).await;
    let tagged = document!({ "CidrBlock": "10.1.0.0/16", "Tags": [{ "Key": "a", "Value": "b" }] });
    let failure = stack.create_as("VPC", "Tagged", "TOKENTOKEN12", tagged).await.unwrap_err();
    assert!(failure.reason.contains("ec2:CreateTags"), "{failure}");
}

#[tokio::test]
async fn what_is_wrong_with_a_rule_is_said_before_anything_is_made() {
    let cloud = cloud();
    let root = cloud.root();
    let stack = Stack::new(&cloud);
    let bad = document!({
        "GroupDescription": "x", "SecurityGroupIngress": [{ "IpProtocol": "tcp", "CidrIp": "0.0.0.0/0", "Colour": "red" }]
    });
    let failure = stack.create_as("SecurityGroup", "Group", "TOKENTOKEN12", bad).await.unwrap_err();
    assert_eq!(failure.code, "InvalidRequest");
    assert!(failure.reason.contains("extraneous key [Colour] is not permitted"), "{failure}");
    assert_eq!(ok(&root, DescribeSecurityGroups::default()).await.security_groups.unwrap().len(), 1);
}
