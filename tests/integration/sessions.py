"""sessions.py - fencing, subscriptions by cursor, earliest, latest, seq and time, every filter, and a slow
receiver that is served from the journal and comes back to the live tail at an exact seq."""
from gate import *


def fencing(g):
    old = g.peer("rail", "one").hello()
    old.publish(events(3))
    new = g.peer("rail", "one").hello()
    same(new.welcome["batch"], 1, "the new session knows what was stored")
    same(old.expect("ERROR")[0]["code"], 105, "the older one is fenced")
    old.send("PUBLISH", pack(events(1)), batch=2)
    same(old.expect("ERROR")[0]["code"], 102, "and over")
    same(new.publish(events(2))["accepted"], 2, "the new one works")
    other = g.peer("rail", "two").hello()
    new.send("PING", nonce=3).expect("PONG", nonce=3)
    again = g.peer("silk", "one").hello()  # another operator's adapter of the same name
    new.send("PING", nonce=4).expect("PONG", nonce=4)
    # a subscription's name belongs to the operator: the newer session takes it over
    new.subscribe("shared")
    other.subscribe("shared")
    h = new.expect("ERROR")[0]
    same((h["code"], h.get("name")), (105, "shared"), "the subscription moved")
    new.send("PING", nonce=5).expect("PONG", nonce=5)
    for p in (old, new, other, again):
        p.close()


def repeats(g):
    """A number once more: the original outcome, nothing stored again."""
    p = g.peer("rail", "repeat").hello()
    body = [event("r-1"), event("r-2", type=None)]
    first = p.publish(body)
    last = g.status()["journal"]["last"]
    p.batch -= 1
    same(p.publish(body), first, "in the same session")
    q = g.peer("rail", "repeat").hello()
    q.batch -= 1
    same(q.publish(body), first, "in the next one")
    same(g.status()["journal"]["last"], last, "nothing was stored twice")
    twice = q.publish([event("r-1")])
    same((twice.get("accepted", 0), twice["duplicates"], twice["events"][0]["seq"]), (0, 1, first["first"]),
         "the same fact by another way")
    p.close()
    q.close()


def starts(g):
    p = g.peer("rail", "starts").hello()
    a = p.publish(events(10, "old"))
    time.sleep(0.05)
    between = int(time.time() * 1000)
    time.sleep(0.05)
    b = p.publish(events(10, "new"))
    s = g.peer("silk", "starts").hello()
    oldest = g.status()["journal"]["first"]
    for what, start, wanted in [("earliest", "earliest", oldest), ("a seq", {"seq": a["first"] + 3}, a["first"] + 3),
                                ("a time", {"time": between}, b["first"]),
                                ("seq 0", {"seq": 0}, oldest), ("the far future", {"time": 1 << 50}, b["last"] + 1),
                                ("beyond the end", {"seq": 1 << 40}, b["last"] + 1), ("latest", "latest", b["last"] + 1)]:
        h = s.subscribe("start", start, events=0)
        same((h["from"], h["to"], h["oldest"]), (wanted, b["last"], oldest), f"start at {what}")
    s.subscribe("start", {"seq": a["first"]})
    got = s.events(20, "start", ack=False)
    same([e["seq"] for e in got], list(range(a["first"], b["last"] + 1)), "in order")
    s.send("CREDIT", name="start", ack=a["last"])  # half of them are done with
    s.send("PING", nonce=1).expect("PONG")
    s.close()
    s = g.peer("silk", "starts").hello()
    same(s.subscribe("start")["from"], a["last"] + 1, "cursor: behind what was acknowledged")
    same([e["seq"] for e in s.events(10, "start")], list(range(b["first"], b["last"] + 1)), "the rest comes again")
    s.send("CREDIT", name="start", ack=1 << 40)
    same(s.expect("ERROR")[0]["code"], 605, "acknowledged beyond what was delivered")
    s.send("PING", nonce=2).expect("PONG")
    time.sleep(0.3)  # journal.cursor_ms
    g.kill()
    g.start()
    s = g.peer("silk", "starts").hello()
    same(s.subscribe("start")["from"], b["last"] + 1, "the cursor outlives a crash")
    s.send("UNSUBSCRIBE", name="start", flags=1)
    s.send("PING", nonce=3).expect("PONG")
    same(s.subscribe("start")["from"], b["last"] + 1, "forgotten: from now on")
    for x in (p, s):
        x.close()


FILTERS = [
    ({"type": ["gate-in"]}, {"b"}), ({"type": ["gate-in", "load"]}, {"a", "b", "d"}), ({"mode": ["rail"]}, {"c"}),
    ({"operator": ["port"]}, {"d"}), ({"location": ["AZBAK"]}, {"b"}), ({"location": ["node-7"]}, {"c"}),
    ({"country": ["KZ"]}, {"a"}), ({"equipment": ["CSQU3054383"]}, {"a"}), ({"equipment": ["MSKU*"]}, {"b"}),
    ({"consignment": ["B-77"]}, {"c"}), ({"consignment": ["booking:B-77"]}, {"c"}), ({"consignment": ["cim:B-77"]}, set()),
    ({"type": ["load"], "country": ["KZ"]}, {"a"}), ({}, {"a", "b", "c", "d"}),
]


def filters(g):
    rail, port = g.peer("rail", "filter").hello(), g.peer("port", "filter").hello()
    first = rail.publish([
        event("a"), event("b", "gate-in", place={"unlocode": "AZBAK", "country": "AZ"},
                          equipment=[{"kind": "container", "id": "MSKU1234565"}]),
        event("c", "depart", place={"node": "node-7", "country": "GE"}, equipment=None, subject="transport",
              transport={"mode": "rail"}, references=[{"scheme": "booking", "value": "B-77"}])])["first"]
    last = port.publish([event("d", place={"country": "TR"}, equipment=None)])["last"]
    s = g.peer("silk", "filter").hello()
    for filter, wanted in FILTERS:
        s.subscribe("f", {"seq": first}, filter)
        got, to = set(), 0
        while to < last:
            h, body = s.expect("EVENTS", name="f")
            to = h["to"]
            got |= {e["id"] for e in unpack(body)}
        same(got, wanted, f"filter {filter}")
    # What is not shared is not seen, whatever the filter asks for.
    t = g.peer("outsider", "filter").hello()
    t.subscribe("f", {"seq": first}, {"operator": ["rail", "port"]})
    h, body = t.expect("EVENTS", name="f")
    same((h["to"] >= last, unpack(body)), (True, []), "nothing for an outsider")
    for x in (rail, port, s, t):
        x.close()


def slow(g):
    """Behind the live tail (delivery.tail_bytes is small here), then caught up, then live."""
    p = g.peer("rail", "slow").hello()
    s = g.peer("silk", "slow").hello()
    start = s.subscribe("slow", "latest", events=5)["from"]  # credit for five, then it sleeps
    pad = {"pad": ["x" * 500] * 4}
    for _ in range(60):
        p.publish(events(50, "slow", ext=pad), wait=False)
        p.settled(p.batch)
    got = s.events(5, "slow")
    quiet = g.status()
    mine = next(x for x in quiet["sessions"] if x["adapter"] == "slow" and x["operator"] == "silk")
    check(mine["subscriptions"][0]["lag"] >= 2900, f"it is behind: {mine}")
    before = quiet["lanes"][0]["from_journal"]
    s.send("CREDIT", name="slow", ack=got[-1]["seq"], credit_events=1 << 30, credit_bytes=1 << 40)
    got += s.events(2995, "slow")
    same([e["seq"] for e in got], list(range(start, start + 3000)), "without a gap, in order")
    check(g.status()["lanes"][0]["from_journal"] > before, "served from the journal")
    until(lambda: p.publish(events(1, "live")) and [s.events(1, "slow")] and next(
        x for x in g.status()["sessions"] if x["adapter"] == "slow" and x["operator"] == "silk")
        ["subscriptions"][0]["live"], "back on the live tail")
    before = g.status()["lanes"][0]["from_journal"]
    a = p.publish(events(100, "live"))
    same([e["seq"] for e in s.events(100, "slow")], list(range(a["first"], a["last"] + 1)), "the live ones")
    same(g.status()["lanes"][0]["from_journal"], before, "none of them from the journal")
    p.close()
    s.close()


with Gate({"rail": ["silk"], "port": ["silk"], "silk": [], "outsider": []},
          "delivery: {tail_bytes: 256 KiB, position_ms: 50}\n") as g:
    for part in (fencing, repeats, starts, filters, slow):
        part(g)
    g.stop()
    g.verify()
print("sessions: passed")
