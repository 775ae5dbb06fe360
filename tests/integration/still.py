"""still.py BIN - a gateway that stands still: nobody is told that a key is changed, nobody is held to be silent."""
from gate import *

with Gate({"rail": ["silk"], "silk": []}, "session: {timeout_ms: 1000}\n") as g:
    p, s = g.peer("rail", "a1").hello(), g.peer("silk", "a1").hello()
    s.subscribe("all")
    g.process.send_signal(signal.SIGSTOP)
    time.sleep(3)
    g.process.send_signal(signal.SIGCONT)
    time.sleep(0.5)
    same(p.publish(events(3))["accepted"], 3, "the session is still there")
    s.events(3, "all")
    until(lambda: g.log().count('why="silent"') == 2, "silence of their own ends them as before")

with Gate({"rail": ["silk"], "silk": []}) as g:
    g.keygen("fresh")
    g.process.send_signal(signal.SIGSTOP)
    status, _, err = g.cli("operator", "rotate", "rail", "--key", g.keys["fresh"]["public"], "--config", g.config)
    g.process.send_signal(signal.SIGCONT)
    check(status == 1 and "does not answer" in err, f"rotate: {status} {err}")
    g.cli("reload", "--data", g.data, status=0)
    g.peer("rail", "a1", keys=g.keys["fresh"]).hello().close()
    g.stop()
    status, _, err = g.cli("operator", "revoke", "rail", "--key", g.keys["rail"]["public"], "--config", g.config)
    check(status == 0 and "takes effect with" in err, f"without a gateway: {status} {err}")
    g.start()
    g.peer("rail", "a1", keys=g.keys["fresh"]).hello().close()
print("still: passed")
