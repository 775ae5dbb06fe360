"""quarantine.py - karvan quarantine list, show, requeue and drop, beside the running gateway and after it
has left; and karvan journal stat, verify and export."""
from gate import *


def entries(g, *words):
    return [json.loads(l) for l in g.cli("quarantine", "list", "--json", "--data", g.data, *words,
                                         status=0)[1].splitlines()]


def fill(g):
    p = g.peer("rail", "q").hello()
    p.publish([event("q-1", type=None), event("ok"), event("q-2", **{"class": "guessed"})])
    p.publish([b"\xc1\xc1\xc1"])
    q = g.peer("port", "q").hello()
    q.publish([event("q-3", time="noon")])
    p.close()
    q.close()


def listing(g):
    list = entries(g)
    same([(e["id"], e["operator"], e["batch"], e["index"], e["code"], e["field"]) for e in list],
         [(1, "rail", 1, 0, 401, "type"), (2, "rail", 1, 2, 403, "class"), (3, "rail", 2, 0, 204, ""),
          (4, "port", 1, 0, 402, "time")], "list")
    check(all(e["remedy"] and e["text"] and e["size_bytes"] for e in list), f"reasons: {list}")
    same([e["id"] for e in entries(g, "--operator", "port")], [4], "of one operator")
    same([e["id"] for e in entries(g, "--most", "2")], [1, 2], "the first two")
    words = g.cli("quarantine", "list", "--data", g.data, status=0)[1]
    check("rail" in words and "401 MISSING" in words and "field type" in words, words)
    words = g.cli("quarantine", "show", 2, "--data", g.data, status=0)[1]
    check("403 UNKNOWN_CODE" in words and '"class":"guessed"' in words and "rail/q, batch 1, event 2" in words, words)
    words = g.cli("quarantine", "show", 3, "--data", g.data, status=0)[1]
    check("c1c1c1" in words, f"no map: in hex: {words}")
    raw = subprocess.run([os.path.join(BIN, "karvan"), "quarantine", "show", "1", "--raw", "--data", g.data],
                         stdout=subprocess.PIPE, check=True, env=g.env).stdout
    same(msgpack.unpackb(raw)["id"], "q-1", "the bytes as they were sent")
    for words, status in ((["show", 99], 1), (["show"], 2), (["show", "x"], 2), (["list", "--nonsense"], 2),
                          (["list", "x"], 2), (["requeue"], 2), (["drop", "x"], 1), (["drop", 99], 1),
                          (["requeue", 99], 1), (["burn", 1], 2)):
        g.cli("quarantine", *words, *(["--data", g.data] if status < 2 else []), status=status)


def repair(g):
    s = g.peer("silk", "watch").hello()
    s.subscribe("repaired", "latest")
    # As it is: the same admission says the same again, and it stays.
    status, out, _ = g.cli("quarantine", "requeue", 1, "--data", g.data)
    answer = json.loads(out)
    same((status, answer["ok"], answer["code"], answer["field"]), (1, False, 401, "type"), "still refused")
    same(len(entries(g)), 4, "it stays")
    path = os.path.join(g.dir, "repaired.json")
    with open(path, "w") as f:
        json.dump(event("q-1", "discharge"), f)
    status, out, _ = g.cli("quarantine", "requeue", 1, "--with", path, "--data", g.data)
    same((status, json.loads(out)["ok"]), (0, True), f"repaired: {out}")
    e = s.events(1, "repaired")[0]
    same((e["id"], e["type"], e["source"]["operator"], e["source"]["adapter"]), ("q-1", "discharge", "rail", "q"),
         "delivered as its sender's")
    until(lambda: [x["id"] for x in entries(g)] == [2, 3, 4], "it left quarantine with that commit")
    with open(path, "w") as f:
        f.write("no json")
    g.cli("quarantine", "requeue", 2, "--with", path, "--data", g.data, status=1)
    g.cli("quarantine", "requeue", 2, "--with", path + ".none", "--data", g.data, status=1)
    g.cli("quarantine", "requeue", 2, 4, "--with", path, "--data", g.data, status=2)
    same([x["id"] for x in entries(g)], [2, 3, 4], "nothing happened")
    g.cli("quarantine", "drop", 3, 4, "--data", g.data, status=0)
    until(lambda: [x["id"] for x in entries(g)] == [2], "dropped")
    # A reload that makes the sender unknown: requeue says so.
    os.rename(os.path.join(g.dir, "operators", "rail.yaml"), os.path.join(g.dir, "rail.yaml"))
    g.cli("reload", "--data", g.data, status=0)
    status, out, _ = g.cli("quarantine", "requeue", 2, "--data", g.data)
    same((status, json.loads(out)["code"]), (1, 103), f"its sender is gone: {out}")
    os.rename(os.path.join(g.dir, "rail.yaml"), os.path.join(g.dir, "operators", "rail.yaml"))
    g.cli("reload", "--data", g.data, status=0)
    s.close()


def journal(g):
    last = g.status()["journal"]["last"]
    p = g.peer("rail", "journal").hello()
    a = p.publish(events(300, "j"))
    p.close()
    out = g.cli("journal", "stat", "--data", g.data, status=0)[1]
    check(f"seq 1 .. {last + 300}," in out and "1 in quarantine" in out, out)
    check(f"journal: {last + 300} events" in g.verify(), "verify")
    lines = [json.loads(l) for l in g.cli("journal", "export", "--data", g.data, status=0)[1].splitlines()]
    same([e["seq"] for e in lines], list(range(1, last + 301)), "export, dense and in order")
    some = g.cli("journal", "export", "--from", a["first"] + 10, "--to", a["first"] + 12, "--data", g.data,
                 status=0)[1].splitlines()
    same([json.loads(l)["seq"] for l in some], [a["first"] + 10, a["first"] + 11, a["first"] + 12], "a piece")
    same(g.cli("journal", "export", "--from", last + 1000, "--data", g.data, status=0)[1], "", "beyond the end")
    for words, status in ((["stat", "--nonsense"], 2), (["export", "--from", "x"], 2), (["shred"], 2),
                          (["stat", "--data", "/nonexistent"], 1), (["verify", "--data", "/nonexistent"], 1)):
        g.cli("journal", *words, status=status)


with Gate({"rail": ["silk"], "silk": [], "port": []}) as g:
    fill(g)
    listing(g)
    repair(g)
    journal(g)
    g.stop()
    same([x["id"] for x in entries(g)], [2], "list without a gateway")
    status, _, err = g.cli("quarantine", "requeue", 2, "--data", g.data)
    check(status == 1 and err, f"requeue without one says so: {err}")
    g.start()
    same([x["id"] for x in entries(g)], [2], "after a restart")
    g.cli("quarantine", "drop", 2, "--data", g.data, status=0)
    until(lambda: entries(g) == [], "empty")
print("quarantine: passed")
