"""A server of a scenario's own: started, killed, started again."""

import os
import pathlib
import re
import signal
import subprocess
import time
import urllib.request


class Cloud:
    def __init__(self, *flags, name="cloud"):
        scratch = pathlib.Path(os.environ["CLOUDCHAMBER_SCRATCH"])
        self.data_dir = scratch / name
        self.flags = flags
        self.log = scratch / f"{name}.log"
        self.port = 0
        self.process = None
        self.start()

    def start(self):
        command = [os.environ["CLOUDCHAMBER_BIN"], "up", "--port", str(self.port), "--data-dir", str(self.data_dir)]
        output = open(self.log, "ab")
        start = output.tell()
        self.process = subprocess.Popen([*command, *self.flags], stdout=output, stderr=output)
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            told = self.log.read_bytes()[start:].decode(errors="replace")
            found = re.search(r" at (http://\S+:(\d+)),", told)
            if found:
                self.endpoint, self.port = found[1], int(found[2])
                return
            if self.process.poll() is not None:
                raise SystemExit(f"the server ended at its start:\n{told}")
            time.sleep(0.01)
        raise SystemExit(f"the server did not start:\n{self.log.read_text()}")

    def kill(self):
        """kill -9"""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self):
        self.process.terminate()
        self.process.wait(timeout=20)

    def page(self, path, method="GET"):
        request = urllib.request.Request(f"{self.endpoint}/_cloudchamber/{path}", method=method)
        with urllib.request.urlopen(request) as answer:
            return answer.read().decode()

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        if error is not None:
            print("--- the server's log (end)")
            print(self.log.read_text(errors="replace")[-6000:])


def until(what, condition, seconds=30):
    """Waits until a condition gives something; fails, naming it, where it never does."""
    deadline = time.monotonic() + seconds
    last = None
    while time.monotonic() < deadline:
        last = condition()
        if last:
            return last
        time.sleep(0.05)
    raise AssertionError(f"gave up waiting until {what} (last: {last!r})")
