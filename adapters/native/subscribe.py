#!/usr/bin/python3
"""subscribe.py ENDPOINT SERVER_KEY KEYS_FILE ADAPTER NAME [START [FILTER]] - a complete subscriber.

START is cursor, earliest or latest; FILTER is JSON: '{"type": ["load"], "country": ["KZ"]}'."""
import json, sys, time, msgpack, zmq

endpoint, server_key, keys_file, adapter, name = sys.argv[1:6]
start, wanted = (sys.argv[6:] + ["cursor", "{}"][len(sys.argv) - 6:])[:2]
keys = dict(line.replace('"', "").strip().split(" = ", 1) for line in open(keys_file) if "-key = " in line)
context = zmq.Context()

def session():
    """One connection.  Returns when it is over; the next one goes on behind what was acknowledged."""
    global start
    sock = context.socket(zmq.DEALER)
    sock.linger, sock.curve_serverkey = 0, server_key.encode()
    sock.curve_publickey, sock.curve_secretkey = keys["public-key"].encode(), keys["secret-key"].encode()
    sock.connect(endpoint)
    def send(op, body=b"", **header):
        sock.send_multipart([msgpack.packb({"v": 1, "op": op, **header})] + [body] * bool(body))
    def credit(ack):  # absolute since SUBSCRIBED: what came, and room for more
        send("CREDIT", name=name, ack=ack, credit_events=events + 1000, credit_bytes=size + (1 << 20))
    send("HELLO", v_least=1, v_most=1, adapter=adapter, software="subscribe.py")
    events, size, silent = 0, 0, 0
    while silent <= 5:
        if not sock.poll(1000):
            silent += 1
            send("PING", nonce=silent)
            continue
        silent, frames = 0, sock.recv_multipart() + [b""]
        h, body = msgpack.unpackb(frames[0]), frames[1]
        if h["op"] == "WELCOME":
            send("SUBSCRIBE", msgpack.packb({"start": start, "filter": json.loads(wanted)}), name=name)
        elif h["op"] == "SUBSCRIBED":
            credit(h["from"] - 1)
        elif h["op"] == "EVENTS":
            unpacker = msgpack.Unpacker()
            unpacker.feed(body)
            for event in unpacker:
                print(json.dumps(event, ensure_ascii=False), flush=True)
            events, size = events + h.get("count", 0), size + len(body)
            credit(h["to"])  # done with everything up to here: the durable cursor moves
            start = {"seq": h["to"] + 1}
        elif h["op"] == "BYE" or (h["op"] == "ERROR" and h["code"] in (102, 110)):
            return
        elif h["op"] in ("REFUSE", "ERROR"):
            sys.exit(f"{h['op']} {h['code']}: {h['text']}: {h.get('rule', '')}")

while True:
    session()
    time.sleep(1)
