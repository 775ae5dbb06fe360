#!/usr/bin/python3
"""An adapter that does not connect says what is wrong, where, and what to do: in its status and in its log.
adapter_words.py BIN_DIR"""
import socket
import sys

from adapter_rig import Rig, event, fail, free_port, wait_for

ADAPTER = """
  - name: %s
    format: ndjson
    endpoint: %s
%s    source: {folder: %s/%s, settle_ms: 0}
"""


def tcp_gateway(rig):
    """The rig's gateway with an endpoint that wants keys: its address."""
    address = "tcp://127.0.0.1:%d" % free_port()
    with open(rig.path("gateway.yaml"), "a") as f:
        f.write('  - {name: open, address: "%s"}\n' % address)
    rig.start_gateway().wait_log("daemon.ready")
    return address


def keys(rig, server, own):
    public = rig.run("karvan", "keygen", "--print-public", rig.path(server)).strip()
    return "    server_key: '%s'\n    keys: %s\n" % (public.replace("'", "''"), rig.path(own))


def never_started(rig):
    """Found by check, with file and line."""
    rows = [("tcp:/127.0.0.1:7400", "", "write tcp://HOST:PORT"),
            ("tcp://127.0.0.1", "", "write tcp://HOST:PORT"),
            ("tcp://gateway.example:7400", "", "set server_key and keys"),
            ("tcp://127.0.0.1:7400", "    server_key: nothing.pub\n    keys: %s\n" % rig.path("company.key"),
             "ask the gateway's keeper for its public key"),
            ("tcp://127.0.0.1:7400", keys(rig, "gateway.keys", "nothing.key"), "karvan keygen")]
    for endpoint, more, remedy in rows:
        path = rig.write("bad.yaml", "adapters:" + ADAPTER % ("bad", endpoint, more, rig.dir, "bad"))
        text = rig.run("karvan-adapter", "check", path, code=1)
        if remedy not in text or path + ":" not in text:
            fail("check of %s: %s" % (endpoint, text))


def main():
    with Rig(sys.argv[1]) as rig:
        never_started(rig)
        rig.run("karvan", "keygen", rig.path("stranger.key"))
        there = tcp_gateway(rig)
        dumb = socket.create_server(("127.0.0.1", 0))  # takes calls and says nothing
        gone = socket.create_server(("127.0.0.1", 0))
        nobody = "tcp://127.0.0.1:%d" % gone.getsockname()[1]
        gone.close()
        good = keys(rig, "gateway.keys", "company.key")
        rows = {
            "nobody": (nobody, good, "nobody listens there: is the gateway running"),
            "name": ("tcp://gateway.invalid:7400", good, "gateway.invalid"),
            "path": ("ipc://%s/nothing.sock" % rig.dir, "", "there is no such socket"),
            "dumb": ("tcp://127.0.0.1:%d" % dumb.getsockname()[1], good,
                     "not as a gateway with these keys"),
            "stranger": (there, keys(rig, "gateway.keys", "stranger.key"), "karvan operator add"),
            "server": (there, keys(rig, "company.key", "company.key"), "is server_key the gateway's"),
            "keyless": (there, "", "set server_key and keys"),
            "good": (there, good, ""),
        }
        host = rig.host("host", "".join(ADAPTER % (n, e, more, rig.dir, n)
                                        for n, (e, more, _) in rows.items()))
        wait_for("the good one is ready", lambda: (rig.adapter("host", "good") or {}).get("well"))
        for name, (endpoint, _, words) in rows.items():
            wait_for("%s: %r" % (name, words),
                     lambda: words in rig.adapter("host", name)["gateway"].get("text", ""))
            if words:
                host.wait_log(words)
                if rig.adapter("host", name)["well"]:
                    fail("%s is well" % name)
        # A clock that is ahead: refused event by event, with a word for it.
        rig.drop("good", "ahead.ndjson", event(0, time=4070908800000))
        host.wait_log("code=406 field=time")
        rig.gateway.stop()
        wait_for("the gateway's end", lambda: rig.adapter("host", "good")["gateway"]["state"] == "connecting")
        wait_for("why", lambda: "nobody listens" in rig.adapter("host", "good")["gateway"]["text"])
        rig.start_gateway()
        wait_for("it is back", lambda: rig.adapter("host", "good")["well"])
        if rig.adapter("host", "good")["gateway"].get("text"):
            fail("the old words stay: %s" % rig.adapter("host", "good"))
        host.stop()
        dumb.close()
        print("adapter_words: passed")


main()
