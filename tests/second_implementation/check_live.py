#!/usr/bin/python3
"""Logs in to a live server with the second implementation, exchanges messages, misbehaves, and leaves.

check_live.py BUILD [SECURITY...]: for clear, tls and mtls. Exits 0 only when everything held.
"""
import copy
import json
import os
import pathlib
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "demo"))
import bodies  # noqa: E402
import keys  # noqa: E402
from client import Client, RefusedByServer  # noqa: E402
from frames import Flag, Type, encode_fields  # noqa: E402
from processes import Failed, Processes  # noqa: E402

TOKEN_LIFETIME_S = 120
LEVELS = {"clear": keys.SEAL, "tls": keys.MAC, "mtls": keys.MAC}
PROJECT = """api_version: 3
name: {name}
connection_security: {security}
participants:
- {{name: hub.works, type: server, org: o, fed_learn_port: 8002, host_names: [localhost, 127.0.0.1]}}
- {{name: site-1, type: client, org: o, connect_to: 127.0.0.1}}
- {{name: site-2, type: client, org: o, connect_to: 127.0.0.1}}
"""


def equal(found, expected, what):
    if found != expected:
        raise Failed(f"{what}: found {found!r}, expected {expected!r}")


def provision(processes, folder, name, security):
    path = folder / f"{name}.yml"
    path.write_text(PROJECT.format(name=name, security=security))
    processes.run("provision", str(path), "-w", str(folder / "workspace"), "--no-passphrase")
    return folder / "workspace" / name / "prod_00"


def check_messages(client, security):
    """Everything that an honest client does, on one connection and on a second one of the same session."""
    lane = client.connect()
    equal(lane.out.level, LEVELS[security], "level of the lane")
    equal(lane.ping(7), 7, "number of the PONG")
    headers, status = lane.request("server", "fairlead/status")
    equal(headers["from"], "server", "sender of the status")
    json.loads(status)
    payload = os.urandom(2 * 1048576 + 77)
    for size in (0, 1, 1048576, len(payload)):
        headers, reply = lane.request("site-2", "second/implementation", payload[:size])
        equal((headers["from"], headers["to"]), ("site-2", client.endpoint), "way of the reply")
        equal(reply == payload[:size], True, f"echo of {size} bytes")
    check_refused_message(lane)
    second = client.connect()
    equal(client.session.lanes_opened, 2, "lanes of the session")
    equal(second.ping(8), 8, "number of the PONG on the second lane")
    second.leave()
    equal(lane.ping(9), 9, "number of the PONG on the first lane")
    lane.leave()


def check_refused_message(lane):
    """One message is refused and the lane goes on."""
    try:
        lane.request("nobody", "topic")
    except RefusedByServer as refused:
        equal((refused.code, refused.tagged), ("no_such_endpoint", True), "refusal of a message to nobody")
        return
    raise Failed("a message to nobody was answered")


def honest_frame(lane, **changes):
    return next(lane.frames_of(lane.headers("server", "fairlead/status", 0, **changes), b""))


def replayed_frame(lane):
    frame = honest_frame(lane)
    lane.link.send(frame)
    lane.receive_message()
    return frame


def changed_tag(lane):
    frame = honest_frame(lane)
    return frame[:-1] + bytes([frame[-1] ^ 1])


def wrong_token(lane):
    token = lane.client.session.token
    return honest_frame(lane, token=token[:-1] + bytes([token[-1] ^ 1]))


def wrong_signature(lane):
    signature = lane.client.session.token_signature
    return honest_frame(lane, token_signature=signature[:-1] + bytes([signature[-1] ^ 1]))


def gap(lane):
    lane.out.seq += 1
    return honest_frame(lane)


def later_epoch(lane):
    frame = bytearray(honest_frame(lane))
    frame[27] = 1
    return bytes(frame)


def unsealed(lane):
    lane.out.level = keys.MAC
    return honest_frame(lane)


def control_of_a_server(lane):
    lane.out.flags = Flag.FROM_SERVER
    return lane.out.protect(Type.PING, b"")


ATTACKS = {
    "a replayed frame": (replayed_frame, "replay"),
    "a wrong tag": (changed_tag, "bad_tag"),
    "a wrong token": (wrong_token, "bad_token"),
    "a wrong token signature": (wrong_signature, "bad_token"),
    "the name of another": (lambda lane: honest_frame(lane, client_name="site-2"), "bad_token"),
    "the address of another": (lambda lane: honest_frame(lane, **{"from": "site-2"}), "bad_origin"),
    "a gap": (gap, "malformed"),
    "another epoch": (later_epoch, "old_epoch"),
    "a server's frame": (control_of_a_server, "malformed"),
    "a PING without its number": (lambda lane: lane.out.protect(Type.PING, b""), "bad_headers"),
}


def check_attacks(new_client, security):
    """Each one on a connection of its own: the code, and then the end of the connection. Renewals in a row are
    limited, so that those on a renewal have a session of their own as well."""
    attacks, client = dict(ATTACKS), new_client()
    if LEVELS[security] == keys.SEAL:
        attacks["a readable frame on a sealed lane"] = (unsealed, "security_floor")
    for what, (attack, code) in (attacks | ATTACKS_ON_RENEWAL).items():
        lane = (new_client() if what in ATTACKS_ON_RENEWAL else client).connect()
        lane.link.send(attack(lane))
        equal(lane.wait_closed(), code, what)
    return len(attacks) + len(ATTACKS_ON_RENEWAL)


def check_renewal(client):
    """New keys on one lane while another of the session goes on, and on a lane that opens later. What is for the
    session travels on the lane that opened last."""
    other, lane = client.connect(), client.connect()
    old = {"token": client.session.token, "token_signature": client.session.token_signature}
    lane.ask_renewal(os.urandom(32))
    lane.receive(Type.RENEW)  # and it is lost: the next one takes its place
    token = lane.renew()
    equal(token.expires_ms - token.issued_ms, TOKEN_LIFETIME_S * 1000, "lifetime of the new token")
    equal(client.session.token != old["token"], True, "the renewed token is another one")
    headers, payload = lane.request("site-2", "second/implementation", b"under new keys")
    equal((headers["from"], payload), ("site-2", b"under new keys"), "reply under new keys")
    equal((lane.out.epoch, lane.into.epoch), (1, 1), "epochs of the lane that asked")
    other.hear_renewed()
    other.link.send(honest_frame(other, **old))
    lane.receive_message()
    equal(other.ping(3), 3, "number of the PONG to the lane that has not switched")
    equal((other.out.epoch, other.into.epoch), (0, 1), "epochs of the lane that has not switched")
    other.follow()
    other.link.send(honest_frame(other))
    lane.receive_message()
    later = client.connect()
    equal((later.ping(5), later.out.epoch), (5, 1), "a lane of the new epoch")
    for open_lane in (later, other, lane):
        open_lane.leave()


def old_keys(lane):
    """A frame that is right in everything, but for the epoch that its direction has left."""
    old = copy.copy(lane.out)
    lane.renew()
    lane.request("server", "fairlead/status")
    old.seq = lane.out.seq
    lane.out = old
    return honest_frame(lane, token=lane.client.session.token)


def old_token(lane):
    token = lane.client.session.token
    lane.renew()
    return honest_frame(lane, token=token)


def compact_in_a_new_epoch(lane):
    lane.request("server", "fairlead/status")
    lane.renew()
    lane.compact = True
    return honest_frame(lane)


def key_of_small_order(lane):
    question = {"key": bytes(32), "nonce": os.urandom(16)}
    return lane.out.protect(Type.RENEW, encode_fields(bodies.RENEW_QUESTION, question))


def unwanted_renewals(lane):
    for _ in range(4):
        lane.ask_renewal(os.urandom(32))
        lane.receive(Type.RENEW)
    return key_of_small_order(lane)


ATTACKS_ON_RENEWAL = {
    "keys of the epoch before": (old_keys, "old_epoch"),
    "the token of the epoch before": (old_token, "bad_token"),
    "compact headers at the start of an epoch": (compact_in_a_new_epoch, "bad_token"),
    "a key of small order": (key_of_small_order, "malformed"),
    "one RENEW after another": (unwanted_renewals, "rate_limited"),
}


def check_logins(kits, other, port):
    """Logins that claim what is not so."""
    claims = [
        ("a login with a kit of another project", {"login_folder": other / "site-1"}, "login_refused"),
        ("a login under another name", {"name": "site-2"}, "wrong_identity"),
        ("a login as a server", {"type": 1}, "wrong_identity"),
        ("a login from another's endpoint", {"endpoint": "site-2/app"}, "wrong_identity"),
        ("a login into another project", {"project": "other"}, "wrong_project"),
        ("a login with another prelude", {"h0": bytes(32)}, "downgrade"),
    ]
    for what, changes, code in claims:
        claimed_endpoint = changes.pop("endpoint", None)
        client = Client(kits / "site-1", port, **changes)
        client.endpoint = claimed_endpoint or client.endpoint
        try:
            client.connect()
        except RefusedByServer as refused:
            equal(refused.code, code, what)
            continue
        raise Failed(f"{what} was let in")
    return len(claims)


def check_foreign_lane(client):
    """A LANE_OPEN under keys of nobody's session."""
    lane = client.connect()
    lane.leave()
    client.session.secret = bytes(32)
    try:
        client.connect()
    except RefusedByServer as refused:
        equal((refused.code, refused.tagged), ("unknown_lane", False), "a lane with other keys")
        return
    raise Failed("a lane with other keys was opened")


def check(build, folder, security):
    with Processes(build, folder) as processes:
        kits = provision(processes, folder, "works", security)
        other = provision(processes, folder, "other", security)
        ready = processes.start("server", "server", "-k", str(kits / "hub.works"), "--set", "listen.port=0",
                                "--set", f"token_lifetime={TOKEN_LIFETIME_S}s")
        port = int(ready["listeners"][0].rsplit(":", 1)[1])
        processes.start("site-2", "client", "-k", str(kits / "site-2"), "--echo", "--set",
                        f"connect_to=tcp://127.0.0.1:{port}")
        check_messages(Client(kits / "site-1", port), security)
        check_renewal(Client(kits / "site-1", port))
        attacks = check_attacks(lambda: Client(kits / "site-1", port), security)
        logins = check_logins(kits, other, port)
        check_foreign_lane(Client(kits / "site-1", port))
        check_messages(Client(kits / "site-1", port, endpoint="site-1/app"), security)
        stopped = processes.stop_all()
    for code in ("replay", "old_epoch", "rate_limited", "bad_tag", "bad_token", "bad_origin", "login_refused"):
        equal(stopped["refused"].get(code, 0) > 0, True, f"the server counted {code}")
    print(f"{security}: messages both ways, keys renewed, {attacks} attacks and {logins} false logins refused")


def main():
    build = pathlib.Path(sys.argv[1]).resolve()
    for security in sys.argv[2:] or LEVELS:
        with tempfile.TemporaryDirectory() as folder:
            check(build, pathlib.Path(folder), security)
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Failed as failure:
        sys.exit(f"check_live: {failure}")
