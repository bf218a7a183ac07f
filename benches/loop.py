"""How long the remediation loop takes on a running server: incident to item, to result, to remediated; cold and warm invoke.

Usage: loop.py ENDPOINT; prints a line of tab-separated figures in milliseconds each. Times are a client's: they hold its polling, every 2 ms."""

import json
import pathlib
import statistics
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "tests/scenarios/common"))

from clients import Clients  # noqa: E402
from lab import Lab  # noqa: E402


class Running:
    def __init__(self, endpoint):
        self.endpoint = endpoint


def when(condition, seconds=20):
    start = time.perf_counter()
    while not condition():
        if time.perf_counter() - start > seconds:
            raise SystemExit("gave up waiting")
        time.sleep(0.002)
    return time.perf_counter()


def tell(name, values):
    ordered = sorted(values)
    print(f"{name}\t{statistics.median(ordered):.1f}\t{ordered[0]:.1f}\t{ordered[-1]:.1f}", flush=True)


def main(endpoint):
    lab = Lab(Running(endpoint), Clients(endpoint))
    lab.create_stack()
    lab.record()
    when(lambda: len(lab.inventory()) == 3)
    items = []
    for port in range(2000, 2010):
        before = len(lab.history())
        start = time.perf_counter()
        lab.incident(ports=(port,))
        items.append((when(lambda: len(lab.history()) > before) - start) * 1000)
    tell("incident to item", items)

    lab.put_rule()
    when(lambda: len(lab.results()) == 3 and lab.open_ports() == lab.CLOSED)
    time.sleep(1)
    repaired, told = [], []
    for port in range(3000, 3010):
        start = time.perf_counter()
        lab.incident(ports=(port,))
        repaired.append((when(lambda: lab.open_ports() == lab.CLOSED) - start) * 1000)
        told.append((when(lambda: result_since(lab, start)) - start) * 1000)
        time.sleep(0.3)
    tell("incident to remediated (warm)", repaired)
    tell("incident to result (warm)", told)
    invokes(lab)


def result_since(lab, start):
    moment = time.time() - (time.perf_counter() - start)
    answer = lab.call("config", "GetComplianceDetailsByConfigRule", ConfigRuleName="EC2SecurityGroup")
    return any(result["ResultRecordedTime"].timestamp() > moment for result in answer["EvaluationResults"])


def invokes(lab):
    import io
    import zipfile

    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("index.py", "def handler(event, context):\n    return event\n")
    role = lab.call("iam", "GetRole", RoleName="remediation-ann1")["Role"]["Arn"]
    cold, warm = [], []
    for number in range(5):
        name = f"bench-{number}"
        lab.call("lambda", "CreateFunction", FunctionName=name, Runtime="python3.12", Role=role, Handler="index.handler", Code={"ZipFile": packed.getvalue()})
        for attempt in range(11):
            start = time.perf_counter()
            answer = lab.call("lambda", "Invoke", FunctionName=name, Payload=json.dumps({"n": attempt}).encode())
            (warm if attempt else cold).append((time.perf_counter() - start) * 1000)
            assert json.loads(answer["Payload"]) == {"n": attempt}, answer
    tell("invoke, cold", cold)
    tell("invoke, warm", warm)


if __name__ == "__main__":
    main(sys.argv[1])
