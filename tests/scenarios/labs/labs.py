"""Labs over a socket: started and graded by the command line, worked in by boto3, kept over kill -9, closed by a reset."""

import csv
import io
import json
import os
import pathlib
import subprocess
import urllib.error
import urllib.request

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from clients import Clients
from cloud import Cloud

LAB = "remediate-with-config"
SCRATCH = pathlib.Path(os.environ["CLOUDCHAMBER_SCRATCH"])
OWN = """
lab: own-lab
title: "<b>Own</b>"
summary: A teacher's own
tasks:
  - id: bucket
    title: "Task 1: A bucket"
    checks:
      - id: there
        says: There is a bucket
        points: 10
        call: s3:ListBuckets
        expect: { find: "Buckets[].Name", count: { at_least: 1 }, otherwise: Make a bucket. }
"""


class Labs:
    def __init__(self, cloud):
        self.cloud = cloud

    def run(self, *arguments, check=True):
        command = [os.environ["CLOUDCHAMBER_BIN"], "lab", *arguments]
        command += ["--endpoint", self.cloud.endpoint, "--data-dir", str(self.cloud.data_dir)]
        done = subprocess.run(command, capture_output=True, text=True)
        assert not check or done.returncode == 0, (command, done.stderr)
        return done.stdout if check else done.stderr

    def json(self, *arguments):
        return json.loads(self.run(*arguments, "--json"))

    def page(self, credentials, path, method="GET", headers=None):
        url = f"{self.cloud.endpoint}/_cloudchamber/labs{path}"
        request = AWSRequest(method=method, url=url, data=b"", headers=headers or {})
        if credentials:
            key = Credentials(credentials["accessKeyId"], credentials["secretAccessKey"])
            SigV4Auth(key, "sts", "us-east-1").add_auth(request)
        asked = urllib.request.Request(url, method=method, headers=dict(request.headers), data=b"" if method == "POST" else None)
        try:
            with urllib.request.urlopen(asked) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()


def main():
    folder = SCRATCH / "labs" / "own-lab"
    folder.mkdir(parents=True)
    (folder / "lab.yaml").write_text(OWN)
    (folder / "guide.md").write_text("# Own\n")
    with Cloud("--labs", str(folder.parent)) as cloud:
        labs = Labs(cloud)
        listed = labs.run("list")
        assert LAB in listed and "secure-file-pipeline" in listed and "own-lab" in listed, listed
        assert "## Task 1: The stack" in labs.run("guide", LAB)
        template = labs.run("file", LAB)
        assert template.startswith("AWSTemplateFormatVersion"), template[:80]
        ann, told = started(labs)
        student(labs, ann, template)
        survives(labs, ann, told)
        reset(labs, ann)
        own(labs)
        classes(labs)


def started(labs):
    told = labs.json("start", LAB)
    credentials = told["credentials"]
    assert labs.json("start", LAB)["credentials"] is None, "secrets are shown once"
    assert credentials["signIn"].endswith(f"account={credentials['account']}&userName=student"), credentials["signIn"]
    report = labs.json("check", LAB)
    assert (report["points"], report["of"], report["number"]) == (0, 100, None), report
    return credentials, told


def student(labs, ann, template):
    clients = Clients(labs.cloud.endpoint, key=ann["accessKeyId"], secret=ann["secretAccessKey"])
    assert clients.call("sts", "GetCallerIdentity")["Arn"] == f"arn:aws:iam::{ann['account']}:user/student"
    parameters = [{"ParameterKey": "Team", "ParameterValue": "blue"}, {"ParameterKey": "NotifyAddress", "ParameterValue": "a@b.example"}]
    stack = {"StackName": "storefront-watch", "TemplateBody": template, "Parameters": parameters}
    clients.call("cloudformation", "CreateStack", Capabilities=["CAPABILITY_NAMED_IAM"], **stack)
    # The grader waits for a stack that is under way.
    report = labs.json("submit", LAB)
    assert (report["points"], report["number"]) == (6, 1), report
    text = labs.run("report", LAB)
    assert "✔ Task 1: The stack" in text and "to do: The subscription is still pending." in text, text
    # The grader's calls are told as the grader's, not as somebody's in the account.
    events = clients.call("cloudtrail", "LookupEvents", LookupAttributes=[{"AttributeKey": "EventName", "AttributeValue": "DescribeStacks"}])["Events"]
    told = [json.loads(event["CloudTrailEvent"])["sourceIPAddress"] for event in events]
    assert told and set(told) == {"grader.labs.cloudchamber.internal"}, told
    # The student's own signature opens his own lab, and nobody else's.
    own = f"/attempts/{ann['account']}"
    status, body = labs.page(ann, own)
    assert status == 200 and json.loads(body)["attempt"]["points"] == 6, body
    assert labs.page(ann, "/own-lab")[0] == 403
    assert labs.page(None, own)[0] == 403, "an unsigned request is refused, from this machine too"
    assert labs.page({**ann, "secretAccessKey": "x" * 40}, own)[0] == 403
    # A script of our own origin (a page in a bucket has it, too) is as good as its signature.
    scripted = {"Sec-Fetch-Site": "same-origin"}
    assert labs.page(ann, own, headers=scripted)[0] == 200 and labs.page(None, own, headers=scripted)[0] == 403
    assert labs.page(ann, own, headers={"Sec-Fetch-Site": "cross-site"})[0] == 403


def survives(labs, ann, told):
    before = labs.json("report", LAB)
    labs.cloud.kill()
    labs.cloud.start()
    assert labs.json("report", LAB) == before
    html = SCRATCH / "report.html"
    labs.run("report", LAB, "--html", str(html))
    page = html.read_text()
    assert page.startswith("<!doctype html>") and "6 of 100 points" in page and "<script" not in page, page[:200]
    assert told["attempt"]["account"] in labs.run("list")


def reset(labs, ann):
    assert "--yes" in labs.run("reset", LAB, check=False)
    fresh = labs.json("reset", LAB, "--yes")["credentials"]
    assert fresh["account"] != ann["account"]
    old = Clients(labs.cloud.endpoint, key=ann["accessKeyId"], secret=ann["secretAccessKey"])
    assert old.refused("sts", "GetCallerIdentity").code == "InvalidClientTokenId"
    assert labs.page(ann, f"/attempts/{ann['account']}")[0] == 403
    renewed = labs.json("start", LAB, "--renew")["credentials"]
    assert renewed["account"] == fresh["account"]
    lost = Clients(labs.cloud.endpoint, key=fresh["accessKeyId"], secret=fresh["secretAccessKey"])
    assert lost.refused("sts", "GetCallerIdentity").code == "InvalidClientTokenId"
    now = Clients(labs.cloud.endpoint, key=renewed["accessKeyId"], secret=renewed["secretAccessKey"])
    assert now.call("iam", "ListUsers")["Users"][0]["UserName"] == "student"
    # Signing in with the password that was shown.
    body = json.dumps({"account": renewed["account"], "userName": "student", "password": renewed["password"]}).encode()
    asked = urllib.request.Request(f"{labs.cloud.endpoint}/_cloudchamber/signin", data=body, method="POST")
    with urllib.request.urlopen(asked) as answer:
        assert json.loads(answer.read())["account"] == renewed["account"]


def own(labs):
    key = labs.json("start", "own-lab", "--student", "bo")["credentials"]
    clients = Clients(labs.cloud.endpoint, key=key["accessKeyId"], secret=key["secretAccessKey"])
    clients.call("s3", "CreateBucket", Bucket="bo-own-lab")
    assert labs.json("submit", "own-lab", "--student", "bo")["points"] == 10
    status, page = labs.page(key, f"/attempts/{key['account']}/submissions/latest/report.html")
    assert status == 200 and "<b>Own" not in page and "&lt;b&gt;Own&lt;/b&gt;" in page, page


def classes(labs):
    roster, sheet = SCRATCH / "roster.csv", SCRATCH / "accounts.csv"
    roster.write_text("student,name,email\nann,\"Lee, Ann\",ann@example.org\nbo,Bo,\n")
    labs.run("class", "create", "own-lab", "--class", "spring", "--roster", str(roster), "--credentials", str(sheet))
    assert sheet.stat().st_mode & 0o777 == 0o600
    rows = list(csv.DictReader(io.StringIO(sheet.read_text())))
    assert [row["student"] for row in rows] == ["ann", "bo"] and rows[0]["password"] and not rows[1]["password"], rows
    ann = {"accessKeyId": rows[0]["access key id"], "secretAccessKey": rows[0]["secret access key"]}
    status, body = labs.page(ann, f"/attempts/{rows[0]['account']}/submit", method="POST")
    assert status == 200 and json.loads(body)["points"] == 0, body
    assert labs.page(ann, f"/attempts/{rows[1]['account']}")[0] == 403, "students do not meet"
    results = list(csv.DictReader(io.StringIO(labs.run("class", "results", "own-lab", "--class", "spring", "--csv"))))
    assert [(row["student"], row["best"]) for row in results] == [("ann", "0"), ("bo", "10")], results
    assert "2 students, 2 submitted" in labs.run("class", "list")
    roster.write_text("ann,Ann\n")
    assert "first line must name the columns" in labs.run("class", "create", "own-lab", "--class", "spring", "--roster", str(roster), check=False)


if __name__ == "__main__":
    main()
