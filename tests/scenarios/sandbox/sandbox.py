"""What a hostile function can reach through the real server: nothing but what its role may."""

import io
import json
import socket
import threading
import zipfile

from clients import Clients
from cloud import Cloud

CODE = '''
import os, socket, urllib.request, urllib.error, boto3

def attempt(what):
    try:
        return "reached: " + str(what())[:200]
    except Exception as error:
        return f"refused: {type(error).__name__}: {error}"

def page(path, method="GET"):
    request = urllib.request.Request(os.environ["AWS_ENDPOINT_URL"] + path, method=method)
    return urllib.request.urlopen(request, timeout=3).read().decode()

def connect(port):
    with socket.create_connection(("127.0.0.1", port), timeout=2) as found:
        return found.getpeername()

def handler(event, context):
    root = dict(aws_access_key_id="test", aws_secret_access_key="test", aws_session_token=None)
    return {
        "identity": attempt(lambda: boto3.client("sts").get_caller_identity()["Arn"]),
        "as root": attempt(lambda: boto3.Session(aws_access_key_id="test", aws_secret_access_key="test").client("iam").create_user(UserName="intruder")),
        "as itself": attempt(lambda: boto3.client("iam").create_user(UserName="intruder")),
        "mail": attempt(lambda: page("/_cloudchamber/mail")),
        "reset": attempt(lambda: page("/_cloudchamber/reset", "POST")),
        "other port": attempt(lambda: connect(event["port"])),
        "outside": attempt(lambda: socket.create_connection(("10.255.255.1", 80), timeout=2)),
        "shadow": attempt(lambda: open("/etc/shadow").read()),
        "data": attempt(lambda: os.listdir(event["data"])),
        "processes": attempt(lambda: [p for p in os.listdir("/proc") if p.isdigit() and b"cloudchamber" in open(f"/proc/{p}/cmdline", "rb").read()] or 1 / 0),
        "write code": attempt(lambda: open("/var/task/x", "w")),
    }
'''


def main():
    with Cloud("--ephemeral") as cloud:
        root = Clients(cloud.endpoint)
        trust = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}]}
        role = root.call("iam", "CreateRole", RoleName="hostile", AssumeRolePolicyDocument=json.dumps(trust))["Role"]["Arn"]
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            archive.writestr("index.py", CODE)
        root.call(
            "lambda", "CreateFunction", FunctionName="hostile", Runtime="python3.12", Role=role, Handler="index.handler",
            Timeout=60, MemorySize=256, Code={"ZipFile": packed.getvalue()},
        )
        with socket.create_server(("127.0.0.1", 0)) as other:
            threading.Thread(target=lambda: other.accept(), daemon=True).start()
            event = {"port": other.getsockname()[1], "data": str(cloud.data_dir.parent)}
            answer = root.call("lambda", "Invoke", FunctionName="hostile", Payload=json.dumps(event).encode())
        told = json.loads(answer["Payload"])
        assert "FunctionError" not in answer, told
        assert told.pop("identity").endswith(":assumed-role/hostile/hostile"), told
        assert "AccessDenied" in told["as itself"], told
        for what, outcome in told.items():
            assert outcome.startswith("refused"), (what, outcome)
        assert root.call("iam", "ListUsers")["Users"] == []


if __name__ == "__main__":
    main()
