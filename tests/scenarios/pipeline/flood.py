"""Uploads by several threads while the server is killed and started again: every acknowledged object has its row in the end."""

import random
import sys
import threading
import time

import botocore.exceptions

from clients import Clients
from cloud import Cloud
from pipeline import Pipeline, p1

THREADS, KILLS = 4, 4
# The longest that a message is hidden after a kill is the visibility timeout of the template's queue, 6 s.
PATIENCE = 60


class Uploader(threading.Thread):
    """Uploads every fourth file, each again until it is acknowledged."""

    def __init__(self, flood, number):
        super().__init__(daemon=True)
        self.flood, self.number = flood, number
        self.clients = Clients(flood.pipeline.cloud.endpoint)
        self.clients.client("s3")
        self.error = None

    def run(self):
        flood = self.flood
        try:
            for index in range(self.number, flood.count, THREADS):
                name = flood.name(index)
                while not self.put(name, b"x" * (index % 50)):
                    flood.up.wait(PATIENCE)
                with flood.lock:
                    flood.acknowledged[name] = index % 50
        except BaseException as error:
            self.error = error

    def put(self, name, body):
        try:
            self.clients.call("s3", "PutObject", Bucket=self.flood.pipeline.outputs["Bucket"], Key=name, Body=body)
            return True
        except (botocore.exceptions.BotoCoreError, OSError):
            return False


class Flood:
    def __init__(self, pipeline, count):
        self.pipeline, self.count = pipeline, count
        self.acknowledged, self.lock, self.up = {}, threading.Lock(), threading.Event()
        self.up.set()

    def name(self, index):
        return f"tales/{index:05} the wolf's + ü.txt"

    def uploaded(self):
        with self.lock:
            return len(self.acknowledged)

    def kill(self):
        self.up.clear()
        self.pipeline.cloud.kill()
        self.pipeline.cloud.start()
        self.up.set()

    def upload(self):
        """Everything, with kills at random moments."""
        uploaders = [Uploader(self, number) for number in range(THREADS)]
        moments = sorted(random.sample(range(self.count // 20, self.count * 19 // 20), KILLS))
        for uploader in uploaders:
            uploader.start()
        for moment in moments:
            self.progress(f"{moment} uploads", self.uploaded, moment, lambda: [it.error for it in uploaders if it.error])
            self.kill()
        for uploader in uploaders:
            uploader.join()
            if uploader.error:
                raise uploader.error

    def progress(self, what, measure, wanted, errors=list):
        """Waits until a number is reached, for as long as it moves."""
        best, since = -1, time.monotonic()
        while (now := measure()) < wanted:
            if now > best:
                best, since = now, time.monotonic()
            assert not errors() and time.monotonic() - since < PATIENCE, f"no progress towards {what}: {now} of {wanted} {errors()}"
            time.sleep(0.005 if measure == self.uploaded else 0.1 + self.count / 10_000)

    def rows(self):
        """Name to size, of every row."""
        found, token = {}, {}
        while True:
            answer = self.pipeline.call("dynamodb", "Scan", TableName=self.pipeline.outputs["Table"], ConsistentRead=True, **token)
            found.update((item["name"]["S"], int(item["size"]["N"])) for item in answer["Items"])
            if "LastEvaluatedKey" not in answer:
                return found
            token = {"ExclusiveStartKey": answer["LastEvaluatedKey"]}

    def left(self):
        names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
        told = self.pipeline.call("sqs", "GetQueueAttributes", QueueUrl=self.pipeline.outputs["QueueUrl"], AttributeNames=names)
        return sum(int(value) for value in told["Attributes"].values())


def main(count):
    seed = random.randrange(1 << 32)
    print(f"seed {seed}")
    random.seed(seed)
    with Cloud() as cloud:
        pipeline = Pipeline(cloud, "boto3")
        p1(pipeline)
        flood = Flood(pipeline, count)
        start = time.monotonic()
        flood.upload()
        uploaded = time.monotonic() - start
        backlog = flood.left()
        # Once more, while the function works off what is left.
        flood.kill()
        flood.progress("rows", lambda: len(flood.rows()), count)
        landed = time.monotonic() - start
        assert flood.rows() == flood.acknowledged, set(flood.rows().items()) ^ set(flood.acknowledged.items())
        flood.progress("an empty queue", lambda: -flood.left(), 0)
    print(f"{count} uploads in {uploaded:.1f} s (then {backlog} in the queue), {len(flood.acknowledged)} rows after {landed:.1f} s, {KILLS + 1} kills")


if __name__ == "__main__":
    main(int(sys.argv[1]))
