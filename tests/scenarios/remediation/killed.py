"""kill -9 between incident and remediation: after the restart the remediation happens, once."""

from clients import Clients
from cloud import Cloud, until
from lab import Lab


def main():
    with Cloud() as cloud:
        lab = Lab(cloud, Clients(cloud.endpoint))
        lab.create_stack()
        lab.record()
        lab.put_rule()
        until("the first evaluations are over", lambda: len(lab.results()) == 3 and lab.open_ports() == lab.CLOSED)
        for port in (22, 23, 3306):
            lab.incident(ports=(port,))
            cloud.kill()
            cloud.start()
            until("the incident is remediated after the restart", lambda: lab.open_ports() == lab.CLOSED)
            until("the log tells of it", lambda: lab.revocations(port))
            settle(lab)
            revoked = lab.revocations(port)
            assert len(revoked) == 1, revoked


def settle(lab):
    import time

    last = None
    while last != (now := len(lab.log_lines())):
        last = now
        time.sleep(1)


if __name__ == "__main__":
    main()
