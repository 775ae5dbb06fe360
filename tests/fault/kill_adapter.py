"""kill_adapter.py BIN [--rounds N] [--seed N] - SIGKILL of karvan-adapter at random moments under load, in every
fifth round of the gateway as well.

One process runs three adapters: files from a folder, a webhook, and files out to another folder. Files are put into
inbox/ and requests sent all the time. A client whose request got no answer sends the same again, as a webhook's
client does, or, one in ten, gives it up. In the end:

  - the events of each file, and of each request that was answered 202, are in the journal exactly once, in the
    order of the file; of a request that was given up, all of them once or none
  - the journal has nothing else, and verifies
  - the adapters themselves knew what they had taken before: the gateway, which knows events again by their ids,
    never had to
  - the sink's folder holds each event of the journal at least once, and for the first time in the journal's order
  - nothing lies in inbox/ or failed/"""
import argparse
import http.client
import json
import os
import random
import re
import sys
import threading
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "integration"))
from adapter_rig import Process, Rig, event, fail, free_port, wait_for

CONFIG = """
status_socket: %(dir)s/host.sock
retry_ms: 20
retry_max_ms: 200
log_level: debug
adapters:
  - name: files
    format: ndjson
    endpoint: ipc://%(dir)s/company.sock
    source: {folder: %(dir)s/files, settle_ms: 0, rescan_ms: 200}
    spool: {batch_events: 7}
  - name: hook
    format: ndjson
    endpoint: ipc://%(dir)s/company.sock
    source: {kind: http, folder: %(dir)s/hook, listen: "127.0.0.1:%(port)d", path: /in,
             token_file: %(dir)s/token}
    spool: {batch_events: 5}
  - name: out
    format: ndjson
    endpoint: ipc://%(dir)s/partner.sock
    sink: {folder: %(dir)s/out, subscription: out, start: earliest, every_events: 40, every_ms: 10,
           retry_ms: 20, retry_max_ms: 200}
"""
WAITING_MOST = 60  # files in inbox/: the writer waits for them to be taken


def message(kind, number, count):
    """The ids of a message's events, and its text."""
    ids = ["%s%06d-%d" % (kind, number, n) for n in range(count)]
    return ids, "".join(event((number * 64 + n) % 100000, id=i) for n, i in enumerate(ids))


class Load(threading.Thread):
    def __init__(self, rig, seed):
        super().__init__(daemon=True)
        self.rig, self.random, self.stopping = rig, random.Random(seed), threading.Event()
        self.taken = []  # lists of ids: what must be in the journal
        self.broken = None

    def run(self):
        number = 0
        try:
            while not self.stopping.is_set():
                self.one(number)
                number += 1
        except BaseException as e:  # told by the main thread
            self.broken = e

    def finish(self):
        self.stopping.set()
        self.join(120)
        if self.is_alive() or self.broken:
            fail("%s: %s" % (type(self).__name__, self.broken or "did not end"))


class Files(Load):
    def one(self, number):
        ids, text = message("F", number, self.random.randrange(1, 30))
        self.rig.drop("files", "%06d.ndjson" % number, text)
        self.taken.append(ids)
        time.sleep(self.random.random() * 0.01)
        while len(os.listdir(self.rig.path("files", "inbox"))) > WAITING_MOST:
            if self.stopping.wait(0.02):
                break


class Requests(Load):
    def __init__(self, rig, seed, port):
        super().__init__(rig, seed)
        self.port, self.given_up, self.again = port, [], 0

    def one(self, number):
        ids, text = message("H", number, self.random.randrange(1, 12))
        patient = self.random.randrange(10) > 0
        while not self.post(text, "request-%06d" % number):
            if not patient:
                self.given_up.append(ids)
                return
            self.again += 1
            time.sleep(0.01)
        self.taken.append(ids)

    def post(self, text, key):
        """Answered 202?  Anything but that and "later" is wrong."""
        c = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            c.request("POST", "/in", text, {"Authorization": "Bearer secret-of-the-port",
                                            "Idempotency-Key": key})
            status = c.getresponse().status
        except (OSError, http.client.HTTPException):
            return False
        finally:
            c.close()
        if status not in (202, 503):
            fail("status %d" % status)
        return status == 202


def sink_ids(rig):
    """Files of the sink in the order of their first event's seq, which is in their names."""
    ids = []
    for path in rig.files("out", "outbox"):
        with open(path) as f:
            ids += [json.loads(line)["id"] for line in f]
    return ids


def journal_ids(rig):
    text = rig.run("karvan", "journal", "export", "--data", rig.path("data"))
    return [json.loads(line)["id"] for line in text.splitlines()]


def judge_journal(files, requests, got):
    """Lost, doubled and out of order."""
    place = {}
    for n, i in enumerate(got):
        place.setdefault(i, []).append(n)
    lost = doubled = wrong = strange = 0
    known = set()
    for ids in files.taken + requests.taken + requests.given_up:
        known.update(ids)
        at = [place[i][0] for i in ids if i in place]
        doubled += sum(len(place[i]) - 1 for i in ids if i in place)
        if at or ids not in requests.given_up:
            lost += len(ids) - len(at)
        wrong += at != sorted(at)
    strange = len(place.keys() - known)
    return lost, doubled, wrong, strange


def kill_and_resume(rig, host, both, chance):
    """The host is gone for a moment; the gateway, in some rounds, before, after or long after it."""
    if both and chance.random() < 0.5:
        rig.gateway.kill()
        time.sleep(chance.random() * 0.05)
    host.kill()
    if both:
        rig.gateway.kill()  # does nothing to one that is gone
        if chance.random() < 0.5:
            rig.start_gateway()
            return start(rig)
        host = start(rig)  # alone for a while
        time.sleep(chance.random() * 0.2)
        rig.start_gateway()
        return host
    return start(rig)


def start(rig):
    rig.processes = [p for p in rig.processes if p.p.poll() is None]
    return Process(rig, "host", ["karvan-adapter", "run", rig.path("host.yaml")])


def known_again(rig):
    """Events that the gateway had under another batch's number, as the host's log says."""
    with open(rig.path("host.log"), errors="replace") as f:
        return sum(int(n) for line in f if "batch.acknowledged" in line
                   for n in re.findall(r"duplicates=(\d+)", line))


def wait_at_most(condition, seconds):
    """What is missing then is counted."""
    end = time.monotonic() + seconds
    while not condition() and time.monotonic() < end:
        time.sleep(0.2)


def settled(rig):
    inbox = [n for n in os.listdir(rig.path("files", "inbox")) if not n.startswith(".")]
    if inbox:
        return False
    a = {name: rig.adapter("host", name) for name in ("files", "hook", "out")}
    return (all(a.values()) and not any(a[n].get("spool", {"batches": 1})["batches"]
                                        for n in ("files", "hook")) and
            not a["out"]["sink"]["pending"] and a["out"]["gateway"]["state"] == "ready")


def experiment(rig, rounds, seed):
    chance = random.Random(seed)
    port = free_port()
    rig.write("token", "secret-of-the-port\n")
    os.chmod(rig.path("token"), 0o600)
    rig.write("host.yaml", CONFIG % {"dir": rig.dir, "port": port})
    rig.start_gateway()
    host = start(rig)
    wait_for("the host answers", lambda: rig.status("host"))
    files, requests = Files(rig, seed + 1), Requests(rig, seed + 2, port)
    files.start()
    requests.start()
    gateway_kills = 0
    for n in range(rounds):
        time.sleep(0.01 + chance.random() ** 2 * 0.4)  # often while it is starting
        both = n % 5 == 4
        gateway_kills += both
        host = kill_and_resume(rig, host, both, chance)
    files.finish()
    requests.finish()
    wait_for("all is taken and delivered", lambda: settled(rig), 240)
    everything = set(i for ids in files.taken + requests.taken for i in ids)
    wait_at_most(lambda: set(sink_ids(rig)) >= everything, 30)
    host.stop()
    rig.gateway.stop()
    rig.run("karvan", "journal", "verify", "--data", rig.path("data"))
    got = journal_ids(rig)
    lost, doubled, wrong, strange = judge_journal(files, requests, got)
    out = sink_ids(rig)
    missing = len(set(got) - set(out))
    ordered = list(dict.fromkeys(out)) == got
    again = known_again(rig)
    left = rig.files("files", "failed") + rig.files("hook", "failed") + rig.files("files", "inbox")
    good = not (lost or doubled or wrong or strange or again or missing or left) and ordered
    print("kill_adapter: kills=%d gateway_kills=%d seed=%d files=%d requests=%d (sent again %d, given up %d) "
          "events=%d lost=%d duplicated=%d out_of_order=%d strange=%d known_again=%d sink: lost=%d again=%d in_order=%s "
          "left=%d: %s"
          % (rounds, gateway_kills, seed, len(files.taken), len(requests.taken), requests.again,
             len(requests.given_up), len(got), lost, doubled, wrong, strange, again, missing,
             len(out) - len(set(out)), ordered, len(left), "passed" if good else "FAILED"))
    if not good:
        fail("see above")


def main():
    p = argparse.ArgumentParser()
    p.add_argument("bin")
    p.add_argument("--rounds", type=int, default=20)
    p.add_argument("--seed", type=int, default=5)
    a = p.parse_args()
    with Rig(a.bin) as rig:
        experiment(rig, a.rounds, a.seed)


main()
