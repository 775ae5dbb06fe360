"""disk.py BIN SHIM [ROUNDS] - the disk below the journal is full, broken, read-only or slow (tests/fault/shim.h).

Whichever call of a commit fails: nothing unsynced is acknowledged, the sender is told why by number,
status and WELCOME say it, sessions stay, receivers are served, and service resumes: by itself when
there is room again, after a restart when the disk failed."""
import errno, mmap, os, struct, sys
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "integration"))
from gate import *

SHIM = os.path.abspath(sys.argv[2])
ROUNDS = int(sys.argv[3]) if len(sys.argv) > 3 else 1
WRITE, SYNC, SKIP, TIMES, STALL = 0, 4, 8, 12, 16
CALLS = 6  # a commit makes fewer: data pages, sync, meta page


class Disk:
    def __init__(self):
        self.path = tempfile.mkstemp(prefix="karvan-shim-")[1]
        os.truncate(self.path, 4096 + (64 << 20))
        self.map = mmap.mmap(os.open(self.path, os.O_RDWR), 4096)
        self.env = {"LD_PRELOAD": SHIM, "KARVAN_SHIM": self.path}

    def set(self, **values):
        for name, value in values.items():
            struct.pack_into("<i", self.map, {"write": WRITE, "sync": SYNC, "skip": SKIP, "times": TIMES,
                                              "stall": STALL}[name], value)

    def heal(self):
        self.set(write=0, sync=0, skip=0, times=0, stall=0)

    def failed(self):
        return struct.unpack_from("<Q", self.map, 40)[0]


def settle(p, events):
    """Publish under the next number; (ERROR's code, None) or (0, what became of it)."""
    p.send("PUBLISH", pack(events), batch=p.batch + 1)
    while True:
        h, body = p.receive()
        if h["op"] == "ERROR":
            same(h["batch"], p.batch + 1, "the number to go on from")
            check(h["text"] and h["rule"], f"what to do: {h}")
            return h["code"], None
        for a in unpack(body) if h["op"] == "ACK" else []:
            if a["batch"] == p.batch + 1:
                p.batch += 1
                return 0, a


def arrived(g, wanted):
    s = g.peer("silk", "reader").hello()
    s.subscribe("all", "earliest")
    same([e["id"] for e in s.events(len(wanted))], wanted, "every acknowledged event, once, in order")
    s.quiet()
    s.close()


def full(g, d, done):
    """No space at each call of a commit, for a while."""
    p = g.peer("rail", "full").hello()
    for skip in range(CALLS):
        for times in (1, 5):
            batch = events(3)
            d.set(write=errno.ENOSPC, skip=skip, times=times)
            code, tries = -1, 0
            while code:
                code, a = settle(p, batch)
                check(code in (0, 501, 502), f"told {code}")
                if code == 502:  # the meta page itself: LMDB gives up, so must we
                    d.heal()
                    g.stop()
                    g.start()
                    p = g.peer("rail", "full").hello()
                tries += 1
                check(tries < 50, "it never resumes")
                if code:
                    time.sleep(0.02)
            # What was in doubt before a restart was kept or not; sent again it is never there twice.
            check(a.get("accepted", 0) + a.get("duplicates", 0) == 3, f"{a}")
            done += [e["id"] for e in batch]
            d.heal()
    arrived(g, done)
    p.close()


def patient(g, d, done):
    """No space for long, and a sender that has in flight what credit allows: all of it is turned away behind the
    first, again and again, and that is held against nobody."""
    p = g.peer("rail", "patient").hello()
    batch, behind = events(3), bytes(900_000)
    allowed = int(p.welcome["credit_bytes"] - len(pack(batch))) // len(behind)
    d.set(write=errno.ENOSPC, skip=0, times=-1)
    for _ in range(20):
        p.send("PUBLISH", pack(batch), batch=p.batch + 1)
        same(p.expect("ERROR")[0]["code"], 501, "no space")
        for n in range(allowed):
            p.send("PUBLISH", behind, batch=p.batch + 2 + n)
        same(p.expect("ERROR")[0]["code"], 206, "what is behind it, told once")
        p.send("PING", nonce=1).expect("PONG", nonce=1)
        p.quiet(0.01)
    d.heal()
    code, a = settle(p, batch)
    same((code, a["accepted"]), (0, 3), "there is space again")
    done += [e["id"] for e in batch]
    p.close()


def broken(g, d, done, what):
    """An error at each call of a commit: the end of acknowledging until a restart."""
    for skip in range(4):
        p, s = g.peer("rail", "broken").hello(), g.peer("silk", "live").hello()
        s.subscribe("live", "latest")
        batch = events(3)
        before = d.failed()
        d.set(skip=skip, times=-1, **what)
        code, a = settle(p, batch)
        if not code:  # the commit has no such call
            d.heal()
            done += [e["id"] for e in batch]
            s.events(3, "live")
            s.close()
            p.close()
            continue
        same(code, 502, f"{what} at call {skip}")
        check(d.failed() > before, "the shim failed it")
        d.heal()  # the disk works again, and is not trusted
        same(settle(p, batch)[0], 502, "still")
        same(g.status()["journal"]["room"], "failed", "status")
        status, out, _ = g.cli("status", "--health", "--data", g.data)
        check(status == 1 and "failed" in out, f"health: {out}")
        same(g.peer("rail", "late").hello().welcome.get("code"), 502, "WELCOME")
        p.send("PING", nonce=1).expect("PONG", nonce=1)
        s.send("PING", nonce=1).expect("PONG", nonce=1)
        s.quiet(0.05)  # what is in doubt is delivered to nobody
        took = g.stop()
        check(took < 5, f"left in {took:.1f} s")
        g.start()
        p.close()
        s.close()
        p = g.peer("rail", "broken").hello()
        code, a = settle(p, batch)
        same((code, a.get("accepted", 0) + a.get("duplicates", 0)), (0, 3), "after the restart")
        done += [e["id"] for e in batch]
        p.close()
    arrived(g, done)


def slow(g, d, done):
    """Two seconds for a sync: nobody is reset, and all the rest goes on."""
    p, s = g.peer("rail", "slow").hello(), g.peer("silk", "slow").hello()
    s.subscribe("slow", "latest")
    d.set(stall=2000)
    batch = events(5)
    began = time.monotonic()
    p.send("PUBLISH", pack(batch), batch=p.batch + 1)
    p.send("PING", nonce=7).expect("PONG", nonce=7)
    check(time.monotonic() - began < 1.5, "PING is answered meanwhile")
    s.quiet(0.3)  # nothing is delivered that is not synced
    h, body = p.expect("ACK")
    check(time.monotonic() - began > 1.5, "acknowledged after the sync, not before")
    d.heal()
    same([e["id"] for e in s.events(5, "slow")], [e["id"] for e in batch], "delivered")
    done += [e["id"] for e in batch]
    p.batch += 1
    p.close()
    s.close()


d = Disk()
with Gate({"rail": ["silk"], "silk": []}, "journal: {retain_days: 0, cursor_ms: 60000}\n", env=d.env) as g:
    done = []
    for _ in range(ROUNDS):
        full(g, d, done)
        patient(g, d, done)
        for what in ({"write": errno.EIO}, {"sync": errno.EIO}, {"write": errno.EROFS}):
            broken(g, d, done, what)
        slow(g, d, done)
    arrived(g, done)
    g.stop()
    g.verify()
    g.start()
os.unlink(d.path)
print(f"disk: rounds={ROUNDS} events={len(done)} failed_calls={d.failed()} lost=0 duplicated=0: passed")
