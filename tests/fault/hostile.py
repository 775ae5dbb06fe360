"""hostile.py BIN [SCALE] - peers that mean harm, over the real socket, beside two companies at work.

No process dies, no foreign byte comes out, nothing of the others is lost, memory stays bounded; how much
slower the others were is printed, because it depends on the machine."""
import os, random, struct, sys
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "integration"))
from gate import *
from work import Work, rss

SCALE = int(sys.argv[2]) if len(sys.argv) > 2 else 1
random.seed(5)


def floods_and_leaves(g):
    """Sends far beyond its credit, with ZMTP heartbeats, and is gone: libzmq aborted over this."""
    for round in range(30 * SCALE):
        p = g.peer("evil", "flood")
        p.close()
        p = g.peer("evil", "flood")
        p.socket.close(0)
        s = context.socket(zmq.DEALER)
        s.linger, s.sndhwm, s.heartbeat_ivl = 200, 0, 1 + round % 7
        s.curve_serverkey = g.keys["gateway"]["public"].encode()
        s.curve_publickey, s.curve_secretkey = (g.keys["evil"][k].encode() for k in ("public", "secret"))
        s.connect(g.address)
        s.send(msgpack.packb({"v": 1, "op": "HELLO", "adapter": "flood", "v_least": 1, "v_most": 1}))
        body = b"\x80" * (10 if round % 2 else 5000)
        for n in range(3000):
            s.send_multipart([msgpack.packb({"v": 1, "op": "PUBLISH", "batch": 1000 + n}), body])
        time.sleep(random.random() / 20)
        s.close(0 if round % 3 else 300)


def let_in_again(g):
    """Who floods is turned away for a while, and so is who belongs to it; then not."""
    def tried():
        p = g.peer("evil", "again")
        p.send("HELLO", adapter="again", v_least=1, v_most=1)
        m = p.receive(2)
        p.close()
        if not m or m[0]["op"] != "WELCOME":
            time.sleep(0.5)  # who asks without a pause is not let in
        return m and m[0]["op"] == "WELCOME"
    until(tried, "evil is let in again")
    time.sleep(3)  # and has some patience to lose


def strange_frames(g):
    p = g.peer("evil", "frames").hello()
    p.raw(*[b""] * 1000)
    p.raw(*[b""] * 100000)
    p.raw(*[b"x" * 1000] * 2000)
    p.raw(b"")
    p.raw(b"", b"")
    p.raw(os.urandom(1024), os.urandom(1 << 19))
    p.raw(msgpack.packb({"v": 1, "op": "PUBLISH", "batch": 1}), b"\xdd\xff\xff\xff\xff" * 100000)
    p.send("PING", nonce=3).expect("PONG", nonce=3)
    p.raw(msgpack.packb({"v": 1, "op": "PUBLISH", "batch": 2}), b"\0" * (3 << 20))  # beyond what is answered
    p.close()
    q = g.peer("evil", "frames").hello()  # that connection was cut; this one is good
    q.close()


def slow_handshakes(g):
    """Connections that say nothing, a byte, half a greeting, or something else altogether."""
    greeting = b"\xff" + b"\0" * 8 + b"\x7f\x03\x01CURVE" + b"\0" * 15 + b"\0" + b"\0" * 31
    talk = [b"", b"\xff", greeting[:20], greeting, greeting + b"\x04\xff", b"GET / HTTP/1.1\r\n\r\n",
            os.urandom(500), greeting + b"\x06" + b"\xff" * 8 + os.urandom(64), b"\0" * 10000]
    held = []
    for n in range(300 * SCALE):
        c = socket.socket()
        c.settimeout(5)
        try:
            c.connect(("127.0.0.1", g.port))
            c.sendall(talk[n % len(talk)])
            held.append(c)
        except OSError:
            c.close()
    p = g.peer("evil", "among-them").hello()
    p.send("PING", nonce=9).expect("PONG", nonce=9)
    p.close()
    for c in held:
        c.close()


def wrong_keys(g):
    g.keygen("thief")
    peers = [g.peer("evil", "thief", keys=g.keys["thief"]) for _ in range(50 * SCALE)]
    for p in peers:
        p.send("HELLO", adapter="thief", v_least=1, v_most=1)
    until(lambda: g.status()["turned_away"] >= 50, "the thieves are turned away")
    for p in peers:
        p.quiet(0.001)
        p.close()


def probes(g):
    """Asks for what is not shared with it, in every way there is."""
    p = g.peer("evil", "probe").hello()
    last = g.status()["journal"]["last"]
    for n, (start, filter) in enumerate([
            ("earliest", None), ({"seq": 1}, {"operator": ["rail"]}), ({"time": 0}, {"type": ["load"]}),
            ({"seq": 0}, [{"operator": ["rail"]}, {"operator": ["silk"]}]), ("earliest", {"equipment": ["C*"]})]):
        name = f"probe-{n}"
        p.subscribe(name, start, filter)
        to = 0
        while to < last:
            h, body = p.expect("EVENTS", name=name)
            same((h.get("count", 0), body), (0, b""), f"evil sees nothing: {start} {filter}")
            to = h["to"]
        p.send("UNSUBSCRIBE", name=name, flags=1)
    p.subscribe("work", "earliest", events=0)  # the name of another operator's subscription
    p.send("CREDIT", name="work", ack=1 << 62, credit_events=1 << 62, credit_bytes=1 << 62)
    same(p.expect("ERROR")[0]["code"], 605, "a lie about the cursor")
    for seq in (1, last, 1 << 40):
        p.send("RECEIPT", **{"from": seq})
        check(p.expect("ERROR")[0]["code"] in (606, 604, 203), "no receipt for a foreign event")
    p.send("HELLO", adapter="probe", v_least=1, v_most=1, operator="rail")  # an identity in the header
    same(p.expect("WELCOME")[0]["operator"], "evil", "identity comes from the key")
    p.close()


def crowds(g):
    """More sessions and subscriptions than allowed."""
    peers, refused = [], 0
    for n in range(80):
        p = g.peer("evil", f"crowd-{n}")
        p.send("HELLO", adapter=p.adapter, v_least=1, v_most=1)
        h = p.receive()[0]
        refused += h["op"] == "REFUSE" and h["code"] == 109
        peers.append(p)
    check(refused > 0, "too many sessions are refused")
    p = g.peer("evil", "crowd-0").hello()
    for n in range(70):
        p.send("SUBSCRIBE", msgpack.packb({"start": "latest"}), name=f"s{n}")
    codes = [p.expect("ERROR")[0]["code"] for _ in range(1)]
    same(codes, [109], "too many subscriptions are refused")
    for q in peers + [p]:
        q.close()


with Gate({"rail": ["silk"], "silk": [], "evil": ["*"]}, "session: {timeout_ms: 30000}\n") as g:
    work = Work(g)
    work.start()
    until(lambda: len(work.took) > 300, "some quiet work first")
    quiet, began, before = work.p99(0), len(work.took), rss(g)
    for attack in (floods_and_leaves, strange_frames, slow_handshakes, wrong_keys, probes, crowds):
        since = len(work.took)
        let_in_again(g)
        attack(g)
        check(g.alive(), f"karvand died of {attack.__name__}")
        print(f"hostile: {attack.__name__}: others' p99 {work.p99(since):.1f} ms, quiet {quiet:.1f} ms, "
              f"resident {rss(g)} MiB, before {before} MiB")
    check(len(work.took) > began, "the others went on")
    grown = rss(g) - before
    work.finish()
    same(work.got, work.sent, "everything of theirs arrived, in order")
    p99 = work.p99(began)
    g.stop()
    g.verify()
    g.start()
check(grown < 400 or "asan" in BIN or "tsan" in BIN, f"memory grew by {grown} MiB")
print(f"hostile: scale={SCALE} events={len(work.sent)} lost=0 leaked=0 quiet_p99_ms={quiet:.1f} "
      f"attacked_p99_ms={p99:.1f} grown_mib={grown}: passed")
