"""The same calls by boto3 or by the AWS CLI: `clients.call("ec2", "DescribeVpcs", VpcIds=[...])`."""

import json
import os
import re
import subprocess
import sys
import tempfile

import boto3
import botocore.config
import botocore.exceptions

CLI_NAMES = {"config": "configservice", "s3": "s3api"}


class Refused(Exception):
    """An error that the service answered."""

    def __init__(self, code, message):
        super().__init__(f"{code}: {message}")
        self.code, self.message = code, message


def snake(name):
    name = re.sub(r"([A-Z]+)([A-Z][a-z])", r"\1_\2", name)
    return re.sub(r"([a-z0-9])([A-Z])", r"\1_\2", name).lower()


class Clients:
    def __init__(self, endpoint, via="boto3", key="test", secret="test", token=None, region="us-east-1"):
        self.via = via
        self.environment = {
            "AWS_ENDPOINT_URL": endpoint,
            "AWS_ACCESS_KEY_ID": key,
            "AWS_SECRET_ACCESS_KEY": secret,
            "AWS_DEFAULT_REGION": region,
            "AWS_PAGER": "",
            **({"AWS_SESSION_TOKEN": token} if token else {}),
        }
        self.session = boto3.Session(
            aws_access_key_id=key, aws_secret_access_key=secret, aws_session_token=token, region_name=region
        )
        self.endpoint = endpoint
        self.made = {}

    def client(self, service):
        if service not in self.made:
            configuration = botocore.config.Config(retries={"total_max_attempts": 1})
            self.made[service] = self.session.client(service, endpoint_url=self.endpoint, config=configuration)
        return self.made[service]

    def call(self, service, operation, **parameters):
        if self.via == "cli":
            return self.by_cli(service, operation, parameters)
        try:
            answer = getattr(self.client(service), snake(operation))(**parameters)
        except botocore.exceptions.ClientError as error:
            raise Refused(error.response["Error"]["Code"], error.response["Error"]["Message"]) from None
        for name in ("Body", "Payload"):
            if hasattr(answer.get(name), "read"):
                answer[name] = answer[name].read()
        return answer

    def by_cli(self, service, operation, parameters):
        command = [sys.executable.replace("python3", "aws"), CLI_NAMES.get(service, service), snake(operation).replace("_", "-")]
        if service == "sqs":
            # Version 1 of the CLI has an endpoint of its own for SQS, and overlooks AWS_ENDPOINT_URL.
            command += ["--endpoint-url", self.endpoint]
        file = None
        # The CLI takes and gives bodies as files.
        if isinstance(parameters.get("Body"), bytes):
            file = tempfile.NamedTemporaryFile()
            file.write(parameters.pop("Body"))
            file.flush()
            command += ["--body", file.name]
        if isinstance(parameters.get("Payload"), bytes):
            payload = parameters.pop("Payload").decode()
            command += ["--payload", payload, "--cli-binary-format", "raw-in-base64-out"] if payload else []
        into = None
        if (service, operation) in {("s3", "GetObject"), ("lambda", "Invoke")}:
            # With a file to write to, the CLI wants its required parameters as flags.
            into = tempfile.NamedTemporaryFile()
            for name, value in parameters.items():
                command += ["--" + snake(name).replace("_", "-"), str(value)]
            command.append(into.name)
        elif parameters:
            command += ["--cli-input-json", json.dumps(parameters, default=str)]
        command += ["--output", "json"]
        done = subprocess.run(command, env={**os.environ, **self.environment}, capture_output=True, text=True)
        if done.returncode:
            found = re.search(r"An error occurred \((\S+)\) when calling the \S+ operation(?: \(reached max retries: \d+\))?: (.*)", done.stderr, re.S)
            if found:
                raise Refused(found[1], found[2].strip())
            raise AssertionError(f"{' '.join(command)}\n{done.stderr}")
        answer = json.loads(done.stdout) if done.stdout.strip() else {}
        if into:
            answer["Payload" if service == "lambda" else "Body"] = open(into.name, "rb").read()
        return answer

    def refused(self, service, operation, **parameters):
        """The error of a call that must be refused."""
        try:
            answer = self.call(service, operation, **parameters)
        except Refused as error:
            return error
        raise AssertionError(f"{service}:{operation} was not refused: {answer}")
