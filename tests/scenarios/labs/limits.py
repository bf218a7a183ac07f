"""A class's limits over a socket, and what becomes of a closed account: its rows and functions go, after kill -9 too."""

import concurrent.futures
import csv
import glob
import io
import json
import os
import pathlib
import re
import subprocess
import threading
import time
import urllib.request
import zipfile

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from botocore.exceptions import ClientError
from clients import Clients
from cloud import Cloud, until

SCRATCH = pathlib.Path(os.environ["CLOUDCHAMBER_SCRATCH"])
LAB = "remediate-with-config"
ASSUMED = json.dumps({"Statement": [{"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}]})
SLOW = """
import time
def handler(event, context):
    time.sleep(event.get("seconds", 0))
    return "done"
"""


class Class:
    def __init__(self, cloud):
        self.cloud = cloud

    def run(self, *arguments):
        command = [os.environ["CLOUDCHAMBER_BIN"], *arguments, "--endpoint", self.cloud.endpoint, "--data-dir", str(self.cloud.data_dir)]
        done = subprocess.run(command, capture_output=True, text=True)
        assert done.returncode == 0, (command, done.stderr)
        return done.stdout

    def create(self, name, students, *limits):
        """A client for each student."""
        roster, sheet = SCRATCH / f"{name}.csv", SCRATCH / f"{name}-{time.monotonic_ns()}.csv"
        roster.write_text("student\n" + "\n".join(students) + "\n")
        self.run("lab", "class", "create", LAB, "--class", name, "--roster", str(roster), "--credentials", str(sheet), *limits)
        rows = csv.DictReader(io.StringIO(sheet.read_text()))
        return [(Clients(self.cloud.endpoint, key=row["access key id"], secret=row["secret access key"]), row["account"]) for row in rows]

    def results(self, name):
        told = json.loads(self.run("lab", "class", "results", LAB, "--class", name, "--json"))
        return told, {student["student"]: student["usage"] for student in told["students"]}


def main():
    with Cloud() as cloud:
        teacher = Class(cloud)
        requests(teacher)
        storage(teacher)
        functions(teacher)
        removal(teacher)


def codes(call, times):
    """What so many calls at once are answered."""
    def one(_):
        try:
            call()
            return "allowed"
        except ClientError as error:
            return error.response["Error"]["Code"]
    with concurrent.futures.ThreadPoolExecutor(16) as threads:
        return list(threads.map(one, range(times)))


def requests(teacher):
    [(ann, _), (bo, _)] = teacher.create("fast", ["ann", "bo"], "--requests-per-second", "5")
    for service, call, code in [
        ("sts", lambda: ann.client("sts").get_caller_identity(), "Throttling"),
        ("s3", lambda: ann.client("s3").list_buckets(), "SlowDown"),
        ("ec2", lambda: ann.client("ec2").describe_vpcs(), "RequestLimitExceeded"),
        ("lambda", lambda: ann.client("lambda").list_functions(), "TooManyRequestsException"),
        ("dynamodb", lambda: ann.client("dynamodb").list_tables(), "ThrottlingException"),
        ("logs", lambda: ann.client("logs").describe_log_groups(), "ThrottlingException"),
    ]:
        ann.client(service)
        told = codes(call, 60)
        assert code in told and set(told) <= {"allowed", code}, (service, set(told))
    bo.call("sts", "GetCallerIdentity")
    # The teacher has no limit.
    root = Clients(teacher.cloud.endpoint)
    root.client("sts")
    assert set(codes(lambda: root.client("sts").get_caller_identity(), 100)) == {"allowed"}
    told, used = teacher.results("fast")
    assert told["limits"] == {"requestsPerSecond": 5, "storageBytes": 500 << 20, "concurrency": 10, "resetsPerDay": 10}, told["limits"]
    assert used["ann"]["throttled"] > 100 and used["bo"]["throttled"] == 0 and used["bo"]["requests"] == 1, used
    text = teacher.run("lab", "class", "results", LAB, "--class", "fast")
    assert "Each: 5 requests a second, 500.0 MiB stored, 10 executions at once, 10 resets in 24 hours" in text, text
    # Unlimited from now on.
    teacher.create("fast", ["ann", "bo"], "--requests-per-second", "unlimited")
    assert set(codes(lambda: ann.client("sts").get_caller_identity(), 60)) == {"allowed"}


def storage(teacher):
    [(ann, account)] = teacher.create("small", ["cy"], "--storage", "2MiB", "--requests-per-second", "unlimited")
    ann.call("s3", "CreateBucket", Bucket="cy-bucket")
    body = os.urandom(900 * 1024)
    for key in ("a", "b"):
        ann.call("s3", "PutObject", Bucket="cy-bucket", Key=key, Body=body)
    error = ann.refused("s3", "PutObject", Bucket="cy-bucket", Key="c", Body=body)
    assert error.code == "ServiceQuotaExceededException", error
    said = str(error)
    assert f"The account {account} stores 1.7 MiB and may store 2.0 MiB; this needs up to 900.0 KiB more. Most is in bodies (1.7 MiB), " in said, said
    assert said.endswith("Delete what you do not need (objects, items, messages, log groups, functions): reading and deleting go on."), said
    # What fits is taken, and reading and deleting go on.
    ann.call("s3", "PutObject", Bucket="cy-bucket", Key="small", Body=b"x")
    assert len(ann.call("s3", "ListObjectsV2", Bucket="cy-bucket")["Contents"]) == 3
    ann.call("s3", "DeleteObject", Bucket="cy-bucket", Key="a")
    until("there is room again", lambda: stored(ann, body))
    # Rows count as bodies do.
    ann.call("sqs", "CreateQueue", QueueName="cy-queue")
    url = ann.call("sqs", "GetQueueUrl", QueueName="cy-queue")["QueueUrl"]
    message = "x" * 200_000
    told = codes(lambda: ann.client("sqs").send_message(QueueUrl=url, MessageBody=message), 12)
    assert "ServiceQuotaExceededException" in told and "allowed" in told, told
    ann.call("sqs", "PurgeQueue", QueueUrl=url)
    _, used = teacher.results("small")
    assert used["cy"]["storageBytes"] > 900_000, used


def stored(clients, body):
    try:
        clients.client("s3").put_object(Bucket="cy-bucket", Key="c", Body=body)
        return True
    except ClientError:
        return False


def make_function(clients, name="slow", timeout=60):
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as package:
        package.writestr("index.py", SLOW)
    clients.call("iam", "CreateRole", RoleName="worker", AssumeRolePolicyDocument=ASSUMED)
    role = clients.call("iam", "GetRole", RoleName="worker")["Role"]["Arn"]
    clients.call("iam", "AttachRolePolicy", RoleName="worker", PolicyArn="arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole")
    clients.call(
        "lambda", "CreateFunction", FunctionName=name, Runtime="python3.12", Role=role, Handler="index.handler",
        Code={"ZipFile": archive.getvalue()}, Timeout=timeout,
    )


def invoke(clients, seconds):
    client = clients.client("lambda")
    return client.invoke(FunctionName="slow", Payload=json.dumps({"seconds": seconds}))["Payload"].read()


def functions(teacher):
    [(dan, _)] = teacher.create("busy", ["dan"], "--concurrency", "2")
    make_function(dan)
    assert dan.call("lambda", "GetAccountSettings")["AccountLimit"]["ConcurrentExecutions"] == 2
    told = codes(lambda: invoke(dan, 2), 6)
    assert told.count("allowed") == 2 and told.count("TooManyRequestsException") == 4, told
    _, used = teacher.results("busy")
    assert used["dan"]["mostRunning"] == 2 and used["dan"]["running"] == 0, used


def sandboxes():
    """Processes of functions that run the script of this test."""
    found = []
    for path in glob.glob("/proc/[0-9]*/environ"):
        try:
            environment = pathlib.Path(path).read_bytes()
        except OSError:
            continue
        if b"AWS_LAMBDA_FUNCTION_NAME=slow\0" in environment:
            found.append(path)
    return found


def close(cloud, account):
    """As `cloudchamber account close`, without the time that a program takes to end."""
    url = f"{cloud.endpoint}/_cloudchamber/accounts/{account}"
    request = AWSRequest(method="DELETE", url=url)
    SigV4Auth(Credentials("test", "test"), "sts", "us-east-1").add_auth(request)
    with urllib.request.urlopen(urllib.request.Request(url, method="DELETE", headers=dict(request.headers))) as answer:
        assert json.loads(answer.read())["CloseDate"]


def gone(cloud, account):
    """How many entries a removal that has ended removed."""
    return re.findall(rf'what was in a closed account is gone account="{account}" removed=(\d+)', cloud.log.read_text())


def removal(teacher):
    cloud = teacher.cloud
    [(eve, account)] = teacher.create("gone", ["eve"], "--requests-per-second", "unlimited", "--concurrency", "5")
    make_function(eve, timeout=120)
    eve.call("s3", "CreateBucket", Bucket="eve-bucket")
    eve.call("dynamodb", "CreateTable", TableName="many", KeySchema=[{"AttributeName": "k", "KeyType": "HASH"}],
             AttributeDefinitions=[{"AttributeName": "k", "AttributeType": "S"}], BillingMode="PAY_PER_REQUEST")
    client = eve.client("dynamodb")

    def fill(batch):
        items = [{"PutRequest": {"Item": {"k": {"S": f"{batch}-{n}"}, "v": {"S": "x" * 300}}}} for n in range(25)]
        client.batch_write_item(RequestItems={"many": items})

    with concurrent.futures.ThreadPoolExecutor(8) as threads:
        list(threads.map(fill, range(800)))
    queue = eve.call("sqs", "CreateQueue", QueueName="eve-queue")["QueueUrl"]
    source = eve.call("sqs", "GetQueueAttributes", QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    eve.call("iam", "AttachRolePolicy", RoleName="worker", PolicyArn="arn:aws:iam::aws:policy/AmazonSQSFullAccess")
    eve.call("sqs", "SetQueueAttributes", QueueUrl=queue, Attributes={"VisibilityTimeout": "120"})
    eve.call("lambda", "CreateEventSourceMapping", FunctionName="slow", EventSourceArn=source)
    # One environment waits, one is at work, and somebody goes on writing.
    invoke(eve, 0)
    running = threading.Thread(target=lambda: codes(lambda: invoke(eve, 100), 1), daemon=True)
    running.start()
    until("the function runs", lambda: len(sandboxes()) >= 1 and teacher.results("gone")[1]["eve"]["running"] == 1)
    ended = threading.Event()
    writers = [threading.Thread(target=write, args=(eve, number, ended), daemon=True) for number in range(3)]
    for writer in writers:
        writer.start()
    close(cloud, account)
    # In the middle of the removal, which takes some twenty commits.
    time.sleep(0.02)
    cloud.kill()
    assert gone(cloud, account) == [], "the removal was done before the server was killed"
    ended.set()
    for writer in writers:
        writer.join()
    until("no sandbox is left", lambda: not sandboxes())
    cloud.start()
    assert eve.refused("sts", "GetCallerIdentity").code == "InvalidClientTokenId"
    removed = until("the account is empty", lambda: gone(cloud, account), 60)
    print(f"after the crash {removed[0]} entries were left to be removed")
    # The bucket's name is free for others, and the account's number is not.
    root = Clients(cloud.endpoint)
    root.call("s3", "CreateBucket", Bucket="eve-bucket")
    listed = json.loads(teacher.run("account", "list"))["Accounts"]
    assert [it for it in listed if it["AccountId"] == account][0]["CloseDate"], listed
    taken = subprocess.run(
        [os.environ["CLOUDCHAMBER_BIN"], "account", "create", "--id", account, "--endpoint", cloud.endpoint, "--data-dir", str(cloud.data_dir)],
        capture_output=True, text=True,
    )
    assert taken.returncode != 0 and "EntityAlreadyExists" in taken.stderr, taken
    # The same without a crash: what waits and what runs ends at once.
    [(flo, account)] = teacher.create("late", ["flo"], "--requests-per-second", "unlimited")
    make_function(flo, timeout=120)
    invoke(flo, 0)
    running = threading.Thread(target=lambda: codes(lambda: invoke(flo, 100), 1), daemon=True)
    running.start()
    until("the function runs", lambda: teacher.results("late")[1]["flo"]["running"] == 1)
    assert sandboxes()
    teacher.run("account", "close", account, "--yes")
    until("no sandbox is left", lambda: not sandboxes(), 10)
    running.join(10)
    assert not running.is_alive(), "who waits for the answer is told"
    assert "error" not in [line.split()[1].lower() for line in cloud.log.read_text().splitlines() if line[:2] == "20" and len(line.split()) > 1], cloud.log.read_text()[-3000:]


def write(clients, number, ended):
    count = 0
    while not ended.is_set():
        count += 1
        try:
            clients.client("s3").put_object(Bucket="eve-bucket", Key=f"{number}-{count}", Body=b"x")
        except Exception:
            if ended.wait(0.01):
                return


if __name__ == "__main__":
    main()
