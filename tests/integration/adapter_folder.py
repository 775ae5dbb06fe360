#!/usr/bin/python3
"""The adapter host with folders, against the real gateway: files in, files out, refusals with their
reasons, an adapter that fails beside one that does not, a gateway that is away for a while, SIGKILL
in the middle.  adapter_folder.py BIN_DIR"""
import json
import os
import random
import sys
import time

from adapter_rig import Rig, check_whole, event, fail, wait_for

SOURCE = """
  - name: %(name)s
    format: ndjson
    endpoint: ipc://%(dir)s/company.sock
    source: {folder: %(dir)s/%(name)s, settle_ms: 0}
    spool: {batch_events: 7}
"""
EDIFACT = """
  - name: edi-1
    format: edifact
    endpoint: ipc://%(dir)s/company.sock
    source: {folder: %(dir)s/edi-1, settle_ms: 0, reply_folder: %(dir)s/replies}
"""
SAMPLE = os.path.join(os.path.dirname(os.path.abspath(__file__)),
                      "../adapters/edifact/samples/codeco_rail_gate_in.edi")
SINK = """
  - name: out-1
    format: ndjson
    endpoint: ipc://%(dir)s/partner.sock
    sink: {folder: %(dir)s/out-1, subscription: out, start: earliest, every_events: 10, every_ms: 100,
           filter: ["type=gate-in"]}
"""


def file_of(first, count):
    return "".join(event(n) for n in range(first, first + count))


def sink_ids(rig):
    ids = []
    for path in rig.files("out-1", "outbox"):
        with open(path) as f:
            ids += [json.loads(line)["id"] for line in f]
    return ids


def plain_way(rig, host):
    """Files arrive in order, end in done/, and come out of the sink."""
    rig.drop("in-1", "a.ndjson", file_of(0, 20))
    wait_for("the first file is put away", lambda: rig.files("in-1", "done"))
    rig.drop("in-1", "b.ndjson", file_of(20, 5))
    rig.drop("in-1", "c.ndjson", file_of(20, 5))  # the same again: not published twice
    wait_for("25 events at the partner", lambda: len(rig.received()) >= 25)
    wait_for("three files done", lambda: len(rig.files("in-1", "done")) == 3)
    wait_for("25 events out of the sink", lambda: len(sink_ids(rig)) >= 25)
    check_whole(rig, 25, "plain way")
    if sink_ids(rig) != rig.received():
        fail("the sink wrote %s" % sink_ids(rig))
    s = rig.adapter("host", "in-1")
    if (s["state"], s["source"]["messages"], s["source"]["repeated"]) != ("running", 2, 1):
        fail("status says %s" % s)
    wait_for("all acknowledged", lambda: rig.adapter("host", "in-1")["spool"]["batches"] == 0)
    if "adapter=in-1 name=a.ndjson events=20" not in host.text():
        fail("the log does not name the file")


def refusals(rig):
    """A file that cannot be read, and one of whose events the gateway refuses one."""
    rig.drop("in-1", "bad.ndjson", event(90) + '{"id":\n')
    rig.drop("in-1", "half.ndjson", event(25) + event(26, time="yesterday") + event(27 - 1))
    wait_for("a reason", lambda: os.path.exists(rig.path("in-1/failed/bad.ndjson.reason.txt")))
    with open(rig.path("in-1/failed/bad.ndjson.reason.txt")) as f:
        reason = f.read()
    for words in ("file:     bad.ndjson", "line:     2", "nothing of it was published", "rule:"):
        if words not in reason:
            fail("the reason file lacks %r: %s" % (words, reason))
    wait_for("the refused file beside its reason",
             lambda: os.path.exists(rig.path("in-1/failed/bad.ndjson")))
    refused = rig.path("in-1/failed/half.ndjson.refused.ndjson")
    wait_for("the refused event",
             lambda: os.path.exists(refused) and open(refused).read().endswith("\n"))
    with open(refused) as f:
        lines = [json.loads(x) for x in f]
    if len(lines) != 1 or lines[0]["index"] != 1 or lines[0]["event"]["time"] != "yesterday":
        fail("refused events: %s" % lines)
    wait_for("the others at the partner", lambda: len(rig.received()) >= 27)


def one_fails(rig):
    """in-2 has no folder it could use; in-1 goes on; once there is room, in-2 begins."""
    s = wait_for("in-2 has failed", lambda: (lambda a: a["failures"] and a)(
        rig.adapter("host", "in-2")))
    if "in-2" not in s["why"] or rig.adapter("host", "in-1")["state"] != "running":
        fail("status says %s" % s)
    words = rig.run("karvan-adapter", "status", "--socket", rig.path("host.sock"))
    if "in-2  ndjson, failed" not in words and "in-2  ndjson, running" not in words:
        fail("status in words: %s" % words)
    rig.run("karvan-adapter", "status", "--health", "--socket", rig.path("host.sock"), code=1)
    os.remove(rig.path("in-2"))
    wait_for("in-2 runs", lambda: rig.adapter("host", "in-2")["state"] == "running")
    rig.drop("in-2", "late.ndjson", event(27))
    wait_for("its event arrives", lambda: len(rig.received()) >= 28)
    wait_for("all are well", lambda: rig.status("host")["well"])
    rig.run("karvan-adapter", "status", "--health", "--socket", rig.path("host.sock"))


def answers(rig, host):
    """The sender of an interchange gets CONTRL back, also for one that is cut off."""
    with open(SAMPLE) as f:
        text = f.read()
    before = len(rig.received())
    rig.drop("edi-1", "good.edi", text)
    rig.drop("edi-1", "torn.edi", text[:len(text) // 2])
    wait_for("two answers", lambda: len(rig.files("replies")) == 2)
    for path, failed in (("good.edi.reply", False), ("torn.edi.reply", True)):
        with open(rig.path("replies", path)) as f:
            answer = f.read()
        if "CONTRL" not in answer:
            fail("%s: %s" % (path, answer))
        wait_for("put away", lambda: os.path.exists(rig.path("edi-1/failed/torn.edi")))
        if failed != os.path.exists(rig.path("edi-1/failed", path.replace(".reply", ""))):
            fail("%s is in the wrong folder" % path)
    wait_for("its events arrive", lambda: len(rig.received()) > before)
    rig.drop("edi-1", "short.edi", text.replace("UNT+17+", "UNT+16+"))
    host.wait_log("name=short.edi segment 18")


def gateway_away(rig):
    """The gateway is gone while files come, and comes back."""
    rig.gateway.kill()
    for i in range(10):
        rig.drop("in-1", "away%d.ndjson" % i, file_of(28 + 10 * i, 10))
        wait_for("it is spooled", lambda: not rig.files("in-1", "inbox"))
    wait_for("20 batches wait", lambda: rig.adapter("host", "in-1")["spool"]["batches"] == 20)
    rig.start_gateway()
    wait_for("all arrive", lambda: len(rig.received()) >= 128)
    check_whole(rig, 128, "gateway away")


def adapter_killed(rig, host, start):
    """SIGKILL at random moments while files come."""
    chance = random.Random(7)
    for i in range(40):
        rig.drop("in-1", "kill%02d.ndjson" % i, file_of(128 + 25 * i, 25))
        if i % 8 == 4:
            time.sleep(chance.random() * 0.03)  # any moment will do
            host.kill()
            host = start()
    total = 128 + 1000
    wait_for("all arrive", lambda: len(set(rig.received())) >= total)
    check_whole(rig, total, "adapter killed")
    wait_for("the sink has all", lambda: len(set(sink_ids(rig))) >= total)
    seen = []
    for i in sink_ids(rig):  # a repeat after a kill is allowed, a gap or another order is not
        if i not in seen[-200:]:
            seen.append(i)
    if seen != rig.received():
        fail("the sink's order differs")
    return host


def main():
    with Rig(sys.argv[1]) as rig:
        rig.start_gateway()
        rig.start_receiver()
        rig.write("in-2", "a file where a folder should be\n")
        adapters = "".join(SOURCE % {"name": n, "dir": rig.dir} for n in ("in-1", "in-2"))
        adapters += EDIFACT % {"dir": rig.dir} + SINK % {"dir": rig.dir}
        rig.run("karvan-adapter", "check", rig.write("check.yaml", "adapters:\n" + adapters))

        def start():
            return rig.host("host", adapters)

        host = start()
        wait_for("the host answers", lambda: rig.status("host"))
        plain_way(rig, host)
        refusals(rig)
        one_fails(rig)
        gateway_away(rig)
        host = adapter_killed(rig, host, start)
        answers(rig, host)
        took = host.stop()
        if took > 5:
            fail("the host took %.1f s to end" % took)
        if "host.ended" not in host.text() or os.path.exists(rig.path("host.sock")):
            fail("it did not end cleanly")
        print("adapter_folder: passed, ended in %.2f s" % took)


main()
