"""A large object in bounded memory: by parts and at once, encrypted or not, its ranges read back, nothing of it readable on the disk."""

import hashlib
import io
import pathlib
import random
import re
import shutil
import sys
import time

import boto3
import botocore.config

from cloud import Cloud

MIB = 1 << 20
BLOCK = MIB
PART = 16 * MIB
# By which a transfer may lift the server's peak.
ALLOWED_MIB = 150


class Body(io.RawIOBase):
    """So many bytes, each block another one, that are never in memory at once and can be read anew."""

    def __init__(self, size, start=0):
        self.size, self.start, self.at = size, start, 0

    def readable(self):
        return True

    def seekable(self):
        return True

    def tell(self):
        return self.at

    def seek(self, offset, whence=0):
        self.at = offset + (0, self.at, self.size)[whence]
        return self.at

    def read(self, count=-1):
        count = self.size - self.at if count is None or count < 0 else min(count, self.size - self.at)
        data = span(self.start + self.at, count)
        self.at += count
        return data

    def __len__(self):
        return self.size


PATTERN = hashlib.shake_256(b"once upon a time").digest(BLOCK - 16)


def span(offset, count):
    """Bytes `offset..offset + count` of the body: blocks that begin with their number."""
    first, last = offset // BLOCK, -(-(offset + count) // BLOCK)
    whole = b"".join(number.to_bytes(16) + PATTERN for number in range(first, last))
    return whole[offset - first * BLOCK :][:count]


def memory(cloud, name):
    """A figure of the server's memory, in MiB."""
    told = pathlib.Path(f"/proc/{cloud.process.pid}/status").read_text()
    return int(re.search(rf"^{name}:\s+(\d+) kB", told, re.M)[1]) / 1024


def at_once(client, size, **headers):
    target = {"Bucket": "large", "Key": "at once"}
    answer = client.put_object(**target, Body=Body(size), ContentLength=size, **headers)
    return target, answer


def by_parts(client, size, **headers):
    target = {"Bucket": "large", "Key": "by parts"}
    upload = {**target, "UploadId": client.create_multipart_upload(**target, **headers)["UploadId"]}
    parts = []
    for number, start in enumerate(range(0, size, PART), 1):
        length = min(PART, size - start)
        answer = client.upload_part(**upload, PartNumber=number, Body=Body(length, start), ContentLength=length)
        parts.append({"PartNumber": number, "ETag": answer["ETag"]})
    return target, client.complete_multipart_upload(**upload, MultipartUpload={"Parts": parts})


def read_back(client, target, size):
    told = client.head_object(**target)
    assert told["ContentLength"] == size, told
    ends = [(0, 1), (size - 1, size), (PART - 3, PART + 5), (size - 70_000, size)]
    starts = [random.randrange(size - 3 * MIB) for _ in range(20)]
    for start, end in ends + [(start, start + random.randrange(1, 3 * MIB)) for start in starts]:
        part = client.get_object(**target, Range=f"bytes={start}-{end - 1}")
        assert part["ContentRange"] == f"bytes {start}-{end - 1}/{size}", part
        assert part["Body"].read() == span(start, end - start), (start, end)
    at, body = 0, client.get_object(**target)["Body"]
    while data := body.read(4 * MIB):
        assert data == span(at, len(data)), f"other bytes at {at}"
        at += len(data)
    assert at == size


def on_disk(cloud, needle):
    """The files of the data directory that hold these bytes, read a piece at a time."""
    found = []
    for path in cloud.data_dir.rglob("*"):
        if path.is_file():
            with open(path, "rb") as file:
                before = b""
                while piece := file.read(4 * MIB):
                    if needle in before + piece:
                        found.append(path)
                        break
                    before = piece[-len(needle) :]
    return found


def main(mebibytes):
    seed = random.randrange(1 << 32)
    print(f"seed {seed}")
    random.seed(seed)
    # A size that no buffer divides.
    size = mebibytes * MIB - 12_345
    for encrypted in (False, True):
        # Each with a server of its own, whose peak is then its own.
        with Cloud(*([] if encrypted else ["--s3-default-encryption", "none"]), name=f"encrypted-{encrypted}") as cloud:
            configuration = botocore.config.Config(retries={"total_max_attempts": 1}, read_timeout=600)
            session = boto3.Session(aws_access_key_id="test", aws_secret_access_key="test", region_name="us-east-1")
            client = session.client("s3", endpoint_url=cloud.endpoint, config=configuration)
            client.create_bucket(Bucket="large")
            client.put_object(Bucket="large", Key="small", Body=b"warm")
            idle = memory(cloud, "VmHWM")
            for upload in (at_once, by_parts):
                start = time.monotonic()
                target, answer = upload(client, size)
                uploaded = time.monotonic()
                assert answer.get("ServerSideEncryption") == ("AES256" if encrypted else None), answer
                read_back(client, target, size)
                read = time.monotonic()
                there = bool(on_disk(cloud, PATTERN[1000:1064]))
                assert there != encrypted, "an encrypted body cannot be found on the disk, and one without encryption can"
                more = memory(cloud, "VmHWM") - idle
                print(
                    f"{mebibytes} MiB {upload.__name__}, encrypted: {encrypted}: up {uploaded - start:.1f} s, "
                    f"back {read - uploaded:.1f} s, peak {more:.0f} MiB above {idle:.0f}"
                )
                assert more < ALLOWED_MIB, f"the server took {more:.0f} MiB for {mebibytes} MiB"
                client.delete_object(**target)
        shutil.rmtree(cloud.data_dir)


if __name__ == "__main__":
    main(int(sys.argv[1]))
