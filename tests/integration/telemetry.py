"""telemetry.py - live events through the real programs: ten thousand positions of ten ships beside
business events; the newest of each arrives, nothing of them is kept, memory stays where it is."""
from gate import *

SHIPS, UPDATES, BUSINESS = 10, 10000, 500


def position(n):
    return event(f"p-{n}", type="position", subject="transport",
                 transport={"mode": "sea", "means": {"mmsi": f"{436000000 + n % SHIPS:09d}"}},
                 place={"lat": 44.0, "lon": 50.0 + n / 1000000})


def put_live(p, events):
    p.send("PUBLISH", pack(events), flags=4)


def memory(g):
    with open(f"/proc/{g.process.pid}/statm") as f:
        return int(f.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def lane(g):
    return g.status()["lanes"][0]


def watch(view, newest, business):
    """Until the newest of each ship and all business events came; their order is that of seq."""
    got, seqs, live_count = {}, [], 0
    while len(seqs) < business or got != newest:
        h, body = view.expect("EVENTS", name="all")
        live = h.get("flags", 0) == 4
        for e in unpack(body):
            if live:
                check("seq" not in e and e["type"] == "position", f"a live event {e}")
                got[e["transport"]["means"]["mmsi"]] = e["id"]
                live_count += 1
            else:
                seqs.append(e["seq"])
        if live:
            check("from" not in h and "to" not in h, f"live EVENTS {h}")
        else:
            view.send("CREDIT", name="all", ack=h["to"])
    same(seqs, list(range(1, 1 + business)), "business events, all and in order")
    return live_count


def subscribe_live(view, name):
    view.send("SUBSCRIBE", msgpack.packb({"start": "latest", "live": True}), name=name)
    h = view.expect("SUBSCRIBED", name=name)[0]
    view.send("CREDIT", name=name, ack=h["from"] - 1, credit_events=1 << 20, credit_bytes=1 << 30)


def adapter(g, at, port, view):
    """karvan-adapter with live: [position]: a file with both kinds; positions go past the spool."""
    folder = os.path.join(g.dir, "in")
    os.makedirs(os.path.join(folder, "inbox"))
    with open(os.path.join(g.dir, "host.yaml"), "w") as f:
        f.write(f"""adapters:
  - name: ais-1
    format: ndjson
    endpoint: {g.address}
    server_key: "{at[3]}"
    keys: {g.dir}/port.keys
    live: [position]
    source: {{kind: folder, folder: {folder}, settle_ms: 0, rescan_ms: 200}}
""")
    log = open(os.path.join(g.dir, "host.log"), "w")
    host = subprocess.Popen([os.path.join(BIN, "karvan-adapter"), "run", os.path.join(g.dir, "host.yaml")],
                            stdout=log, stderr=log)
    try:
        until(lambda: "adapter=ais-1" in g.log() or host.poll() is not None, "the adapter's session")
        check(host.poll() is None, "karvan-adapter runs: " + open(log.name).read())
        before = lane(g)
        with open(os.path.join(folder, "inbox", ".new"), "w") as f:
            for e in [position(1), event("both-1"), position(2), event("both-2")]:
                f.write(json.dumps(e) + "\n")
        os.rename(os.path.join(folder, "inbox", ".new"), os.path.join(folder, "inbox", "a.ndjson"))
        until(lambda: lane(g)["accepted"] == before["accepted"] + 2 and
              lane(g)["live"]["taken"] == before["live"]["taken"] + 2, "two of each")
        got = []
        while len(got) < 2:
            got += [e["id"] for e in unpack(view.expect("EVENTS", name="all")[1]) if "seq" in e]
        same(got, ["both-1", "both-2"], "business")
    finally:
        host.terminate()
        host.wait()
        log.close()


with Gate({"port": ["silk"], "silk": [], "rail": []},
          settings="session:\n  live_events: 0\n") as g:
    port = g.peer("port").hello()
    view = g.peer("silk", "view").hello()
    plain = g.peer("silk", "plain").hello()
    other = g.peer("rail", "view").hello()
    subscribe_live(view, "all")
    subscribe_live(other, "all")
    plain.subscribe("plain", "latest")

    put_live(port, [position(n) for n in range(100)])
    watch(view, {f"{436000000 + n % SHIPS:09d}": f"p-{n}" for n in range(90, 100)}, 0)
    before = memory(g)
    for at in range(0, UPDATES, 100):
        put_live(port, [position(n) for n in range(at, at + 100)])
        if at % 2000 == 0:
            port.publish(events(BUSINESS // 5), wait=False)
    newest = {f"{436000000 + n % SHIPS:09d}": f"p-{n}" for n in range(UPDATES - SHIPS, UPDATES)}
    count = watch(view, newest, BUSINESS)
    port.settled(port.batch)
    check(count <= UPDATES, f"{count} live events came")
    check(memory(g) - before < 32 << 20, f"memory grew by {memory(g) - before}")

    got = plain.events(BUSINESS, "plain")
    check(all(e["type"] != "position" for e in got), "who did not ask sees none")
    n = lane(g)
    same((n["live"]["taken"], n["live"]["dropped"], n["live"]["refused"], n["live"]["objects"]),
         (UPDATES + 100, 0, 0, SHIPS), "counted")
    same(n["accepted"], BUSINESS, "journalled: business events only")

    put_live(port, [event("not-live")])
    put_live(port, [position(1)])
    until(lambda: lane(g)["live"]["taken"] == UPDATES + 101, "the one that may be live is taken")
    same(lane(g)["live"]["refused"], 1, "the other is refused")
    view.expect("EVENTS", name="all")
    view.send("SUBSCRIBE", msgpack.packb({"start": "latest", "live": 1}), name="wrong")
    same(view.expect("ERROR", name="wrong")[0]["code"], 603, "live is true or false")

    # the same by the command line; it ends after one event, which is a live one
    at = ["--endpoint", g.address, "--server-key", g.keys["gateway"]["public"]]
    seen = subprocess.Popen([os.path.join(BIN, "karvan"), "subscribe", *at,
                             "--keys", os.path.join(g.dir, "silk.keys"), "--live", "--start", "latest",
                             "--count", "1", "cli", "type=position"],
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    until(lambda: "name=cli" in g.log(), "the command's subscription")
    until(lambda: put_live(port, [position(7)]) or seen.poll() is not None, "the command ends")
    out, err = seen.communicate()
    same((seen.returncode, json.loads(out)["id"]), (0, "p-7"), f"karvan subscribe --live: {err}")
    taken = lane(g)["live"]["taken"]
    out = g.cli("publish", *at, "--keys", os.path.join(g.dir, "port.keys"), "--live", "-", status=0,
                text=json.dumps(position(8)) + "\n")[1]
    check("sent=1 live" in out, out)
    until(lambda: lane(g)["live"]["taken"] == taken + 1, "karvan publish --live")

    adapter(g, at, port, view)
    for p in (port, other, plain):  # the sender hears nothing, and nothing is shared with rail
        while (m := p.receive(0.2)):
            check(m[0]["op"] == "EVENTS" and not m[0].get("flags") and (p is plain or not m[0].get("count")),
                  f"{p.name}/{p.adapter}: unexpected {m[0]}")
    g.stop()
    g.verify()

# Two lanes: sender on one, subscriber on the other.
g = Gate({"port": ["silk"], "silk": []})
second = f"tcp://127.0.0.1:{free_port()}"
g.configure(gateway="  lanes: 2\n",
            settings=f"  - {{name: two, address: \"{second}\", security: curve}}\n")
with g:
    port = g.peer("port").hello()
    g.address = second
    view = g.peer("silk", "view").hello()
    subscribe_live(view, "all")
    view.send("PING", nonce=1)
    view.expect("PONG")
    for at in range(0, 1000, 100):
        put_live(port, [position(n) for n in range(at, at + 100)])
    port.publish(events(5), wait=False)
    watch(view, {f"{436000000 + n % SHIPS:09d}": f"p-{n}" for n in range(990, 1000)}, 5)
    lanes = g.status()["lanes"]
    same(sorted(n["live"]["taken"] for n in lanes), [0, 1000], "counted where they came in")
    same([n["live"]["objects"] for n in lanes], [SHIPS, SHIPS], "each lane has the objects")
    g.stop()
