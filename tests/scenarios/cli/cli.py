"""The command line: what it prints, and what it says when something is wrong."""

import json
import os
import subprocess
import sys

from clients import Clients
from cloud import Cloud

BINARY = os.environ["CLOUDCHAMBER_BIN"]


def run(*arguments, status=0):
    done = subprocess.run([BINARY, *arguments], capture_output=True, text=True, timeout=30)
    assert done.returncode == status, (arguments, done)
    return done.stdout if status == 0 else done.stderr


def main():
    assert run("version").strip().count(".") == 2
    with Cloud() as cloud:
        same = ["--endpoint", cloud.endpoint, "--data-dir", str(cloud.data_dir)]
        exports = dict(line.removeprefix("export ").split("=", 1) for line in run("env", *same).splitlines())
        assert exports["AWS_ENDPOINT_URL"] == f"'{cloud.endpoint}'" and exports["AWS_ACCESS_KEY_ID"] == "'test'", exports
        assert json.loads(run("status", *same))["status"] == "running"

        made = json.loads(run("account", "create", "--name", "second", *same))
        assert len(made["AccountId"]) == 12 and made["AccountId"] != "000000000000", made
        assert made["AccountId"] in run("account", "list", *same)
        second = Clients(cloud.endpoint, key=made["AccessKeyId"], secret=made["SecretAccessKey"])
        assert second.call("sts", "GetCallerIdentity")["Account"] == made["AccountId"]
        # Accounts do not see each other.
        Clients(cloud.endpoint).call("iam", "CreateUser", UserName="of-the-first")
        assert second.call("iam", "ListUsers")["Users"] == []
        assert len(second.call("ec2", "DescribeVpcs")["Vpcs"]) == 1, "each has its own default VPC"

        locked = run("up", "--port", "0", "--data-dir", str(cloud.data_dir), status=1)
        assert str(cloud.data_dir) in locked and str(cloud.process.pid) in locked, locked
        taken = run("up", "--ephemeral", "--port", str(cloud.port), status=1)
        assert "--port" in taken, taken
        cloud.kill()
        cloud.start()
        assert second.call("sts", "GetCallerIdentity")["Account"] == made["AccountId"], "accounts survive kill -9"
        cloud.stop()
    open_to_all = run("up", "--ephemeral", "--host", "0.0.0.0", "--port", "0", status=1)
    assert "--root-credentials random" in open_to_all, open_to_all
    nobody = run("status", "--endpoint", "http://127.0.0.1:1", status=1)
    assert "cloudchamber up" in nobody, nobody
    no_python()


def no_python():
    os.environ["CLOUDCHAMBER_PYTHON"] = "/nonexistent/python3"
    with Cloud("--ephemeral", name="no-python") as cloud:
        clients = Clients(cloud.endpoint)
        trust = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}]}
        role = clients.call("iam", "CreateRole", RoleName="r1", AssumeRolePolicyDocument=json.dumps(trust))["Role"]["Arn"]
        import io
        import zipfile

        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            archive.writestr("index.py", "def handler(event, context): pass")
        clients.call("lambda", "CreateFunction", FunctionName="fn", Runtime="python3.12", Role=role, Handler="index.handler", Code={"ZipFile": packed.getvalue()})
        refused = clients.refused("lambda", "Invoke", FunctionName="fn")
        assert "python" in refused.message.lower(), refused
        assert "/nonexistent/python3" in cloud.log.read_text(), cloud.log.read_text()


if __name__ == "__main__":
    sys.exit(main())
