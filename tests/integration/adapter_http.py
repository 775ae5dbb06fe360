#!/usr/bin/python3
"""The adapter host over HTTP, against the real gateway: curl as the client of a webhook with a token,
with and without TLS, and a server that fails, stalls, refuses and recovers as the receiver.
adapter_http.py BIN_DIR"""
import http.server
import json
import os
import shutil
import subprocess
import sys
import threading
import time

from adapter_rig import Rig, check_whole, event, fail, numbers, wait_for

ADAPTERS = """
  - name: hook-1
    format: ndjson
    endpoint: ipc://%(dir)s/company.sock
    source: {kind: http, folder: %(dir)s/hook, listen: "127.0.0.1:0", path: /events,
             token_file: %(dir)s/token, max_bytes: 64 KiB}
  - name: tls-1
    format: ndjson
    endpoint: ipc://%(dir)s/company.sock
    source: {kind: http, folder: %(dir)s/tls, listen: "127.0.0.1:0", path: /events,
             token_file: %(dir)s/token, tls_cert: %(dir)s/crt.pem, tls_key: %(dir)s/key.pem}
  - name: post-1
    format: ndjson
    endpoint: ipc://%(dir)s/partner.sock
    sink: {kind: http, folder: %(dir)s/post, subscription: post, start: earliest,
           url: "http://127.0.0.1:%(port)d/in", token_file: %(dir)s/token, every_events: 10,
           every_ms: 50, timeout_ms: 700, retry_ms: 50, retry_max_ms: 200,
           content_type: application/x-ndjson}
"""


class Receiver(http.server.BaseHTTPRequestHandler):
    """Answers as told; keeps what it took."""
    plan = []  # status codes to give first; "stall" says nothing for a while
    taken, seen = [], []
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        cls = type(self)
        cls.seen.append((dict(self.headers), body))
        answer = cls.plan.pop(0) if cls.plan else 200
        if answer == "stall":
            time.sleep(2)
            return
        if answer == "lost":  # taken, but the answer never arrives
            cls.take(self.headers, body)
            self.close_connection = True
            return
        if answer == 200:
            cls.take(self.headers, body)
        self.send_response(answer)
        self.send_header("Content-Length", "5")
        if answer == 429:
            self.send_header("Retry-After", "1")
        self.end_headers()
        self.wfile.write(b"words")

    @classmethod
    def take(cls, headers, body):
        if headers["Idempotency-Key"] not in [k for k, _ in cls.taken]:
            cls.taken.append((headers["Idempotency-Key"], body))

    def log_message(self, *_):
        pass


def ids_taken():
    return [json.loads(line)["id"] for _, body in Receiver.taken for line in body.splitlines()]


class Hook:
    def __init__(self, rig, name, scheme="http"):
        port = wait_for(name + " listens", lambda: (rig.adapter("host", name) or {}).get(
            "source", {}).get("port"))
        self.url = "%s://localhost:%d/events" % (scheme, port)
        self.resolve = "localhost:%d:127.0.0.1" % port

    def post(self, body, *more, token="secret-of-the-port"):
        """Status and answer."""
        auth = ["-H", "Authorization: Bearer " + token] if token else []
        p = subprocess.run(["curl", "-sS", "-m", "30", "--noproxy", "*", "--resolve", self.resolve,
                            "-w", "\n%{http_code}", "--data-binary", "@-", *auth, *more, self.url],
                           input=body.encode(), stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        words, status = p.stdout.decode().rsplit("\n", 1)
        return int(status), words


def expect(what, got, status, words=""):
    if got[0] != status or words not in got[1]:
        fail("%s: %s" % (what, got))


def webhook(rig, hook):
    expect("no token", hook.post(event(0), token=None), 401)
    expect("wrong token", hook.post(event(0), token="secret-of-the-pork"), 401)
    expect("prefix of the token", hook.post(event(0), token="secret"), 401)
    expect("another path", Hook.post(hook, event(0), "--request-target", "/other"), 404)
    expect("another method", hook.post("", "-X", "DELETE"), 405)
    expect("too large", hook.post("x" * 70000, "-H", "Expect:"), 413)
    if rig.files("hook", "failed") or rig.adapter("host", "hook-1")["source"]["messages"]:
        fail("something of a stranger's was read")
    expect("an event", hook.post(event(0)), 202, '"repeated":false')
    expect("the same again", hook.post(event(0)), 202, '"repeated":true')
    expect("three", hook.post("".join(event(n) for n in (1, 2, 3))), 202)
    expect("refused", hook.post(event(9) + "{\n"), 422, '"segment":2')
    if len(rig.files("hook", "failed")) != 2:
        fail("failed/ holds %s" % rig.files("hook", "failed"))
    expect("in chunks", hook.post(event(4), "-H", "Transfer-Encoding: chunked"), 202)
    status, _ = (0, "")
    try:
        status, _ = hook.post("x" * 100000, "-H", "Transfer-Encoding: chunked")
    except ValueError:
        pass  # the connection was closed, curl has no status
    if status in (200, 202, 422):
        fail("100,000 bytes in chunks were taken: %d" % status)


def spooled_before_202(rig, hook):
    """What was answered 202 is safe though the gateway and the host are killed at once."""
    rig.gateway.kill()
    expect("gateway away", hook.post(event(5)), 202)


def tls(rig, hook):
    expect("over TLS", hook.post(event(6), "--cacert", rig.path("crt.pem")), 202)


def receiver_troubles(rig):
    """500, a stall, 429 with Retry-After, a lost answer: nothing lost, nothing twice; 410: failed/."""
    have = len(ids_taken())
    Receiver.plan[:] = [500, "stall", 429, "lost", 503]
    hook = Hook(rig, "hook-1")
    for n in range(7, 27):
        expect("event %d" % n, hook.post(event(n)), 202)
    wait_for("all plans used", lambda: not Receiver.plan)
    wait_for("all taken", lambda: len(ids_taken()) >= have + 20)
    if max(len(body.splitlines()) for _, body in Receiver.taken) > 10:
        fail("a message of more than every_events")
    if numbers(ids_taken()) != list(range(27)):
        fail("the receiver took %s" % ids_taken())
    headers = Receiver.seen[0][0]
    if (headers["Authorization"], headers["Content-Type"]) != ("Bearer secret-of-the-port",
                                                               "application/x-ndjson"):
        fail("headers: %s" % headers)
    Receiver.plan[:] = [410]
    expect("event 27", hook.post(event(27)), 202)
    wait_for("failed/ has it, with its reason", lambda: len(rig.files("post", "failed")) == 2)
    with open(rig.files("post", "failed")[0]) as f:
        if json.loads(f.read())["id"] != "E-000027":
            fail("failed/ holds another message")
    with open(rig.files("post", "failed")[1]) as f:
        if "status 410: words" not in f.read():
            fail("the reason does not say it")
    expect("event 28", hook.post(event(28)), 202)
    wait_for("what comes after it", lambda: "E-000028" in ids_taken())


def main():
    if not shutil.which("curl"):
        print("adapter_http: skipped: curl is not installed")
        sys.exit(77)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with Rig(sys.argv[1]) as rig:
        rig.start_gateway()
        rig.start_receiver()
        rig.write("token", "secret-of-the-port\n")
        os.chmod(rig.path("token"), 0o600)
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2",
                        "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost",
                        "-keyout", rig.path("key.pem"), "-out", rig.path("crt.pem")], check=True,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        adapters = ADAPTERS % {"dir": rig.dir, "port": server.server_address[1]}
        host = rig.host("host", adapters)
        hook = Hook(rig, "hook-1")
        webhook(rig, hook)
        wait_for("5 events", lambda: len(rig.received()) >= 5)
        spooled_before_202(rig, hook)
        host.kill()
        rig.start_gateway()
        host = rig.host("host", adapters)
        wait_for("the one event arrives", lambda: len(rig.received()) >= 6)
        tls(rig, Hook(rig, "tls-1", "https"))
        wait_for("the receiver has all", lambda: len(ids_taken()) >= 7)
        receiver_troubles(rig)
        wait_for("29 events", lambda: len(rig.received()) >= 29)
        check_whole(rig, 29, "http")
        took = host.stop()
        if took > 5:
            fail("the host took %.1f s to end" % took)
        print("adapter_http: passed, ended in %.2f s" % took)


main()
