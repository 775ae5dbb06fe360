"""trouble.py - wrong settings, a full journal, a full disk, and leaving.

Full: stops acknowledging, says so in WELCOME, ERROR and status, keeps serving receivers, and resumes
by itself when there is room; nothing that was acknowledged is missing afterwards."""
from gate import *

WRONG = [  # text in gateway.yaml, words the complaint must hold
    ("journal: {max_byte: 8 GiB}\n", ["max_byte", "max_bytes"]),  # the nearest name is proposed
    ("journal: {max_bytes: 1 KiB}\n", ["journal.max_bytes"]),
    ("journal: {max_bytes: many}\n", ["journal.max_bytes"]),
    ("journal: {durable: perhaps}\n", ["journal.durable"]),
    ("session: {timeout_ms: 10 parsec}\n", ["session.timeout_ms"]),
    ("session: {timeout_ms: -5}\n", ["session.timeout_ms"]),
    ("colour: red\n", ["colour"]),
    ("journal: [1, 2]\n", ["journal"]),
    ("journal: {warn_percent: 80\n", []),
]


def check_settings(g):
    status, out, _ = karvand(g, "--check")
    check(status == 0 and "good" in out, f"the right settings are good: {out}")
    for text, words in WRONG:
        g.configure(text)
        line = 12  # of the text in the file
        status, out, err = karvand(g, "--check")
        same(status, 1, f"{text!r} is refused: {out}{err}")
        check(re.search(r"gateway\.yaml:\d+", err), f"file and line: {err}")
        for w in words:
            check(w in err, f"{text!r}: no {w} in {err}")
        check(" - " in err or "\n" in err.strip(), f"a remedy: {err}")
        started = karvand(g)
        same(started[0], 1, f"{text!r}: it does not start either")
    g.configure()
    path = os.path.join(g.dir, "operators", "rail.yaml")
    good = open(path).read()
    for text in (good + "colour: red\n", good.replace("country: KZ", "country: Kazakhstan"),
                 good.replace("silk", "ghost"), good.replace("keys: ['", "keys: ['x"), "name: [\n"):
        with open(path, "w") as f:
            f.write(text)
        status, out, err = karvand(g, "--check")
        check(status == 1 and re.search(r"rail\.yaml:?\d*", err), f"an operator's file: {text!r}: {err}")
    with open(path, "w") as f:
        f.write(good)
    for words, status in ((["--nonsense"], 2), (["what"], 2), (["--config", "/nonexistent.yaml"], 1)):
        same(subprocess.run([os.path.join(BIN, "karvand"), *words], stderr=subprocess.DEVNULL).returncode,
             status, f"karvand {words}")


def karvand(g, *words):
    r = subprocess.run([os.path.join(BIN, "karvand"), "--config", g.config, *words], stdout=subprocess.PIPE,
                       stderr=subprocess.PIPE, text=True, env=g.env, timeout=PATIENCE)
    return r.returncode, r.stdout, r.stderr


def fill_until_full(p):
    """Publish until the gateway says it is full; what was acknowledged."""
    acked = []
    pad = {"pad": ["x" * 900] * 20}
    while True:
        batch = events(20, "full", ext=pad)
        p.batch += 1
        p.send("PUBLISH", pack(batch), batch=p.batch)
        h, body = p.receive()
        if h["op"] == "ERROR":
            same((h["code"], h["batch"]), (501, p.batch), "disk full, and the number to go on from")
            check(h["text"] and h["rule"], "it says what to do")
            p.batch -= 1
            return acked, batch
        same(h["op"], "ACK")
        acked += [e["id"] for e in batch]
        check(len(acked) < 100000, "it is never full")


def full(g, make_room):
    sink = g.peer("silk", "sink").hello()
    sink.subscribe("hold", "earliest", events=0)  # its cursor holds retention back
    p = g.peer("rail", "full").hello()
    first = events(1, "first")
    p.publish(first)
    acked, batch = fill_until_full(p)
    acked = [first[0]["id"]] + acked
    same(g.status()["journal"]["room"], "full", "status says so")
    status, out, _ = g.cli("status", "--health", "--data", g.data)
    check(status == 1 and "full" in out, f"and so does health: {out}")
    late = g.peer("rail", "late").hello()
    same(late.welcome.get("code"), 501, "WELCOME says so")
    late.close()
    check("journal.room was=" in g.log() and "is=full" in g.log(), "and the log")
    with_log = g.log().count("is=full")
    for _ in range(20):  # an impatient sender
        p.send("PUBLISH", pack(batch), batch=p.batch + 1)
        same(p.expect("ERROR")[0]["code"], 501, "still full")
    check(g.log().count("is=full") <= with_log + 1, "said once")
    # Receivers are served while it is full.
    sink.send("CREDIT", name="hold", ack=0, credit_events=1 << 30, credit_bytes=1 << 40)
    got = [e["id"] for e in sink.events(len(acked), "hold", ack=False)]
    same(got, acked, "every acknowledged event arrives, no other")
    make_room(sink)

    def again():
        p.send("PUBLISH", pack(batch), batch=p.batch + 1)
        h, _ = p.receive()
        return h["op"] == "ACK"
    until(again, "it resumes when there is room")
    p.batch += 1
    got = [e["id"] for e in sink.events(len(batch), "hold")]
    same(got, [e["id"] for e in batch], "the batch that had to wait, once")
    until(lambda: g.publish_probe(p), "and goes on")
    check(g.status()["journal"]["room"] != "full", "status says so")
    p.close()
    sink.close()
    g.stop()
    g.verify()


def probe(self, p):
    return p.publish(events(1, "probe")).get("accepted") == 1


Gate.publish_probe = probe


def full_journal():
    def make_room(sink):
        sink.send("CREDIT", name="hold", ack=sink_to(sink))
    with Gate({"rail": ["silk"], "silk": []},
              "journal: {max_bytes: 4 MiB, retain_days: 0, cursor_ms: 10}\n") as g:
        full(g, make_room)
        g.start()
    print("trouble: a full journal passed")


def sink_to(sink):
    return sink.gate.status()["journal"]["last"]


def full_disk():
    """A file system of its own, filled by a file that is none of ours."""
    disk = tempfile.mkdtemp(prefix="karvan-disk-")
    made = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=6m", "tmpfs", disk], stderr=subprocess.PIPE)
    if made.returncode:
        print("trouble: SKIPPED the full disk: no right to mount a small file system here")
        os.rmdir(disk)
        return
    try:
        ballast = os.path.join(disk, "ballast")
        with open(ballast, "wb") as f:
            f.write(b"\0" * (3 << 20))
        with Gate({"rail": ["silk"], "silk": []}, "journal: {max_bytes: 64 MiB}\n", data=disk) as g:
            full(g, lambda sink: os.unlink(ballast))
            g.start()
        print("trouble: a full disk passed")
    finally:
        subprocess.run(["umount", "-l", disk])
        os.rmdir(disk)


def leaving():
    with Gate({"rail": ["silk"], "silk": []}) as g:
        p, s = g.peer("rail").hello(), g.peer("silk").hello()
        s.subscribe("all")
        s.socket.rcvhwm = 1  # and it never reads
        body = pack(events(1000, "leave"))
        for n in range(1, 41):
            p.send("PUBLISH", body if n == 1 else pack(events(200, "leave")), batch=n)
        p.expect("ACK")
        took = g.stop()
        check(took < 5, f"left in {took:.1f} s")
        last, seen = 0, []
        while True:
            m = p.receive(1)
            if not m:
                break
            seen.append(m[0]["op"])
            last = max(last, m[0].get("batch", 0)) if m[0]["op"] == "ACK" else last
            if m[0]["op"] == "BYE":
                same(m[0]["code"], 107, "BYE says why")
                break
        check("BYE" in seen, f"it says BYE: {seen}")
        g.start()
        q = g.peer("rail").hello()
        check(q.welcome["batch"] >= last, f"everything acknowledged is there: {q.welcome} {last}")
        took = g.stop()
        check(took < 5, f"left in {took:.1f} s")
        g.verify()
        g.start()
    print("trouble: leaving passed")


g = Gate({"rail": ["silk"], "silk": []})
check_settings(g)
running.remove(g)
shutil.rmtree(g.dir)
print("trouble: settings passed")
full_journal()
full_disk()
leaving()
