//! Templates of the kind that courses use, whole.

use super::*;

const REMEDIATION: &str = r#"AWSTemplateFormatVersion: 2010-09-09
Description: A network, a guard function and its notifications.
Metadata:
  AWS::CloudFormation::Interface:
    ParameterGroups:
      - Label: {default: Who is told}
        Parameters: [Mail]
Parameters:
  Mail:
    Type: String
    Description: Where notifications go
    AllowedPattern: '^[\w.+-]+@[\w-]+\.[\w.-]+$'
    ConstraintDescription: must be a mail address.
  Cidr:
    Type: String
    Default: 10.7.0.0/16
    AllowedPattern: '(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})/(\d{1,2})'
Resources:
  Network:
    Type: AWS::EC2::VPC
    Properties:
      CidrBlock: !Ref Cidr
      EnableDnsHostnames: true
      Tags: [{Key: Name, Value: !Sub '${AWS::StackName}-network'}]
  Gateway: {Type: AWS::EC2::InternetGateway}
  Attachment:
    Type: AWS::EC2::VPCGatewayAttachment
    Properties: {VpcId: !Ref Network, InternetGatewayId: !Ref Gateway}
  Subnet:
    Type: AWS::EC2::Subnet
    Properties:
      VpcId: !Ref Network
      CidrBlock: !Select [0, !Cidr [!GetAtt Network.CidrBlock, 4, 8]]
      AvailabilityZone: !Select [0, !GetAZs '']
  Routes: {Type: AWS::EC2::RouteTable, Properties: {VpcId: !Ref Network}}
  Out:
    Type: AWS::EC2::Route
    DependsOn: Attachment
    Properties: {RouteTableId: !Ref Routes, DestinationCidrBlock: 0.0.0.0/0, GatewayId: !Ref Gateway}
  Association:
    Type: AWS::EC2::SubnetRouteTableAssociation
    Properties: {SubnetId: !Ref Subnet, RouteTableId: !Ref Routes}
  Web:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: web
      VpcId: !Ref Network
      SecurityGroupIngress:
        - {IpProtocol: tcp, FromPort: 80, ToPort: 80, CidrIp: 0.0.0.0/0}
        - {IpProtocol: tcp, FromPort: '443', ToPort: 443, CidrIp: 0.0.0.0/0}
  GuardRole:
    Type: AWS::IAM::Role
    Properties:
      RoleName: lab-guard
      AssumeRolePolicyDocument:
        Version: 2012-10-17
        Statement: [{Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: sts:AssumeRole}]
      ManagedPolicyArns: [!Sub 'arn:${AWS::Partition}:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole']
      Policies:
        - PolicyName: revoke
          PolicyDocument:
            Version: '2012-10-17'
            Statement: [{Effect: Allow, Action: 'ec2:*', Resource: '*', Condition: {StringEquals: {'aws:RequestedRegion': !Ref AWS::Region}}}]
  Guard:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.12
      Handler: index.handler
      Timeout: 300
      Role: !GetAtt GuardRole.Arn
      Code:
        ZipFile: |
          import json

          def handler(event, context):
              # a comment: with a colon
              print(f"{json.dumps(event)}")
  GuardPermission:
    Type: AWS::Lambda::Permission
    Properties:
      FunctionName: !GetAtt Guard.Arn
      Action: lambda:InvokeFunction
      Principal: config.amazonaws.com
      SourceAccount: !Ref 'AWS::AccountId'
  Topic: {Type: AWS::SNS::Topic}
  Subscription:
    Type: AWS::SNS::Subscription
    Properties:
      TopicArn: !Ref Topic
      Protocol: email
      Endpoint: !Ref Mail
      FilterPolicyScope: MessageBody
      FilterPolicy: {messageType: [ComplianceChangeNotification]}
Outputs:
  NetworkId: {Value: !Ref Network, Export: {Name: !Sub '${AWS::StackName}-NetworkId'}}
  GuardArn: {Value: !GetAtt Guard.Arn, Description: the guard}
"#;

#[test]
fn remediation() {
    let template = parse(REMEDIATION);
    assert_eq!(
        template.require_capabilities(&["CAPABILITY_IAM"]).unwrap_err().to_string(),
        "Requires capabilities : [CAPABILITY_NAMED_IAM]"
    );
    assert_eq!(
        template.parameter_values(&given(&[("Mail", "nobody")])).unwrap_err().to_string(),
        "Parameter Mail failed to satisfy constraint: must be a mail address."
    );
    let plan = plan(REMEDIATION, &[("Mail", "ann@example.com")]).unwrap();
    let order: Vec<&str> = plan.graph().order().collect();
    let position = |name: &str| order.iter().position(|one| *one == name).unwrap();
    for (first, then) in [
        ("Network", "Subnet"),
        ("Attachment", "Out"),
        ("GuardRole", "Guard"),
        ("Guard", "GuardPermission"),
        ("Topic", "Subscription"),
    ] {
        assert!(position(first) < position(then), "{first} before {then}: {order:?}");
    }
    assert_eq!(
        plan.graph().ready(&|_| false, &|_| false).collect::<Vec<_>>(),
        ["Network", "Gateway", "GuardRole", "Topic"]
    );
    let web = plan.properties("Web", &Everything).unwrap();
    assert_eq!(
        web.get("SecurityGroupIngress").unwrap().to_string(),
        r#"[{"IpProtocol":"tcp","FromPort":80,"ToPort":80,"CidrIp":"0.0.0.0/0"},{"IpProtocol":"tcp","FromPort":"443","ToPort":443,"CidrIp":"0.0.0.0/0"}]"#
    );
    let code = plan.properties("Guard", &Everything).unwrap();
    assert_eq!(
        code.at(&["Code", "ZipFile"]).and_then(Document::as_str),
        Some(
            "import json\n\ndef handler(event, context):\n    # a comment: with a colon\n    print(f\"{json.dumps(event)}\")\n"
        )
    );
    let role = plan.properties("GuardRole", &Everything).unwrap();
    assert_eq!(role.at(&["AssumeRolePolicyDocument", "Version"]), Some(&"2012-10-17".into()));
    assert_eq!(
        role.get("ManagedPolicyArns").unwrap().to_string(),
        r#"["arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"]"#
    );
    let outputs = plan.outputs(&Everything).unwrap();
    assert_eq!(outputs[0].export.as_deref(), Some("lab-NetworkId"));
    assert_eq!(outputs[1].value, "Guard.Arn");
}

/// A stack as it is while it is created: only some resources are there.
struct Begun(Vec<&'static str>);

impl Live for Begun {
    fn reference(&self, logical_id: &str) -> Option<Document> {
        self.0.contains(&logical_id).then(|| format!("id-{logical_id}").into())
    }

    fn attribute(&self, logical_id: &str, attribute: &str) -> Option<Document> {
        match (self.0.contains(&logical_id), attribute) {
            (true, "CidrBlock") => Some("10.7.0.0/16".into()),
            (true, _) => Some(format!("{logical_id}.{attribute}").into()),
            (false, _) => None,
        }
    }

    fn import(&self, _: &str) -> Option<String> {
        None
    }

    fn availability_zones(&self, region: &str) -> Vec<String> {
        vec![format!("{region}a")]
    }
}

#[test]
fn a_stack_that_grows() {
    let plan = plan(REMEDIATION, &[("Mail", "ann@example.com")]).unwrap();
    assert_eq!(
        plan.properties("Subnet", &Begun(vec![])).unwrap_err().to_string(),
        "Template format error: Unresolved resource dependencies [Network] in the Resources block of the template"
    );
    assert_eq!(
        plan.properties("Subnet", &Begun(vec!["Network"])).unwrap().to_string(),
        r#"{"VpcId":"id-Network","CidrBlock":"10.7.0.0/24","AvailabilityZone":"us-east-1a"}"#
    );
    // All there is can be made by taking what is ready, and be deleted the other way round.
    for graph in [plan.graph().clone(), plan.graph().reversed()] {
        let mut done: Vec<String> = Vec::new();
        while done.len() < plan.resources().count() {
            let is_done = |name: &str| done.iter().any(|one| one == name);
            let next: Vec<String> = graph.ready(&is_done, &is_done).map(ToOwned::to_owned).collect();
            assert!(!next.is_empty());
            done.extend(next);
        }
    }
}

#[test]
fn pipeline_in_json() {
    let text = r#"{
  "AWSTemplateFormatVersion": "2010-09-09",
  "Parameters": {"BucketName": {"Type": "String", "MinLength": 3, "MaxLength": "63"}},
  "Resources": {
    "Files": {
      "Type": "AWS::S3::Bucket",
      "DependsOn": ["QueuePolicy"],
      "DeletionPolicy": "Retain",
      "Properties": {
        "BucketName": {"Ref": "BucketName"},
        "NotificationConfiguration": {
          "QueueConfigurations": [{"Event": "s3:ObjectCreated:*", "Queue": {"Fn::GetAtt": ["Queue", "Arn"]}}]
        }
      }
    },
    "Queue": {"Type": "AWS::SQS::Queue"},
    "QueuePolicy": {
      "Type": "AWS::SQS::QueuePolicy",
      "Properties": {
        "Queues": [{"Ref": "Queue"}],
        "PolicyDocument": {
          "Statement": [{
            "Effect": "Allow", "Principal": {"Service": "s3.amazonaws.com"}, "Action": "SQS:SendMessage",
            "Resource": {"Fn::GetAtt": ["Queue", "Arn"]},
            "Condition": {
              "ArnLike": {"aws:SourceArn": {"Fn::Join": ["", ["arn:aws:s3:::", {"Ref": "BucketName"}]]}},
              "StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}
            }
          }]
        }
      }
    },
    "Configure": {"Type": "Custom::Configure", "Version": "1.0", "Properties": {"ServiceToken": {"Fn::GetAtt": ["Queue", "Arn"]}}}
  }
}"#;
    let template = Arc::new(parse(text));
    let values = template.parameter_values(&given(&[("BucketName", "file-pipeline")])).unwrap();
    let plan = Plan::new(template, values, pseudo()).unwrap();
    assert_eq!(plan.graph().order().collect::<Vec<_>>(), ["Queue", "QueuePolicy", "Configure", "Files"]);
    let policy = plan.properties("QueuePolicy", &Everything).unwrap();
    assert!(
        policy
            .to_string()
            .contains(r#""Condition":{"ArnLike":{"aws:SourceArn":"arn:aws:s3:::file-pipeline"}"#),
        "{policy}"
    );
}
