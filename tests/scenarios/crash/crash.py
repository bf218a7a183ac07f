"""Writes through the API, kills the server at random moments, starts it again, and finds every acknowledged write."""

import random
import sys
import threading
import time

import botocore.exceptions

from clients import Clients, Refused
from cloud import Cloud


class Writer(threading.Thread):
    """Makes users, objects and log groups, and remembers which were acknowledged."""

    def __init__(self, clients, number, round_):
        super().__init__(daemon=True)
        self.clients = clients
        self.prefix = f"r{round_}w{number}"
        self.users, self.objects, self.groups = [], [], []
        self.stopped = False

    def run(self):
        count = 0
        while not self.stopped:
            count += 1
            name = f"{self.prefix}n{count}"
            try:
                self.clients.call("iam", "CreateUser", UserName=name)
                self.users.append(name)
                size = random.choice([10, 100_000])
                self.clients.call("s3", "PutObject", Bucket="crash-bucket", Key=name, Body=name.encode() * (size // len(name)))
                self.objects.append((name, size // len(name)))
                self.clients.call("logs", "CreateLogGroup", logGroupName=name)
                self.groups.append(name)
            except Refused as error:
                # 200 rounds come near the quota of 5,000 users.
                assert error.code == "LimitExceeded", error
            except (botocore.exceptions.BotoCoreError, OSError):
                return


def main(rounds):
    seed = random.randrange(1 << 32)
    print(f"seed {seed}")
    random.seed(seed)
    users, objects, groups = [], [], []
    with Cloud() as cloud:
        # Made once: loading the SDK's models takes longer than a round.
        ours, *theirs = [Clients(cloud.endpoint) for _ in range(4)]
        ours.call("s3", "CreateBucket", Bucket="crash-bucket")
        for clients in theirs:
            for service in ("iam", "s3", "logs"):
                clients.client(service)
        for round_ in range(rounds):
            writers = [Writer(clients, number, round_) for number, clients in enumerate(theirs)]
            for writer in writers:
                writer.start()
            time.sleep(random.uniform(0.05, 0.6))
            cloud.kill()
            for writer in writers:
                writer.stopped = True
                writer.join()
                users += writer.users
                objects += writer.objects
                groups += writer.groups
            cloud.start()
            check(ours, users, objects, groups)
    assert len(users) > rounds, "there was something to lose"
    print(f"{rounds} rounds, {len(users)} users, {len(objects)} objects, {len(groups)} log groups: none lost")


def pages(clients, service, operation, key, token_in, token_out, **parameters):
    found, token = [], {}
    while True:
        answer = clients.call(service, operation, **parameters, **token)
        found += answer.get(key, [])
        if not answer.get(token_out):
            return found
        token = {token_in: answer[token_out]}


def check(clients, users, objects, groups):
    there = {user["UserName"] for user in pages(clients, "iam", "ListUsers", "Users", "Marker", "Marker", MaxItems=1000)}
    assert set(users) <= there, sorted(set(users) - there)[:5]
    keys = {entry["Key"] for entry in pages(clients, "s3", "ListObjectsV2", "Contents", "ContinuationToken", "NextContinuationToken", Bucket="crash-bucket")}
    assert {name for name, _ in objects} <= keys, "an acknowledged object is gone"
    for name, times in random.sample(objects, min(10, len(objects))):
        assert clients.call("s3", "GetObject", Bucket="crash-bucket", Key=name)["Body"] == name.encode() * times
    names = {group["logGroupName"] for group in pages(clients, "logs", "DescribeLogGroups", "logGroups", "nextToken", "nextToken")}
    assert set(groups) <= names, sorted(set(groups) - names)[:5]


if __name__ == "__main__":
    main(int(sys.argv[1]))
