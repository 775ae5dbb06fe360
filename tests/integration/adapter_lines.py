#!/usr/bin/python3
"""The adapter host over lines, against the real gateway: TCP both ways of connecting, UDP, and a
pseudo terminal as the serial line; in and out.  adapter_lines.py BIN_DIR"""
import json
import os
import socket
import sys
import threading
import time
import tty

from adapter_rig import Rig, check_whole, event, fail, numbers, wait_for

SOURCES = """
  - name: listen-1
    format: ndjson
    endpoint: ipc://%(dir)s/company.sock
    source: {kind: tcp, folder: %(dir)s/listen, listen: "127.0.0.1:0", line_bytes: 2 KiB,
             batch_lines: 8, batch_ms: 100}
    spool: {max_bytes: 64 KiB}
  - name: call-1
    format: ndjson
    endpoint: ipc://%(dir)s/company.sock
    source: {kind: tcp, folder: %(dir)s/call, connect: "localhost:%(feed)d", batch_ms: 50}
  - name: udp-1
    format: ndjson
    endpoint: ipc://%(dir)s/company.sock
    source: {kind: udp, folder: %(dir)s/udp, listen: "127.0.0.1:0", batch_ms: 50}
  - name: serial-1
    format: ndjson
    endpoint: ipc://%(dir)s/company.sock
    source: {kind: serial, folder: %(dir)s/serial, device: %(dir)s/tty-in, batch_ms: 50}
"""
SINKS = """
  - name: tcp-out
    format: ndjson
    endpoint: ipc://%(dir)s/partner.sock
    sink: {kind: tcp, folder: %(dir)s/tcp-out, subscription: tcp, start: earliest,
           connect: "localhost:%(taker)d", every_ms: 50, every_events: 7, retry_ms: 50,
           retry_max_ms: 200}
  - name: udp-out
    format: ndjson
    endpoint: ipc://%(dir)s/partner.sock
    sink: {kind: udp, folder: %(dir)s/udp-out, subscription: udp, start: earliest,
           connect: "127.0.0.1:%(datagrams)d", every_ms: 50, every_events: 7}
  - name: serial-out
    format: ndjson
    endpoint: ipc://%(dir)s/partner.sock
    sink: {kind: serial, folder: %(dir)s/serial-out, subscription: serial, start: earliest,
           device: %(dir)s/tty-out, every_ms: 50, every_events: 7}
"""


def listen():
    s = socket.socket()
    s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    s.bind(("127.0.0.1", 0))
    s.listen()
    return s


class Taker(threading.Thread):
    """Keeps what a reader gives until it gives nothing more."""

    def __init__(self, read):
        super().__init__(daemon=True)
        self.read, self.bytes = read, b""
        self.start()

    def run(self):
        while True:
            try:
                more = self.read()
            except OSError:
                return
            if not more:
                return
            self.bytes += more

    def ids(self):
        lines = self.bytes.split(b"\n")[:-1]
        return [json.loads(x)["id"] for x in lines if x.strip()]


def terminal(rig, name):
    """A pseudo terminal whose device is called `name` in the rig's folder; our end of it."""
    ours, theirs = os.openpty()
    tty.setraw(theirs)
    if os.path.lexists(rig.path(name)):
        os.remove(rig.path(name))
    os.symlink(os.ttyname(theirs), rig.path(name))
    return ours, theirs


def arrive(rig, count):
    wait_for("%d events" % count, lambda: len(rig.received()) >= count)
    check_whole(rig, count, "lines")


def port_of(rig, name):
    return wait_for(name + " listens", lambda: (rig.adapter("host", name) or {}).get(
        "source", {}).get("port"))


def tcp_in(rig):
    s = socket.create_connection(("127.0.0.1", port_of(rig, "listen-1")))
    text = "".join(event(n) for n in range(20)).encode()
    for i in range(0, len(text), 57):  # torn anywhere
        s.sendall(text[i:i + 57])
    arrive(rig, 20)
    # bad lines among good ones: each alone into failed/; a line too long is dropped
    s.sendall((event(20) + "{broken\r\n" + event(21) + "x" * 5000 + "\n" + "\n\n" + "also bad\n" +
               event(22)).encode() + event(23).strip().encode())
    s.close()  # the end of the stream ends the last line
    arrive(rig, 24)
    bad = [f for f in rig.files("listen", "failed") if not f.endswith(".reason.txt")]
    if sorted(open(f).read() for f in bad) != ["also bad\n", "{broken\n"]:
        fail("failed/ holds %s" % [open(f).read() for f in bad])
    s = rig.adapter("host", "listen-1")["source"]
    if (s["lines"], s["too_long"], s["refused"]) != (24, 1, 2):
        fail("status says %s" % s)


def tcp_call(rig, feed):
    conn, _ = feed.accept()
    conn.sendall(event(24).encode() + event(25)[:20].encode())
    arrive(rig, 25)
    conn.close()  # half a line is lost with the connection; the host calls again
    conn, _ = feed.accept()
    conn.sendall(event(25).encode())
    arrive(rig, 26)
    return conn


def udp_in(rig):
    s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    to = ("127.0.0.1", port_of(rig, "udp-1"))
    s.sendto((event(26) + event(27)).encode(), to)
    arrive(rig, 28)
    s.sendto(event(28).strip().encode(), to)
    arrive(rig, 29)


def serial_in(rig, ours):
    text = "".join(event(n) for n in range(29, 50)).replace("\n", "\r\n").encode()
    while text:
        text = text[os.write(ours[0], text[:200]):]
    arrive(rig, 50)
    os.close(ours[0])  # the line is pulled out ...
    os.close(ours[1])
    wait_for("the adapter has failed",
             lambda: rig.adapter("host", "serial-1")["failures"] > 0)
    ours = terminal(rig, "tty-in")  # ... and is back under the same name
    wait_for("it runs again", lambda: rig.adapter("host", "serial-1")["state"] == "running")
    os.write(ours[0], event(50).encode())
    arrive(rig, 51)


def held_back(rig):
    """More than the spool holds while the gateway is away: the sender waits, nothing is lost."""
    rig.gateway.kill()
    s = socket.create_connection(("127.0.0.1", port_of(rig, "listen-1")))
    text = "".join(event(n) for n in range(52, 1052)).encode()
    sender = threading.Thread(target=s.sendall, args=(text,), daemon=True)
    sender.start()
    wait_for("there is no room", lambda: rig.adapter("host", "listen-1")["source"]["held"])
    rig.start_gateway()
    wait_for("1052 events", lambda: len(rig.received()) >= 1052)
    check_whole(rig, 1052, "held back")
    if rig.adapter("host", "listen-1")["source"]["dropped"]:
        fail("lines of a stream that can be held back were dropped")


def ways_out(rig, taker, datagrams, ours):
    count = len(rig.received())
    conn, _ = taker.accept()
    tcp = Taker(lambda: conn.recv(65536))
    serial = Taker(lambda: os.read(ours[0], 65536))
    for name, t in (("tcp", tcp), ("serial", serial), ("udp", datagrams)):
        wait_for("%d out over %s" % (count, name), lambda: len(t.ids()) >= count)
        if numbers(t.ids()) != list(range(count)):
            fail("over %s came %s" % (name, t.ids()[:30]))
    conn.shutdown(socket.SHUT_RDWR)  # the receiver goes away and comes back
    conn.close()
    s = socket.create_connection(("127.0.0.1", port_of(rig, "listen-1")))
    s.sendall(event(count).encode())
    conn, _ = taker.accept()
    again = Taker(lambda: conn.recv(65536))
    wait_for("the next one over the new connection", lambda: again.ids() == ["E-%06d" % count])
    s.close()


def main():
    with Rig(sys.argv[1]) as rig:
        feed, taker = listen(), listen()
        udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        udp.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 << 20)
        udp.bind(("127.0.0.1", 0))
        datagrams = Taker(lambda: udp.recv(65536) + b"\n")
        tty_in, tty_out = terminal(rig, "tty-in"), terminal(rig, "tty-out")
        rig.start_gateway()
        rig.start_receiver()
        where = {"dir": rig.dir, "feed": feed.getsockname()[1], "taker": taker.getsockname()[1],
                 "datagrams": udp.getsockname()[1]}
        host = rig.host("host", (SOURCES + SINKS) % where)
        for s in (feed, taker):
            s.settimeout(60)
        tcp_in(rig)
        tcp_call(rig, feed)
        udp_in(rig)
        serial_in(rig, tty_in)
        ways_out(rig, taker, datagrams, tty_out)
        held_back(rig)
        took = host.stop()
        if took > 5:
            fail("the host took %.1f s to end" % took)
        print("adapter_lines: passed, ended in %.2f s" % took)


main()
