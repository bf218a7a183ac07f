"""The same lab with what goes wrong in practice, and what is then to be seen."""

import json

from clients import Clients
from cloud import Cloud, until
from lab import RULE, Lab


def main():
    for fault in (broken_function, slow_function, missing_permission, stopped_recorder, refusing_bucket):
        with Cloud("--ephemeral", name=fault.__name__) as cloud:
            fault(Lab(cloud, Clients(cloud.endpoint)))


def failed(lab):
    status = until("the rule's status tells of the failure", lambda: lab.status() if lab.status().get("LastErrorMessage") else None, 60)
    assert "LastFailedInvocationTime" in status or "LastFailedEvaluationTime" in status, status
    return status


def broken_function(lab):
    lab.create_stack(HandlerName="index.crash")
    lab.record()
    lab.put_rule()
    failed(lab)
    until("the log shows the error", lambda: [line for line in lab.log_lines() if "this function is broken" in line])
    assert lab.results() == {} and lab.open_ports() == [(80, 1, 0)]


def slow_function(lab):
    lab.create_stack(HandlerName="index.hang", FunctionTimeout="1")
    lab.record()
    lab.put_rule()
    failed(lab)
    until("the log shows the timeout", lambda: [line for line in lab.log_lines() if "Task timed out after 1.00 seconds" in line])
    assert lab.results() == {}


def missing_permission(lab):
    lab.create_stack()
    policy = lab.call("iam", "GetRolePolicy", RoleName="remediation-ann1", PolicyName="keep-groups-closed")["PolicyDocument"]
    text = json.dumps(policy).replace("ec2:RevokeSecurityGroupIngress", "ec2:DescribeVpcs")
    lab.call("iam", "PutRolePolicy", RoleName="remediation-ann1", PolicyName="keep-groups-closed", PolicyDocument=text)
    lab.record()
    lab.put_rule()
    failed(lab)
    function = lab.outputs["FunctionArn"].rsplit(":", 1)[1]
    sentence = (
        f"User: arn:aws:sts::{lab.account}:assumed-role/remediation-ann1/{function} is not authorized to perform: "
        "ec2:RevokeSecurityGroupIngress on resource: arn:aws:ec2:us-east-1:"
    )
    lines = until("the log shows the denial", lambda: [line for line in lab.log_lines() if "UnauthorizedOperation" in line])
    assert sentence in lines[0], lines[0]
    assert "because no identity-based policy allows the ec2:RevokeSecurityGroupIngress action" in lines[0], lines[0]
    assert lab.open_ports() == [(80, 1, 0)]
    # Repaired, the rule does its work.
    text = text.replace("ec2:DescribeVpcs", "ec2:RevokeSecurityGroupIngress")
    lab.call("iam", "PutRolePolicy", RoleName="remediation-ann1", PolicyName="keep-groups-closed", PolicyDocument=text)
    lab.incident(ports=(22,))
    until("the incident is remediated", lambda: lab.open_ports() == lab.CLOSED)


def stopped_recorder(lab):
    lab.create_stack()
    lab.record()
    until("the groups are recorded", lambda: len(lab.inventory()) == 3)
    lab.call("config", "StopConfigurationRecorder", ConfigurationRecorderName="default")
    items = len(lab.history())
    lab.incident(ports=(22,))
    import time

    time.sleep(1)
    assert len(lab.history()) == items
    lab.call("config", "StartConfigurationRecorder", ConfigurationRecorderName="default")
    until("what changed meanwhile is recorded on starting", lambda: len(lab.history()) == items + 1)


def refusing_bucket(lab):
    lab.create_stack()
    lab.record()
    until("the groups are recorded", lambda: len(lab.inventory()) == 3)
    deny = {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Deny", "Principal": "*", "Action": "s3:PutObject", "Resource": f"arn:aws:s3:::{lab.bucket}/*"}],
    }
    lab.call("s3", "PutBucketPolicy", Bucket=lab.bucket, Policy=json.dumps(deny))
    lab.call("config", "DeliverConfigSnapshot", deliveryChannelName="default")

    def delivery():
        status = lab.call("config", "DescribeDeliveryChannelStatus")["DeliveryChannelsStatus"][0]
        return status.get("configSnapshotDeliveryInfo", {})

    told = until("the channel's status tells of the refusal", lambda: delivery() if delivery().get("lastStatus", "").upper() == "FAILURE" else None, 60)
    assert told["lastErrorCode"] == "AccessDenied", told
    assert lab.objects("ConfigSnapshot/") == []
    other = {"name": "default", "s3BucketName": lab.bucket, "s3KeyPrefix": "elsewhere"}
    refused = lab.clients.refused("config", "PutDeliveryChannel", DeliveryChannel=other)
    assert refused.code == "InsufficientDeliveryPolicyException", refused
    channels = lab.call("config", "DescribeDeliveryChannels")["DeliveryChannels"]
    assert "s3KeyPrefix" not in channels[0], "a refused change changes nothing"


if __name__ == "__main__":
    main()
