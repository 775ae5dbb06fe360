"""still.py BIN - a gateway that stands still while a key is changed: nobody is told that it is done."""
from gate import *

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
