"""refusals.py - bad input over the real socket: each is refused with its number, counted, logged once
per burst, and nobody else notices."""
import struct
from gate import *

# What is sent, and the number it is refused with.  H: a good header's bytes for a PUBLISH.
H = msgpack.packb({"v": 1, "op": "PUBLISH", "batch": 1})
HEADERS = [
    ("three frames", [H, b"x", b"y"], 201),
    ("an empty header", [b""], 202),
    ("header is no map", [msgpack.packb([1, "PUBLISH"])], 202),
    ("header announces four billion keys", [b"\xdf\xff\xff\xff\xff"], 202),
    ("header with bytes behind it", [H + b"\x00"], 202),
    ("header over 1,024 bytes", [msgpack.packb({"v": 1, "op": "PING", "x": "y" * 1100})], 202),
    ("op twice", [b"\x83\xa1v\x01\xa2op\xa4PING\xa2op\xa3BYE"], 202),
    ("op is a number", [msgpack.packb({"v": 1, "op": 7})], 202),
    ("batch is a text", [msgpack.packb({"v": 1, "op": "PUBLISH", "batch": "one"})], 202),
    ("unknown operation", [msgpack.packb({"v": 1, "op": "STEAL"})], 203),
    ("foreign version", [msgpack.packb({"v": 9, "op": "PING"})], 101),
    ("no batch number", [msgpack.packb({"v": 1, "op": "PUBLISH"}), b"\x80"], 210),
    ("a body over the limit", [H, b"\x00" * (1 << 20) + b"\x00"], 205),
    ("more events announced than allowed",
     [msgpack.packb({"v": 1, "op": "PUBLISH", "batch": 1, "count": 1 << 40}), b"\x80"], 209),
    ("a batch far ahead", [msgpack.packb({"v": 1, "op": "PUBLISH", "batch": 7}), b"\x80"], 206),
    ("a batch beyond credit", [msgpack.packb({"v": 1, "op": "PUBLISH", "batch": 1 << 60}), b"\x80"], 208),
    ("unsubscribe from nothing", [msgpack.packb({"v": 1, "op": "UNSUBSCRIBE", "name": "x"})], 604),
    ("credit for nothing", [msgpack.packb({"v": 1, "op": "CREDIT", "name": "x"})], 604),
    ("subscription with a bad name", [msgpack.packb({"v": 1, "op": "SUBSCRIBE", "name": "a b"})], 104),
    ("filter field unknown", [msgpack.packb({"v": 1, "op": "SUBSCRIBE", "name": "x"}),
                              msgpack.packb({"filter": {"colour": ["red"]}})], 602),
    ("filter is no map", [msgpack.packb({"v": 1, "op": "SUBSCRIBE", "name": "x"}),
                          msgpack.packb({"filter": 5})], 601),
    ("filter announces four billion values", [msgpack.packb({"v": 1, "op": "SUBSCRIBE", "name": "x"}),
                                              b"\x81\xa6filter\x81\xa4type\xdd\xff\xff\xff\xff"], 601),
    ("filter with an unknown word", [msgpack.packb({"v": 1, "op": "SUBSCRIBE", "name": "x"}),
                                     msgpack.packb({"filter": {"type": ["teleported"]}})], 403),
    ("start is nonsense", [msgpack.packb({"v": 1, "op": "SUBSCRIBE", "name": "x"}),
                           msgpack.packb({"start": "yesterday"})], 603),
]

nested = {"x": 1}
for _ in range(20):
    nested = {"x": nested}
# An event's own faults: the batch is taken, this event goes to quarantine under the number.
EVENTS = [
    ("no map", msgpack.packb([1, 2]), 302),
    ("nested too deep", msgpack.packb(event("d", ext={"x": nested})), 303),
    ("too many values", msgpack.packb(event("v", ext={"x": [1] * 3000})), 304),
    ("a string too long", msgpack.packb(event("s", ext={"x": "y" * 2000})), 305),
    ("not UTF-8", b"\x81\xa2id\xa2\xff\xfe", 306),
    ("a key twice", b"\x82\xa2id\xa1a\xa2id\xa1b", 307),
    ("bin", msgpack.packb({"id": b"\x00\x01"}), 308),
    ("an event too large", msgpack.packb(event("l", ext={"x": ["z" * 1000] * 80})), 309),
    ("a number as key", msgpack.packb({1: 2}), 310),
    ("not a number", msgpack.packb(event("n", ext={"x": float("nan")})), 311),
    ("no type", msgpack.packb(event("m", type=None)), 401),
    ("time is a text", msgpack.packb(event("t", time="noon")), 402),
    ("an unknown class", msgpack.packb(event("c", **{"class": "guessed"})), 403),
    ("latitude 95", msgpack.packb(event("p", place={"country": "KZ", "lat": 95.0, "lon": 1.0})), 404),
    ("id of 65 bytes", msgpack.packb(event("i" * 65)), 405),
    ("a day and more ahead", msgpack.packb(event("f", time=NOW + 3 * 86400000)), 406),
    ("schema 2", msgpack.packb(event("2", schema=2)), 410),
]
# A body that cannot be divided into events: one refusal with index 0.
BODIES = [
    ("cut in the middle", msgpack.packb(event("x"))[:-5]),
    ("five bytes that announce four billion", b"\xdf\xff\xff\xff\xff"),
    ("an array bomb", b"\xdd\xff\xff\xff\xff" * 200),
    ("nested arrays without end", b"\x91" * 100000),
    ("a byte msgpack does not know", b"\xc1"),
    ("noise", bytes((i * 73 + 41) % 256 for i in range(5000))),
    ("ext 32 of four gigabytes", b"\x81\xa2id\xc9\xff\xff\xff\xff\x01"),
]


def headers(g):
    before = g.status()
    for what, frames, code in HEADERS:
        p = g.peer("rail", "bad").hello()
        h = p.raw(*frames).expect("ERROR")[0]
        same(h["code"], code, what)
        check(h.get("text") and h.get("rule"), f"{what}: says what happened and what to do: {h}")
        p.send("PING", nonce=5).expect("PONG", nonce=5)  # the session goes on
        p.close()
    faults = sum(l["faults"] for l in g.status()["lanes"]) - sum(l["faults"] for l in before["lanes"])
    check(faults >= len(HEADERS), f"{faults} faults counted for {len(HEADERS)} bad messages")


def contents(g):
    p = g.peer("rail", "content").hello()
    for what, bytes, code in EVENTS:
        good = event(f"good-{code}-{what[:9]}")
        a = p.publish([good, bytes, events(1)[0]])
        same((a.get("accepted", 0), a.get("refused", 0)), (2, 1), f"{what}: {a}")
        same((a["events"][0]["i"], a["events"][0]["code"]), (1, code), f"{what}: {a}")
        check(a["events"][0].get("rule"), f"{what}: names a rule: {a}")
    a = p.publish([event("once", place={"country": "KZ"}), event("once", place={"country": "AZ"})])
    same((a["accepted"], a["events"][0]["code"]), (1, 409), "an id for two facts")
    a = p.publish([event("atom-1"), event("atom-2", type=None)], flags=1)
    same((a.get("accepted", 0), sorted(e["code"] for e in a["events"])), (0, [211, 401]), "all or nothing")
    for what, body in BODIES:
        a = p.publish([body])
        same((a.get("accepted", 0), a.get("refused", 0), a["events"][0]["i"]), (0, 1, 0), f"{what}: {a}")
    a = p.publish([event("ok")], count=2)
    same(a["events"][0]["code"], 204, "count in the header is wrong")
    p.send("PUBLISH", pack([event("other")]), batch=p.batch)  # the number once more, another body
    same(p.expect("ERROR")[0]["code"], 207, "a number used twice")
    p.close()


def strangers(g):
    """Wrong keys and names; none of them gets a session."""
    g.keygen("nobody")
    refused = g.status()["turned_away"]
    p = g.peer("rail", "a1", keys=g.keys["nobody"])
    p.send("HELLO", adapter="a1", v_least=1, v_most=1)
    until(lambda: g.status()["turned_away"] > refused, "the unknown key is turned away")
    p.quiet()
    p.close()
    check("code=103" in g.log(), "the log says who was turned away")
    s = context.socket(zmq.DEALER)  # no key at all
    s.connect(g.address)
    s.send(msgpack.packb({"v": 1, "op": "HELLO", "adapter": "x"}))
    check(not s.poll(500), "a peer without a key hears nothing")
    s.close(0)
    for what, hello, code in [
            ("foreign version", dict(adapter="a1", v_least=2, v_most=9), 101),
            ("a bad name", dict(adapter="No Such Name", v_least=1, v_most=1), 104),
            ("no name", dict(v_least=1, v_most=1), 104)]:
        p = g.peer("rail").send("HELLO", **hello)
        h = p.expect("REFUSE")[0]
        same((h["code"], h["v_least"], h["v_most"]), (code, 1, 1), what)
        p.close()
    p = g.peer("rail", routing_id=b"port")
    same(p.send("HELLO", adapter="a1", v_least=1, v_most=1).expect("REFUSE")[0]["code"], 108, "routing id")
    long = g.peer("rail", routing_id=b"p" * 200, once=True).send("HELLO", adapter="a1", v_least=1, v_most=1)
    until(long.over, "a routing id too long to answer to: the connection ends")
    until(lambda: "connection.cut operator=rail code=108" in g.log(), "and the log says why")
    long.close()
    p.close()
    p = g.peer("rail").send("PUBLISH", pack([event("x")]), batch=1)
    same(p.expect("ERROR")[0]["code"], 102, "no HELLO")
    p.close()


def forged(g):
    """What an event says of its sender is overwritten; gateway's own fields are stripped."""
    sink = g.peer("silk", "sink").hello()
    sink.subscribe("forged", "latest")
    p = g.peer("rail", "forger").hello()
    same(p.publish([event("forged-1", seq=7, received=1, source={"operator": "silk", "adapter": "z"})])
         .get("accepted"), 1, "taken")
    e = sink.events(1, "forged")[0]
    same((e["source"]["operator"], e["source"]["adapter"]), ("rail", "forger"), "whose it is")
    check(e["seq"] != 7 and e["received"] > NOW - 3600000, f"the gateway's own fields: {e}")
    sink.close()
    p.close()


def flood(g):
    """Batches beyond the 64 that are allowed: 1,500 are refused, with one line in the log each second; 20,000
    more are a flood, which ends with the session.  Others are served; so is the flooder, after a pause."""
    other = g.peer("silk", "calm").hello()
    p = g.peer("rail", "flood").hello()
    lines = g.log().count("message.refused")
    began = time.monotonic()
    body = pack(events(1, "flood"))
    first = p.batch + 1
    for i in range(1500):
        p.send("PUBLISH", body, batch=p.welcome["credit_batch"] + 1 + i)
    same(p.expect("ERROR")[0]["code"], 208, "beyond credit")
    same(other.publish(events(3, "calm"))["accepted"], 3, "another operator is served")
    p.batch = first - 1
    p.send("PING", nonce=99).expect("PONG", nonce=99)
    same(p.publish(events(1, "after"))["accepted"], 1, "and so is the flooder, within credit")
    took = time.monotonic() - began
    new = g.log().count("message.refused") - lines
    check(new <= took + 3, f"{new} lines in the log in {took:.1f} s")
    check(re.search(r"message.refused operator=rail adapter=flood code=208", g.log()), "it says so")
    for i in range(20000):
        p.send("PUBLISH", body, batch=1000000 + i)
    p.expect("ERROR", code=111)
    same(other.publish(events(3, "calm"))["accepted"], 3, "another operator is served all the time")
    until(lambda: "rail/flood" not in {f"{s['operator']}/{s['adapter']}" for s in g.status()["sessions"]},
          "its session ends")
    p.close()
    p = g.peer("rail", "flood").hello()  # turned away at first; ZeroMQ tries again
    same(p.publish(events(1, "again"))["accepted"], 1, "and then let in")
    p.close()
    other.close()


with Gate({"rail": ["silk"], "silk": []}) as g:
    witness = g.peer("silk", "witness").hello()
    for part in (strangers, headers, contents, forged, flood):
        part(g)
        same(witness.publish(events(1, "w"))["accepted"], 1, f"a bystander after {part.__name__}")
        check(g.alive(), "karvand lives")
    st = g.status()
    check(st["journal"]["quarantined"] >= len(EVENTS) + len(BODIES), f"kept in quarantine: {st['journal']}")
    witness.close()
    g.stop()
    g.verify()
print("refusals: passed")
