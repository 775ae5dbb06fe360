"""attack.py BIN [--firewall] [SECONDS [NAME...]] - how much slower others become while one operator, or a
stranger, means harm.

A company sends 50 batches of 20 events a second to another.  In turn there is quiet and an attack, three times,
SECONDS each; printed is the p99 of acknowledgement and of delivery in both, and how often one is the other.
The attackers are processes of their own that run only where a core is idle (SCHED_IDLE), so that what is
measured is rather the gateway than the two cores; `busy` burns as much without a connection, and shows
what remains of that.
With --firewall the gateway stands behind docker/karvan.nft, in a network of its own.
Judged is only that all of the others' events arrive, and that karvand lives and leaves as it should."""
import os, random, subprocess, sys
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "integration"))
import netns
FIREWALL = sys.argv[2:3] == ["--firewall"]
if FIREWALL:
    netns.enter("attack")
    del sys.argv[2]
from gate import *
from work import Work, p99, rss

TURNS = 3


class Evil:
    """What an attacker's process knows: the address, the gateway's key, its own keys."""

    def __init__(self, address, gateway, public, secret):
        self.address, self.port = address, int(address.rsplit(":", 1)[1])
        self.gateway, self.public, self.secret = gateway.encode(), public.encode(), secret.encode()

    def socket(self, public=None, secret=None, **options):
        s = context.socket(zmq.DEALER)
        s.linger, s.sndhwm, s.rcvhwm = 0, 1000, 0
        s.curve_serverkey, s.curve_publickey = self.gateway, public or self.public
        s.curve_secretkey = secret or self.secret
        s.connect(self.address)
        return s

    def session(self, adapter):
        s = self.socket()
        s.send(header("HELLO", adapter=adapter, v_least=1, v_most=1))
        while True:  # it may be turned away for a while
            if s.poll(2000) and msgpack.unpackb(s.recv_multipart()[0])["op"] == "WELCOME":
                return s
            s.send(header("HELLO", adapter=adapter, v_least=1, v_most=1))


def memory():
    """A folder in memory, so that the disk of the machine does not blur what is measured."""
    return tempfile.mkdtemp(prefix="karvan-", dir="/dev/shm") if os.access("/dev/shm", os.W_OK) else None


def header(op, **more):
    return msgpack.packb({"v": 1, "op": op, **more})


def flush(s):
    """Read and forget what came."""
    n = 0
    while n < 1000 and s.poll(0):
        s.recv_multipart()
        n += 1


def again(evil, adapter, step):
    """step(socket, n) for ever, on a new session when the old one brings nothing any more."""
    while True:
        s, n = evil.session(adapter), 0
        end = time.monotonic() + 2
        while time.monotonic() < end:
            n += 1
            step(s, n)
            if n % 64 == 0:
                flush(s)
        s.close(0)


def busy(evil):
    while True:
        pass


def flood(evil, size, *kind):
    """flood.c, as fast as a program can be."""
    os.execv(os.path.join(BIN, "flood"), ["flood", evil.address, evil.gateway, evil.public, evil.secret,
                                          str(size), "1000", *kind])


def small_flood(evil):
    flood(evil, 2)


def large_flood(evil):
    flood(evil, 1 << 20)


def live_flood(evil):
    """Live events that are none, which nobody answers."""
    flood(evil, 200, "live")


def malformed(evil):
    """Within credit, every event wrong: all of it goes to quarantine."""
    s, n = evil.session(f"malformed-{os.getpid()}"), 0
    body = msgpack.packb({"schema": 1, "id": "x", "type": "none"}) * 1000
    while True:
        n += 1
        s.send_multipart([header("PUBLISH", batch=n), body])
        s.recv_multipart()


def broken_bodies(evil):
    s, n = evil.session(f"broken-{os.getpid()}"), 0
    body = b"\xdd\xff\xff\xff\xff" * 20000
    while True:
        n += 1
        s.send_multipart([header("PUBLISH", batch=n), body])
        s.recv_multipart()


def subscriptions(evil):
    """From the beginning, with a filter of many words, sixty at a time."""
    filter = [{"type": ["load"], "operator": ["rail"], "equipment": [f"CSQU{k}*"]} for k in range(8)]
    body = msgpack.packb({"start": "earliest", "filter": filter})

    def step(s, n):
        name = f"s{n % 60}"
        s.send_multipart([header("SUBSCRIBE", name=name), body])
        s.send(header("CREDIT", name=name, credit_events=1 << 40, credit_bytes=1 << 40))
        s.send(header("UNSUBSCRIBE", name=name, flags=n % 2))
        flush(s)
    again(evil, "subscriptions", step)


def handshakes(evil):
    """A good key: handshake, HELLO, gone."""
    while True:
        sockets = [evil.socket() for _ in range(10)]
        for n, s in enumerate(sockets):
            s.send(header("HELLO", adapter=f"h{n}", v_least=1, v_most=1))
        for s in sockets:
            s.poll(1000)
            s.close(0)


def wrong_keys(evil):
    public, secret = zmq.curve_keypair()
    while True:
        sockets = [evil.socket(public, secret) for _ in range(20)]
        time.sleep(0.02)
        for s in sockets:
            s.close(0)


def connections(evil):
    """Connections that say half a greeting and are gone."""
    while True:
        held = []
        for n in range(50):
            c = socket.socket()
            c.settimeout(2)
            try:
                c.connect(("127.0.0.1", evil.port))
                c.send(b"\xff" + b"\0" * 8 + b"\x7f\x03")
                held.append(c)
            except OSError:
                c.close()
        for c in held:
            c.close()


def hellos(evil):
    again(evil, "hello", lambda s, n: s.send(header("HELLO", adapter=f"h{n % 50}", v_least=1, v_most=1)))


def pings(evil):
    again(evil, "ping", lambda s, n: s.send(header("PING", nonce=n)))


def receipts(evil):
    """For events of its own, each signed."""
    s = evil.session(f"receipts-{os.getpid()}")
    s.send_multipart([header("PUBLISH", batch=1), pack([event(f"evil-{os.getpid()}-{n}") for n in range(100)])])
    first = unpack(s.recv_multipart()[1])[0].get("first", 1)
    while True:
        for n in range(32):
            s.send(header("RECEIPT", **{"from": first + n % 100}))
        for n in range(32):
            if s.poll(1000):
                s.recv_multipart()


def good_events(evil):
    """As many as credit allows, of the right kind: no attack, but a neighbour in a hurry."""
    s, n, tag = evil.session(f"hurry-{os.getpid()}"), 0, os.getpid()
    one = msgpack.packb(event("A" * 24))
    while True:
        n += 1
        ids = [f"{tag:08}{n:08}{k:08}".encode() for k in range(1000)]
        s.send_multipart([header("PUBLISH", batch=n), b"".join(one.replace(b"A" * 24, i) for i in ids)])
        s.recv_multipart()


ATTACKS = (busy, small_flood, large_flood, live_flood, malformed, broken_bodies, subscriptions, handshakes, wrong_keys,
           connections, hellos, pings, receipts, good_events)


def start(g, attack):
    evil = [g.address, g.keys["gateway"]["public"], g.keys["evil"]["public"], g.keys["evil"]["secret"]]
    return subprocess.Popen([sys.executable, "-B", os.path.abspath(__file__), BIN, "--attack",
                             attack.__name__, *evil], stderr=subprocess.DEVNULL)


def alternate(g, work, attack, seconds):
    """p99 of (acknowledged, delivered) in quiet and under the attack."""
    took = {False: ([], []), True: ([], [])}
    top = before = rss(g)
    for turn in range(2 * TURNS):
        process = start(g, attack) if turn % 2 else None
        time.sleep(0.5)  # the attacker has to wake up
        at = len(work.reached)
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            time.sleep(0.1)
            top = max(top, rss(g))
        took[bool(turn % 2)][0].extend(work.took[at:])
        took[bool(turn % 2)][1].extend(work.reached[at:])
        if process:
            check(process.poll() is None, f"the attacker itself failed: {attack.__name__}")
            process.kill()
            process.wait()
            time.sleep(0.5)
        check(g.alive(), f"karvand died of {attack.__name__}")
    return [p99(s) for s in took[False]], [p99(s) for s in took[True]], before, top


def main(seconds, names):
    with Gate({"rail": ["silk", "evil"], "silk": [], "evil": []}, "session: {timeout_ms: 30000}\n",
              data=memory()) as g:
        work = Work(g, pause=0.018)
        work.start()
        until(lambda: len(work.took) > 100, "some quiet work first")
        if FIREWALL:
            netns.firewall(g.port)
        for attack in ATTACKS:
            if names and attack.__name__ not in names:
                continue
            quiet, loud, before, top = alternate(g, work, attack, seconds)
            print(f"attack: {attack.__name__}: acknowledged p99 {quiet[0]:.2f} -> {loud[0]:.2f} ms "
                  f"(x {loud[0] / quiet[0]:.1f}), delivered {quiet[1]:.2f} -> {loud[1]:.2f} ms "
                  f"(x {loud[1] / quiet[1]:.1f}), resident {before} -> {top} MiB", flush=True)
        work.finish()
        same(work.got, work.sent, "everything of theirs arrived, in order")
    shutil.rmtree(g.data, ignore_errors=True)
    print(f"attack: events={len(work.sent)} lost=0: passed")


if len(sys.argv) > 2 and sys.argv[2] == "--attack":
    os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))
    globals()[sys.argv[3]](Evil(*sys.argv[4:8]))
else:
    main(float(sys.argv[2]) if len(sys.argv) > 2 else 4, sys.argv[3:])
