#!/usr/bin/python3
"""Adapters whose counterparts speak TLS, with certificates of an authority of our own: messages out to an
https:// server, and MQTT in and out through the Mosquitto broker. A counterpart whose certificate is of
another authority or for another host is not spoken to; nothing is lost by that, and the words say what to do.
adapter_tls.py BIN_DIR"""
import http.server
import json
import ssl
import subprocess
import sys
import threading

from adapter_rig import Broker, Rig, event, fail, need, numbers, wait_for

POST = """
  - name: {name}
    format: ndjson
    endpoint: ipc://{dir}/partner.sock
    sink: {{kind: http, folder: {dir}/{name}, subscription: {name}, start: earliest,
           url: "https://{host}:{port}/in", ca_file: {dir}/{ca}, every_ms: 50, retry_ms: 50,
           retry_max_ms: 200}}
"""
MQTT_IN = """
  - name: {name}
    format: ndjson
    endpoint: ipc://{dir}/company.sock
    source: {{kind: mqtt, folder: {dir}/{name}, connect: "{host}:{port}", topic: "in/gate",
             ca_file: {dir}/{ca}}}
"""
MQTT_OUT = """
  - name: {name}
    format: ndjson
    endpoint: ipc://{dir}/partner.sock
    sink: {{kind: mqtt, folder: {dir}/{name}, subscription: {name}, start: earliest, topic: out/{name},
           connect: "{host}:{port}", ca_file: {dir}/{ca}, every_ms: 50, retry_ms: 50,
           retry_max_ms: 200}}
"""


def openssl(*argv):
    subprocess.run(["openssl", *argv], check=True, stdout=subprocess.DEVNULL,
                   stderr=subprocess.DEVNULL)


def authority(rig, name):
    """NAME.crt and NAME.key: certificates may be issued with it."""
    openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
            "-days", "2", "-subj", "/CN=%s of adapter_tls" % name, "-keyout",
            rig.path(name + ".key"), "-out", rig.path(name + ".crt"))


def certificate(rig, name, by, host):
    """NAME.crt and NAME.key, issued by an authority for a host."""
    openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-subj",
            "/CN=" + host, "-keyout", rig.path(name + ".key"), "-out", rig.path(name + ".csr"))
    rig.write(name + ".ext", "subjectAltName=DNS:%s\n" % host)
    openssl("x509", "-req", "-days", "2", "-in", rig.path(name + ".csr"), "-CA",
            rig.path(by + ".crt"), "-CAkey", rig.path(by + ".key"), "-CAcreateserial", "-extfile",
            rig.path(name + ".ext"), "-out", rig.path(name + ".crt"))


class Receiver(http.server.BaseHTTPRequestHandler):
    taken = []
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        type(self).taken += [json.loads(x)["id"] for x in body.splitlines()]
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_):
        pass


class Server(http.server.ThreadingHTTPServer):
    """Shakes hands in the connection's own thread; a client that turns away is no trouble."""
    daemon_threads = True

    def __init__(self, rig, certificate_name):
        super().__init__(("127.0.0.1", 0), Receiver)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(rig.path(certificate_name + ".crt"),
                                rig.path(certificate_name + ".key"))
        self.socket = context.wrap_socket(self.socket, server_side=True,
                                          do_handshake_on_connect=False)
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def handle_error(self, request, client_address):
        pass


def refused(rig, host, name, what, *words):
    """The adapter goes on trying, and says why not in words of this kind."""
    def trouble():
        a = rig.adapter(host, name) or {}
        text = json.dumps(a, ensure_ascii=False).lower()
        return all(w in text for w in words)
    try:
        wait_for("%s: words %s" % (what, words), trouble, 30)
    except AssertionError:
        sys.stderr.write(json.dumps(rig.adapter(host, name), indent=1))
        raise


def https(rig):
    """Right; of another authority; for another host; an authority the system does not know."""
    good, elsewhere = Server(rig, "server"), Server(rig, "elsewhere")
    port = good.server_address[1]
    rows = {"name": "post", "dir": rig.dir, "host": "localhost", "port": port, "ca": "ca.crt"}
    bad = [("by-stranger", "another authority", {"ca": "stranger.crt"}, ("certificate", "sink.ca_file must hold")),
           ("by-name", "another host", {"port": elsewhere.server_address[1]},
            ("localhost", "sink.url must name")),
           ("by-address", "an address", {"host": "127.0.0.1"}, ("127.0.0.1", "sink.url must name")),
           ("no-file", "no file", {"ca": "nothing.crt"}, ("nothing.crt", "ca_file"))]
    host = rig.host("https", "".join(POST.format(**{**rows, "name": n, **c}) for n, _, c, _ in bad))
    for name, what, _, words in bad:
        refused(rig, "https", name, what, *words)
    if Receiver.taken:
        fail("a message went to a server that is not to be trusted: %s" % Receiver.taken)
    host.stop()
    # The remedy: the right authority. What waited goes out.
    rows["name"] = "by-stranger"
    host = rig.host("https", POST.format(**rows))
    wait_for("3 events over https", lambda: len(Receiver.taken) >= 3)
    if numbers(Receiver.taken) != [0, 1, 2]:
        fail("the receiver took %s" % Receiver.taken)
    host.stop()


def start_broker(rig, name, certificate_name):
    broker = Broker(rig, name, """
allow_anonymous true
cafile {d}/ca.crt
certfile {d}/{c}.crt
keyfile {d}/{c}.key
""".format(d=rig.dir, c=certificate_name),
                    client=("-h", "localhost", "--cafile", rig.path("ca.crt")))
    broker.start()
    return broker


def mqtt(rig, broker, elsewhere):
    rows = {"dir": rig.dir, "host": "localhost", "port": broker.port, "ca": "ca.crt"}
    bad = [("-by-stranger", "another authority", {"ca": "stranger.crt"}, ("certificate", ".ca_file must hold")),
           ("-by-name", "another host", {"port": elsewhere.port},
            ("certificate", ".connect must name")),
           ("-by-address", "an address", {"host": "127.0.0.1"}, ("certificate", ".connect must name")),
           ("-no-file", "no file", {"ca": "nothing.crt"}, ("nothing.crt", "ca_file"))]
    host = rig.host("mqtt-bad", "".join(
        form.format(**{**rows, "name": kind + name, **c})
        for name, _, c, _ in bad for kind, form in (("in", MQTT_IN), ("out", MQTT_OUT))))
    for name, what, _, words in bad:
        for kind in ("in", "out"):
            refused(rig, "mqtt-bad", kind + name, "mqtt %s: %s" % (kind, what), *words)
            if (rig.adapter("mqtt-bad", kind + name).get("source" if kind == "in" else "sink", {})
                    .get("connected")):
                fail("mqtt %s: %s: connected" % (kind, what))
    host.stop()

    host = rig.host("mqtt", MQTT_IN.format(name="mqtt-in", **rows)
                    + MQTT_OUT.format(name="mqtt-out", **rows))
    host.wait_log("adapter=mqtt-in localhost")
    out = rig.path("out.ndjson")
    with open(out, "ab") as f:
        sub = subprocess.Popen(broker.client("mosquitto_sub", "-t", "out/mqtt-out", "-F", "%p"),
                               stdout=f)
    try:
        # 200 messages at once: what TLS has already decrypted must not wait for more bytes.
        broker.publish("in/gate", *[event(n) for n in range(3, 203)])
        wait_for("203 events", lambda: len(rig.received()) >= 203)
        wait_for("the last one out",
                 lambda: "E-000202" in open(out, errors="replace").read())
    finally:
        sub.terminate()
        sub.wait()
    if numbers(rig.received()) != list(range(203)):
        fail("out of order, or not once: %s" % rig.received()[:20])
    host.stop()


def main():
    need("adapter_tls", "openssl", "mosquitto", "mosquitto_pub")
    with Rig(sys.argv[1]) as rig:
        for name in ("ca", "stranger"):
            authority(rig, name)
        certificate(rig, "server", "ca", "localhost")
        certificate(rig, "elsewhere", "ca", "elsewhere.example")
        rig.start_gateway()
        rig.start_receiver()
        first = rig.host("first", """
  - name: folder
    format: ndjson
    endpoint: ipc://%(dir)s/company.sock
    source: {kind: folder, folder: %(dir)s/folder}
""" % {"dir": rig.dir})
        rig.drop("folder", "first.ndjson", "".join(event(n) for n in range(3)))
        wait_for("3 events", lambda: len(rig.received()) >= 3)
        first.stop()
        https(rig)
        mqtt(rig, start_broker(rig, "broker", "server"),
             start_broker(rig, "elsewhere", "elsewhere"))
        print("adapter_tls: passed")


main()
