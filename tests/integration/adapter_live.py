#!/usr/bin/python3
"""Sinks with live: true, against the real gateway, the Mosquitto broker and an HTTP server: positions come
out, behind the business events that came before them; who is slow loses positions and nothing else; a sink
that did not ask gets none.
adapter_live.py BIN_DIR"""
import http.server
import json
import os
import socket
import subprocess
import sys
import threading

from adapter_rig import Broker, Rig, event, fail, need, wait_for

ADAPTERS = """
  - name: live
    format: ndjson
    endpoint: ipc://%(dir)s/partner.sock
    sink: {kind: mqtt, folder: %(dir)s/live, subscription: live, topic: live, live: true,
           connect: "127.0.0.1:%(broker)d", every_ms: 200, retry_ms: 50, retry_max_ms: 200}
  - name: plain
    format: ndjson
    endpoint: ipc://%(dir)s/partner.sock
    sink: {kind: mqtt, folder: %(dir)s/plain, subscription: plain, topic: plain,
           connect: "127.0.0.1:%(broker)d", every_ms: 50}
  - name: post
    format: ndjson
    endpoint: ipc://%(dir)s/partner.sock
    sink: {kind: http, folder: %(dir)s/post, subscription: post, live: true, every_ms: 20,
           url: "http://127.0.0.1:%(http)d/in", timeout_ms: 60000}
  - name: folder
    format: ndjson
    endpoint: ipc://%(dir)s/partner.sock
    sink: {kind: folder, folder: %(dir)s/folder, subscription: folder, live: true, every_ms: 20}
  - name: udp
    format: ndjson
    endpoint: ipc://%(dir)s/partner.sock
    sink: {kind: udp, folder: %(dir)s/udp, subscription: udp, live: true, every_ms: 20,
           connect: "127.0.0.1:%(udp)d"}
  - name: tcp
    format: ndjson
    endpoint: ipc://%(dir)s/partner.sock
    sink: {kind: tcp, folder: %(dir)s/tcp, subscription: tcp, live: true, every_ms: 20,
           connect: "127.0.0.1:%(tcp)d"}
"""


class Receiver(http.server.BaseHTTPRequestHandler):
    """Does not answer a request with a position before it is told to."""
    go = threading.Event()
    seen, answered = [], []
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        ids = [json.loads(x)["id"]
               for x in self.rfile.read(int(self.headers["Content-Length"])).splitlines()]
        type(self).seen += ids
        if ids[0].startswith("P-"):
            type(self).go.wait(120)
        type(self).answered += ids
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_):
        pass


def position(number):
    return event(number, id="P-%06d" % number, type="position", subject="equipment",
                 place={"lat": 43.5, "lon": 50.0 + number / 1000})


class Watched(Broker):
    """A broker of which everything published under live and plain is written down."""

    def start(self):
        super().start()
        self.subs = []
        for topic in ("live", "plain"):
            out = open(self.rig.path(topic + ".ndjson"), "ab")
            self.subs.append(subprocess.Popen(
                self.client("mosquitto_sub", "-t", topic, "-F", "%p"), stdout=out))
        # A subscription stands once a message published behind it comes back.
        for topic in ("live", "plain"):
            wait_for("%s is subscribed" % topic, lambda t=topic: self.echoes(t))

    def echoes(self, topic):
        self.publish(topic, json.dumps({"id": "echo"}) + "\n")
        return "echo" in self.rig.ids(topic + ".ndjson")

    def stop(self):
        for p in self.subs:
            p.terminate()
            p.wait()
        super().stop()


def publish(rig, text, *more):
    p = subprocess.run([os.path.join(rig.bin, "karvan"), "publish", "--endpoint",
                        "ipc://" + rig.path("company.sock"), "--plain", "--adapter",
                        "live" if more else "business", *more, "-"], input=text, text=True,
                       stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=60)
    if p.returncode:
        fail("publish: %s" % p.stderr)


def out(rig, topic):
    return [i for i in rig.ids(topic + ".ndjson") if i != "echo"]


def sink(rig, name):
    return (rig.adapter("host", name) or {}).get("sink", {})


class Lines(threading.Thread):
    """A TCP server that reads lines from whoever comes."""

    def __init__(self):
        super().__init__(daemon=True)
        self.got = b""
        self.server = socket.create_server(("127.0.0.1", 0))
        self.port = self.server.getsockname()[1]
        self.start()

    def run(self):
        while True:
            s, _ = self.server.accept()
            while True:
                more = s.recv(65536)
                if not more:
                    break
                self.got += more


def way(rig, broker, udp, tcp):
    # A position behind a business event: gathered for as long as it is, and behind it.
    publish(rig, event(0))
    wait_for("the event is gathered or out", lambda: sink(rig, "live").get("pending")
             or sink(rig, "live").get("events"))
    publish(rig, position(1), "--live")
    wait_for("both come out", lambda: len(out(rig, "live")) >= 2)
    if out(rig, "live") != ["E-000000", "P-000001"]:
        fail("out: %s" % out(rig, "live"))
    wait_for("the file", lambda: [p for p in rig.files("folder", "outbox") if "-live-" in p])

    # These connect on their first event, which a live one does not wait for: the next ones.
    def next_one(number=[2]):
        number[0] += 1
        publish(rig, position(number[0]), "--live")
        return b"P-0" in tcp.got and number[0]
    wait_for("a position over TCP", next_one)
    udp.settimeout(60)
    while b"P-0" not in udp.recv(65536):
        pass

    # The HTTP server sits on a position: business goes on, positions are dropped and counted.
    wait_for("the server sits on a position", lambda: any(i[0] == "P" for i in Receiver.seen))
    publish(rig, "".join(event(n) for n in range(1, 21)))
    wait_for("20 events over HTTP", lambda: "E-000020" in Receiver.answered)
    publish(rig, position(100), "--live")
    wait_for("a position is dropped", lambda: sink(rig, "post").get("live_dropped"))
    if "P-000100" in Receiver.seen:
        fail("two requests with positions at once")
    Receiver.go.set()

    # No broker: business waits, positions are dropped; then everything that waited, in order.
    wait_for("21 events over MQTT", lambda: len(
        [i for i in out(rig, "live") if i[0] == "E"]) >= 21)
    broker.stop()
    wait_for("the link is lost", lambda: not sink(rig, "live").get("connected"))
    publish(rig, event(21))
    wait_for("it waits", lambda: sink(rig, "live").get("pending"))
    publish(rig, "".join(position(n) for n in range(200, 220)), "--live")
    broker.start()
    wait_for("the event that waited", lambda: "E-000021" in out(rig, "live"))
    publish(rig, event(22))
    publish(rig, position(300), "--live")
    wait_for("live goes on", lambda: "P-000300" in out(rig, "live"))
    got = out(rig, "live")
    if [i for i in got if i[0] == "E"] != ["E-%06d" % n for n in range(23)]:
        fail("business events: %s" % got)
    after = got.index("E-000021")
    if any(i.startswith("P-0002") for i in got[:after]) or got.index("P-000300") < got.index("E-000022"):
        fail("a position went ahead: %s" % got)
    wait_for("the others' business events", lambda: len(out(rig, "plain")) >= 23)
    if [i for i in out(rig, "plain") if i[0] == "P"]:
        fail("a sink that did not ask got positions")
    if "live" in sink(rig, "plain") or not sink(rig, "live")["live"]:
        fail("status: %s %s" % (sink(rig, "plain"), sink(rig, "live")))
    words = rig.run("karvan-adapter", "status", "--socket", rig.path("host.sock"))
    if "live events: " not in words:
        fail("status: %s" % words)


def refused_settings(rig):
    """What cannot have live events says so before it runs."""
    rows = {"kind: serial, device: /dev/null": "sink.live", "kind: folder, filter: [live=true]": "live: true"}
    for kind, words in rows.items():
        live = "" if "filter" in kind else ", live: true"
        path = rig.write("bad.yaml", "adapters:\n  - name: bad\n    format: ndjson\n"
                         "    endpoint: ipc:///tmp/x\n    sink: {%s, folder: %s/bad, subscription: b%s}\n"
                         % (kind, rig.dir, live))
        text = rig.run("karvan-adapter", "check", path, code=1)
        if words not in text:
            fail("check: %s" % text)


def main():
    need("adapter_live", "mosquitto", "mosquitto_pub")
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    udp.bind(("127.0.0.1", 0))
    tcp = Lines()
    with Rig(sys.argv[1]) as rig:
        refused_settings(rig)
        rig.start_gateway()
        broker = Watched(rig)
        broker.start()
        try:
            host = rig.host("host", ADAPTERS % {
                "dir": rig.dir, "broker": broker.port, "http": server.server_address[1], "tcp": tcp.port,
                "udp": udp.getsockname()[1]})
            wait_for("all subscribed", lambda: host.text().count("subscription.begun") == 6)
            wait_for("connected", lambda: sink(rig, "live").get("connected"))
            way(rig, broker, udp, tcp)
            host.stop()
        finally:
            Receiver.go.set()
            broker.stop()
        print("adapter_live: passed")


main()
