#!/usr/bin/python3
"""The adapter host over MQTT, against the real gateway and the Mosquitto broker: in and out at QoS 1,
a broker that goes away, a host that is killed: nothing lost, nothing twice, in order.
adapter_mqtt.py BIN_DIR"""
import os
import subprocess
import sys
import time

from adapter_rig import Broker, Rig, check_whole, event, fail, need, numbers, wait_for

ADAPTERS = """
  - name: mqtt-1
    format: ndjson
    endpoint: ipc://%(dir)s/company.sock
    source: {kind: mqtt, folder: %(dir)s/mqtt, connect: "127.0.0.1:%(port)d", topic: "port/+/gate",
             username: karvan, password_file: %(dir)s/password, max_bytes: 4 KiB}
    spool: {max_bytes: 64 KiB}
  - name: mqtt-2
    format: ndjson
    endpoint: ipc://%(dir)s/partner.sock
    sink: {kind: mqtt, folder: %(dir)s/out, subscription: out, start: earliest, topic: out/events,
           connect: "127.0.0.1:%(port)d", username: karvan, password_file: %(dir)s/password,
           every_events: 4, every_ms: 50, retry_ms: 50, retry_max_ms: 300}
"""
GATE = "port/aktau/gate"


def broker_of(rig):
    """A broker that wants a password, and keeps what it holds for one who is away."""
    rig.write("broker.passwd", "karvan:geheim\n")
    os.chmod(rig.path("broker.passwd"), 0o600)
    subprocess.run(["mosquitto_passwd", "-U", rig.path("broker.passwd")], check=True)
    os.makedirs(rig.path("broker"), exist_ok=True)
    return Broker(rig, settings="""
password_file {d}/broker.passwd
allow_anonymous false
persistence true
persistence_location {d}/broker/
autosave_interval 1
autosave_on_changes true
max_queued_messages 10000
""".format(d=rig.dir), client=("-h", "127.0.0.1", "-u", "karvan", "-P", "geheim"))


def way(rig, broker):
    adapters = ADAPTERS % {"dir": rig.dir, "port": broker.port}

    def start():
        return rig.host("host", adapters)

    def connected():
        s = rig.status("host")
        return s and all(a.get("source", a.get("sink", {})).get("connected") for a in s["adapters"])

    host = start()
    wait_for("both are connected", connected)
    host.wait_log("subscription.begun")
    broker.publish(GATE, *[event(n) for n in range(10)])
    wait_for("10 events", lambda: len(rig.received()) >= 10)
    wait_for("10 events out", lambda: len(rig.ids("out.ndjson")) >= 10)

    broker.publish(GATE, "{not an event\n", event(10))
    wait_for("the one behind it", lambda: len(rig.received()) >= 11)
    if len(rig.files("mqtt", "failed")) != 2:
        fail("failed/ holds %s" % rig.files("mqtt", "failed"))

    broker.stop()  # what is published while it is away cannot be; what it held stays with it
    host.wait_log("mqtt.lost")
    broker.start()
    wait_for("connected again", connected)
    broker.publish(GATE, *[event(n) for n in range(11, 40)])
    wait_for("40 events", lambda: len(rig.received()) >= 40)

    host.kill()  # the broker keeps what comes meanwhile
    broker.publish(GATE, *[event(n) for n in range(40, 60)])
    rig.gateway.kill()  # and the spool keeps it when the gateway is not there
    host = start()
    wait_for("20 in the spool", lambda: (rig.adapter("host", "mqtt-1") or {}).get(
        "source", {}).get("events", 0) >= 20)
    rig.start_gateway()
    wait_for("60 events", lambda: len(rig.received()) >= 60)

    for round_ in range(6):  # killed in the middle of the stream
        first = 60 + 50 * round_
        pub = subprocess.Popen(broker.client("mosquitto_pub", "-t", "port/baku/gate", "-l"),
                               stdin=subprocess.PIPE)
        pub.stdin.write("".join(event(n) for n in range(first, first + 50)).encode())
        pub.stdin.close()
        time.sleep(0.01 * round_)  # any moment will do
        host.kill()
        if pub.wait(60) != 0:
            fail("the publisher failed")
        host = start()
    wait_for("360 events", lambda: len(rig.received()) >= 360)
    rig.gateway.kill()  # more than the spool holds: the broker keeps the rest, unacknowledged
    broker.publish(GATE, *[event(n) for n in range(360, 760)])
    wait_for("the spool is full", lambda: rig.adapter("host", "mqtt-1")["spool"]["full"])
    host.wait_log("could not be taken now")
    rig.start_gateway()
    wait_for("760 events", lambda: len(rig.received()) >= 760)
    check_whole(rig, 760, "mqtt")
    wait_for("760 out", lambda: len(set(rig.ids("out.ndjson"))) >= 760)
    first_seen = list(dict.fromkeys(rig.ids("out.ndjson")))  # a kill may send a message again
    if numbers(first_seen) != list(range(760)):
        fail("out of order: %s" % first_seen[:20])
    if host.stop() > 5:
        fail("the host took too long to end")


def main():
    need("adapter_mqtt", "mosquitto", "mosquitto_pub")
    with Rig(sys.argv[1]) as rig:
        rig.start_gateway()
        rig.start_receiver()
        rig.write("password", "geheim\n")
        os.chmod(rig.path("password"), 0o600)
        broker = broker_of(rig)
        broker.start()
        out = open(rig.path("out.ndjson"), "ab")
        sub = subprocess.Popen(["sh", "-c", "while :; do \"$@\"; sleep 0.1; done", "sub",
                                *broker.client("mosquitto_sub", "-t", "out/events", "-i", "test",
                                               "-c", "-F", "%p")],
                               stdout=out, stderr=subprocess.DEVNULL, start_new_session=True)
        try:
            way(rig, broker)
            print("adapter_mqtt: passed")
        finally:
            os.killpg(sub.pid, 15)
            sub.wait()


main()
