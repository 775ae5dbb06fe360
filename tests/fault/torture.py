"""torture.py BIN SHIM [EACH [SEED [KIND N]]] - the N-th allocation fails, the N-th system call fails (torture_shim.c).

For N = 1, 2, 3 ... until a run gets by without: karvand starts, two companies shake hands, one publishes (a
bad event and live ones too), the other receives, status is asked, the settings are read anew, it stops.  EACH
so many N, spread by SEED, instead of all (0).  Then the same where not one call fails but all from N on.

The law: karvand refuses to start, with a number and a remedy, or it goes on.  It never dies of a signal,
never hangs, and what it acknowledged is in the journal afterwards, which verifies."""
import collections, mmap, os, random, struct, sys
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "integration"))
import gate
from gate import *

SHIM = os.path.abspath(sys.argv[2])
EACH = int(sys.argv[3]) if len(sys.argv) > 3 else 40
SEED = int(sys.argv[4]) if len(sys.argv) > 4 else 1
ONLY = [int(a) for a in sys.argv[5:7]]  # KIND N: one run, with its log
ALLOCATIONS, CALLS = 0, 1
OURS, ZEROMQ = 1, 2
EVER = 1 << 40
PATIENT = 20  # seconds for what one failed call may cost: a session's end and a new connection
# What a library ends the process over, by design: where, and why nothing can be done about it.
BY_DESIGN = [("epoll_ctl", "libuv"), ("realloc", "libuv"),  # a descriptor more in the loop
             ("pipe2", "libuv")]  # the first pipe for signals
REFUSAL = re.compile(r"karvand: .* - \S.* \(error -?\d+\)")


def broken(what):
    raise AssertionError(what)


gate.fail = broken  # one run failed: go on with the next


class Torture:
    def __init__(self):
        self.path = tempfile.mkstemp(prefix="karvan-torture-")[1]
        os.truncate(self.path, 4096)
        self.map = mmap.mmap(os.open(self.path, os.O_RDWR), 4096)
        self.env = {"LD_PRELOAD": SHIM, "KARVAN_TORTURE": self.path, "MALLOC_PERTURB_": "165",
                    "ASAN_OPTIONS": "verify_asan_link_order=0"}

    def set(self, kind, group, first, times):
        self.map[:4096] = bytes(4096)
        struct.pack_into("<qqqq", self.map, 0, kind, group, first, times)

    def stop(self):
        struct.pack_into("<q", self.map, 16, 0)

    def counted(self, kind):
        return struct.unpack_from("<q", self.map, 32 + 8 * kind)[0]

    def failed(self):
        return struct.unpack_from("<q", self.map, 48)[0]

    def what(self):
        return self.map[56:216].split(b"\0")[0].decode()


class Dead(Exception):
    """karvand is no more, or says it will not go on."""


class Run:
    """One life of karvand under the shim, and what was promised in it."""

    def __init__(self, g, t):
        self.g, self.t, self.acked, self.trouble, self.borne = g, t, [], [], 0
        self.peers = []

    def listen(self, p, op, seconds):
        """Header and body of the next message of this kind; None in time, or what an ERROR says."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if not self.g.alive():
                raise Dead("gone")
            m = p.receive(0.05)
            if m and m[0]["op"] == op:
                return m
            if m and m[0]["op"] in ("ERROR", "REFUSE", "BYE"):
                self.bear()
                self.trouble = (self.trouble + [m[0].get("code")])[-5:]
                return m
        self.bear()
        return None

    def bear(self):
        """Trouble was told, or silence was the answer: some of it, and what fails from now on works again."""
        self.borne += 1
        if self.borne == 5:
            self.t.stop()

    def shaken(self, name, adapter):
        """A session, on the second or third connection if need be."""
        end = time.monotonic() + PATIENT
        while time.monotonic() < end:
            p = self.g.peer(name, adapter)
            self.peers.append(p)
            p.send("HELLO", adapter=adapter, v_least=1, v_most=1, software="torture")
            m = self.listen(p, "WELCOME", 2)
            if m and m[0]["op"] == "WELCOME":
                p.batch = m[0].get("batch", 0)
                if m[0].get("code") == 502:
                    raise Dead("502 in WELCOME")
                return p
            time.sleep(0.02)
        raise AssertionError(f"no session in {PATIENT} s: {self.trouble}")

    def publish(self, p, batch, good):
        """Until it is acknowledged; then it is a promise."""
        number, end = p.batch + 1, time.monotonic() + PATIENT
        while time.monotonic() < end:
            p.send("PUBLISH", pack(batch), batch=number)
            m = self.listen(p, "ACK", 2)
            if m and m[0]["op"] == "ACK":
                for a in unpack(m[1]):
                    if a["batch"] == number:
                        same(a.get("accepted", 0) + a.get("duplicates", 0), len(good), "accepted")
                        self.acked += good
                        p.batch = number
                        return p
            if m and m[0].get("code") == 502:
                raise Dead("502")
            if not m or m[0]["op"] != "ERROR":
                p = self.shaken("rail", "a1")
                if p.batch >= number:  # it is in the journal, WELCOME says
                    self.acked += good
                    return p
            time.sleep(0.02)
        raise AssertionError(f"never acknowledged: {self.trouble}")

    def receive(self, wanted):
        end = time.monotonic() + PATIENT
        while time.monotonic() < end:
            p, got = self.shaken("silk", "b1"), []
            p.send("SUBSCRIBE", msgpack.packb({"start": "earliest"}), name="all")
            m = self.listen(p, "SUBSCRIBED", 2)
            if not m or m[0]["op"] != "SUBSCRIBED":
                if m and m[0].get("code") == 502:
                    raise Dead("502")
                continue
            p.send("CREDIT", name="all", ack=m[0]["from"] - 1, credit_events=1 << 20, credit_bytes=1 << 30)
            while len(got) < len(wanted):
                m = self.listen(p, "EVENTS", 2)
                if not m or m[0]["op"] != "EVENTS":
                    break
                got += [e["id"] for e in unpack(m[1])]
                p.send("CREDIT", name="all", ack=m[0]["to"])
            same(got, wanted[:len(got)], "delivered, in order, nothing else")
            if len(got) == len(wanted):
                return
        raise AssertionError(f"not delivered: {self.trouble}")

    def life(self):
        p = self.shaken("rail", "a1")
        for n in range(3):
            batch = events(4)
            good = [e["id"] for e in batch]
            p = self.publish(p, batch + ([event("bad", type="none")] if n == 1 else []), good)
        p.send("PUBLISH", pack(events(2)), batch=1, flags=2)
        p.send("RECEIPT", **{"from": 1})
        self.g.cli("status", "--data", self.g.data)
        self.g.process.send_signal(signal.SIGHUP)
        self.receive(self.acked)

    def over(self):
        for p in self.peers:
            p.close()


def started(g):
    """True: it is ready.  False: it ended before."""
    g.start(wait=False)
    until(lambda: "daemon.ready" in g.log() or not g.alive(), "ready or refused")
    return "daemon.ready" in g.log() and g.alive()


def leave(g):
    """SIGTERM; the exit status."""
    if g.alive():
        g.process.send_signal(signal.SIGTERM)
    try:
        return g.process.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        raise AssertionError("it does not leave")


def promised(g, t, acked):
    """A clean life afterwards: all of it is there, once, in order, and the journal verifies."""
    g.env = dict(os.environ)
    g.start()
    s = g.peer("silk", "after").hello()
    s.subscribe("after", "earliest")
    got = []
    while not set(acked) <= set(got):
        got += [e["id"] for e in s.events(1, "after")]
    same([i for i in got if i in set(acked)], acked, "what was acknowledged, in order")
    same(len(set(got)), len(got), "nothing twice")
    s.close()
    g.stop()
    g.verify()


def one(g, t, kind, group, first, times):
    """How it ended: a word."""
    g.data = tempfile.mkdtemp(prefix="data-", dir=g.dir)
    g.configure()
    open(g.logfile, "w").close()
    t.set(kind, group, first, times)
    g.env = dict(os.environ, **t.env)
    run, end = Run(g, t), "went on"
    try:
        if started(g):
            try:
                run.life()
            except Dead as e:
                end = str(e)
            t.stop() if times == EVER else None
            status = leave(g)
        else:
            end, status = "refused", g.process.wait(PATIENCE)
        g.process = None
        if end == "gone":
            end = "left" if status >= 0 else end
        if status < 0:
            end = f"signal {-status}"
        elif REPORTS.search(g.log()):
            end = "sanitizer"
        elif end == "refused" and (status != 1 or not REFUSAL.search(g.log())):
            end = "refused without a word"
        elif end == "left" or (end != "refused" and status and "daemon.deadline" not in g.log()):
            end = f"status {status}"
        run.over()
        if t.failed() and run.acked:
            promised(g, t, run.acked)
    except AssertionError as e:
        end = f"broke the law: {e}"
        g.kill()
    if ONLY:
        print(g.log())
    shutil.rmtree(g.data, ignore_errors=True)
    return end


FINE = ("went on", "refused", "502", "502 in WELCOME")


def by_design(what):
    """libuv ends the process there; nothing else is forgiven."""
    return any(what.startswith(f + " ") and o in what for f, o in BY_DESIGN)


def tortured(g, t, kind, group, times, each):
    """Every N, or so many of them; how the runs ended."""
    ends, bad, n = collections.Counter(), [], 0
    one(g, t, kind, group, 0, 0)
    total = t.counted(kind)
    chosen = ONLY[1:] or sorted(random.sample(range(1, total + 1), min(each, total))) if each else range(1, EVER)
    for n in chosen:
        end = one(g, t, kind, group, n, times)
        if not t.failed():
            if each or n < total - total // 10:
                continue  # the runs differ a little
            break
        if end == "signal 6" and by_design(t.what()):
            end = "aborted by libuv"
        elif end not in FINE and group == OURS:
            bad.append(f"{kind} {n}: {end} ({t.what()})")
            print("torture: " + bad[-1], flush=True)
        ends[end] += 1
    names = {(ALLOCATIONS, OURS): "allocations", (CALLS, OURS): "system calls",
             (ALLOCATIONS, ZEROMQ): "libzmq's allocations", (CALLS, ZEROMQ): "libzmq's system calls"}
    words = ", ".join(f"{v} {k}" for k, v in sorted(ends.items()))
    print(f"torture: {names[kind, group]}, {'one' if times == 1 else 'all from the N-th on'}, of {total}: {words}",
          flush=True)
    return bad, sum(ends.values())


random.seed(SEED)
g = Gate({"rail": ["silk"], "silk": []})
t = Torture()
bad, runs = [], 0
plan = [(kind, OURS, times, EACH) for times in (1, EVER) for kind in (ALLOCATIONS, CALLS)]
if not EACH:  # what libzmq does then is its own business; here are the figures
    plan += [(kind, ZEROMQ, 1, 60) for kind in (ALLOCATIONS, CALLS)]
for kind, group, times, each in plan:
    if ONLY and (ONLY[0] != kind or times != 1):
        continue
    b, n = tortured(g, t, kind, group, times, each)
    bad, runs = bad + b, runs + n
running.remove(g)
shutil.rmtree(g.dir, ignore_errors=True)
os.unlink(t.path)
print(f"torture: seed={SEED} faults={runs} against_the_law={len(bad)}: {'FAILED' if bad else 'passed'}")
sys.exit(bool(bad))
