#!/usr/bin/python3
"""publish.py ENDPOINT SERVER_KEY KEYS_FILE ADAPTER FILE.ndjson - a complete Karvan publisher."""
import json, sys, time, msgpack, zmq

endpoint, server_key, keys_file, adapter, path = sys.argv[1:]
keys = dict(line.replace('"', "").strip().split(" = ", 1) for line in open(keys_file) if "-key = " in line)
events = [msgpack.packb(json.loads(line)) for line in open(path) if line.strip()]
batches = [events[i:i + 256] for i in range(0, len(events), 256)]
todo = {}  # batch number -> its events: not yet acknowledged
count = {"accepted": 0, "duplicates": 0, "refused": 0}
context = zmq.Context()

def session():
    """One connection.  Returns when it is over; what is left in todo is sent again in the next."""
    sock = context.socket(zmq.DEALER)
    sock.linger, sock.curve_serverkey = 0, server_key.encode()
    sock.curve_publickey, sock.curve_secretkey = keys["public-key"].encode(), keys["secret-key"].encode()
    sock.connect(endpoint)
    def send(op, body=b"", **header):
        sock.send_multipart([msgpack.packb({"v": 1, "op": op, **header})] + [body] * bool(body))
    send("HELLO", v_least=1, v_most=1, adapter=adapter, software="publish.py")
    sent, used, credit, silent = 0, 0, {"credit_batch": 0, "credit_bytes": 0}, 0
    while todo or batches:
        while credit["credit_batch"] > sent and sent + 1 in todo:  # send what the credit allows
            body = b"".join(todo[sent + 1])
            if used + len(body) > credit["credit_bytes"]:
                break
            sent, used = sent + 1, used + len(body)
            send("PUBLISH", body, batch=sent, count=len(todo[sent]))
        if not sock.poll(1000):
            silent += 1
            if silent > 5:
                return
            send("PING", nonce=silent)
            continue
        silent, frames = 0, sock.recv_multipart() + [b""]
        h, body = msgpack.unpackb(frames[0]), frames[1]
        credit = {k: max(v, h.get(k, 0)) for k, v in credit.items()}
        if h["op"] == "WELCOME":  # the gateway has every batch up to h["batch"]; ours come behind it
            todo.update((h.get("batch", 0) + 1 + i, b) for i, b in enumerate(batches))
            batches.clear()
            sent = min(todo, default=1) - 1
        elif h["op"] == "ACK":
            unpacker = msgpack.Unpacker()
            unpacker.feed(body)
            for a in unpacker:  # what became of each batch
                if todo.pop(a["batch"], None):
                    count.update((k, n + a.get(k, 0)) for k, n in count.items())
                    for e in a.get("events", []):
                        if "code" in e:
                            print(f"batch {a['batch']} event {e['i']}:", e, file=sys.stderr)
        elif h["op"] == "ERROR" and h["code"] in (107, 206, 208, 501, 502, 503):  # not taken: again, later
            time.sleep(1)
            used -= sum(len(b"".join(todo[n])) for n in range(h["batch"], sent + 1))
            sent = h["batch"] - 1
        elif h["op"] == "BYE" or (h["op"] == "ERROR" and h["code"] in (102, 110)):
            return
        elif h["op"] in ("REFUSE", "ERROR"):
            sys.exit(f"{h['op']} {h['code']}: {h['text']}: {h.get('rule', '')}")
    send("BYE")
    sock.close(linger=500)

total = len(events)
while batches or todo:
    session()
    time.sleep(1 if batches or todo else 0)
print(f"publish: sent={total}", *(f"{k}={n}" for k, n in count.items()))
sys.exit(count["refused"] > 0)
