"""Answers a CloudFormation custom resource.

`send` puts a JSON document to the presigned address in the event's `ResponseURL`, as
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref-responses.html describes it.
"""

import json
import urllib.error
import urllib.request

SUCCESS = "SUCCESS"
FAILED = "FAILED"


def send(event, context, responseStatus, responseData, physicalResourceId=None, noEcho=False, reason=None):
    """Tells CloudFormation how the request ended; a failure to do so is printed, not raised."""
    stream = context.log_stream_name
    answer = {
        "Status": responseStatus,
        "Reason": reason or "See the details in CloudWatch Log Stream: {}".format(stream),
        "PhysicalResourceId": physicalResourceId or stream,
        "StackId": event["StackId"],
        "RequestId": event["RequestId"],
        "LogicalResourceId": event["LogicalResourceId"],
        "NoEcho": noEcho,
        "Data": responseData,
    }
    body = json.dumps(answer).encode("utf-8")
    # The address is signed without a content type, so none may be sent: urllib would add one of its own.
    request = urllib.request.Request(event["ResponseURL"], data=body, method="PUT", headers={"Content-Type": ""})
    print("Response body:")
    print(json.dumps(answer))
    try:
        with urllib.request.urlopen(request) as response:
            print("Status code:", response.status)
    except urllib.error.HTTPError as error:
        print("Status code:", error.code)
    except Exception as error:
        print("send(..) failed executing http.request(..):", error)
