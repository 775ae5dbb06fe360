"""native.py - adapters/native/publish.py and subscribe.py against the real daemon with CURVE, as their
README runs them; also through a restart of the gateway in the middle."""
from gate import *

NATIVE = os.path.join(SOURCE, "adapters", "native")


def program(g, name, operator, *words, out=None):
    return subprocess.Popen([sys.executable, "-B", os.path.join(NATIVE, name), g.address,
                             g.keys["gateway"]["public"], os.path.join(g.dir, operator + ".keys"),
                             *words], stdout=out or subprocess.PIPE, text=True, cwd=g.dir)


def lines(path):
    return [json.loads(l) for l in whole_lines(path)]


with Gate({"rail": ["silk"], "silk": []}) as g:
    path, got = os.path.join(g.dir, "day.ndjson"), os.path.join(g.dir, "got.ndjson")
    sent = [event(f"day-{i}", "load" if i % 3 else "gate-in") for i in range(1000)]
    with open(path, "w") as f:
        f.writelines(json.dumps(e) + "\n" for e in sent)
    with open(got, "w") as out:
        sink = program(g, "subscribe.py", "silk", "view", "all", "earliest", '{"type": ["load"]}', out=out)
    wanted = [e["id"] for e in sent if e["type"] == "load"]

    first = program(g, "publish.py", "rail", "tos", path)
    said = first.communicate(timeout=PATIENCE)[0].strip()
    same((first.returncode, said), (0, "publish: sent=1000 accepted=1000 duplicates=0 refused=0"), "publish.py")
    until(lambda: len(lines(got)) >= len(wanted), "everything arrives")
    same([e["id"] for e in lines(got)], wanted, "in order, by the filter")
    same({e["source"]["operator"] for e in lines(got)}, {"rail"}, "whose they are")

    # The gateway dies and comes back; both programs go on by themselves.
    g.kill()
    again = program(g, "publish.py", "rail", "tos", path)
    time.sleep(0.5)
    g.start()
    said = again.communicate(timeout=PATIENCE)[0].strip()
    same((again.returncode, said), (0, "publish: sent=1000 accepted=0 duplicates=1000 refused=0"),
         "the same file again")
    more = os.path.join(g.dir, "more.ndjson")
    with open(more, "w") as f:
        f.write(json.dumps(event("after-the-crash")) + "\n" + json.dumps(event("bad", type=None)) + "\n")
    third = program(g, "publish.py", "rail", "tos", more)
    said = third.communicate(timeout=PATIENCE)[0].strip()
    same((third.returncode, said), (1, "publish: sent=2 accepted=1 duplicates=0 refused=1"), "one of two refused")
    until(lambda: "after-the-crash" in open(got).read(), "the subscriber found back")
    check(sink.poll() is None, "the subscriber lives")
    sink.kill()
    sink.wait()
print("native: passed")
