#!/usr/bin/python3
"""Reads and makes every golden vector in tests/vectors with the second implementation, byte for byte."""
import json
import pathlib
import sys

from cryptography.hazmat.primitives.asymmetric import ed25519, x25519

import bodies
import keys
from frames import Flag, Refused, Type, decode_fields, decode_frame, encode_fields, plain_frame

VECTORS = pathlib.Path(__file__).resolve().parents[1] / "vectors"


class Wrong(Exception):
    """A vector and this implementation do not agree."""


def equal(made, expected, what):
    if made != expected:
        raise Wrong(f"{what}: made {made!r}, the vector says {expected!r}")


def counting(first, size):
    return bytes(range(first, first + size))


def raw(vector, *names):
    return [bytes.fromhex(vector[name]) for name in names]


def round_trip(table, content, expected, what):
    """What was read is what was put in, and makes the same bytes again."""
    values = decode_fields(table, content)
    equal(values, expected, what)
    equal(encode_fields(table, values), content, what)


def lane(vector, direction):
    secret, sid, lane_nonce, client_nonce = raw(vector, "session_secret", "sid", "lane_nonce", "client_nonce")
    return keys.Direction(secret, direction, vector["lane"], lane_nonce, client_nonce, sid)


def check_token(vector):
    seed, kid, root, aud, sid, certificate, token, signature = raw(
        vector, "signer_ed25519_seed", "signer_kid", "root_spki_sha256", "audience", "sid", "certificate_sha256",
        "token", "signature")
    signer = ed25519.Ed25519PrivateKey.from_private_bytes(seed)
    equal(keys.key_id(signer.public_key()), kid, "kid")
    equal(keys.audience(vector["project"], vector["server_name"], root), aud, "audience")
    expected = keys.Token(kid, sid, vector["issued_ms"], vector["expires_ms"], aud, bodies.CLIENT, certificate,
                          vector["name"], "", vector["endpoint"])
    equal(keys.decode_token(token, signature, signer.public_key()), expected, "token")
    equal(expected.encode(), token, "token")
    equal(signer.sign(keys.signed_content(token)), signature, "signature")
    for changed in (token[:-1] + b"2", token + b"\0"):
        try:
            keys.decode_token(changed, signature, signer.public_key())
        except Refused:
            continue
        raise Wrong("a changed token was accepted")


def check_key_schedule(vector):
    aud, sid, h0, prk0, token, first, shared, renew, new_token, second = raw(
        vector, "audience", "sid", "prelude_hash", "prk0", "token", "sec_0", "x25519_shared",
        "renew_messages_sha256", "new_token", "sec_1")
    equal(keys.prelude_hash(vector["prelude_frames_ascii"].encode()), h0, "prelude")
    equal(keys.EXPORTER_LABEL.decode(), vector["exporter_label"], "label")
    equal(aud + sid + h0, bytes.fromhex(vector["exporter_context"]), "context")
    equal(keys.first_secret(prk0, token), first, "sec_0")
    equal(keys.next_secret(first, shared, 1, renew, new_token), second, "sec_1")


def check_lane_keys(vector):
    secret, lane_nonce, client_nonce, to_server, to_client = raw(
        vector, "sec", "lane_nonce", "client_nonce", "client_to_server_key_iv", "server_to_client_key_iv")
    for direction, expected in ((keys.TO_SERVER, to_server), (keys.TO_CLIENT, to_client)):
        equal(keys.lane_keys(secret, direction, vector["lane"], lane_nonce, client_nonce), expected, "lane")


def check_message(vector, level):
    whole, token, signature = raw(vector, "frame", "token", "token_signature")
    reader = lane(vector, keys.TO_SERVER)
    reader.level = level
    opened = reader.open(decode_frame(whole))
    expected = {
        "client_name": vector["client_name"], "token": token, "token_signature": signature, "to": "server",
        "topic": "submit", "from": "site-1", "id": counting(0x20, 16), "total": 5, "kind": bodies.REQUEST,
        "deadline_ms": 30000, "user_headers": bodies.encode_user_headers({"round": "7"})}
    round_trip(bodies.MESSAGE, opened.block, expected, "message headers")
    equal(bodies.decode_message(opened.block)["user_headers"], {"round": "7"}, "user headers")
    equal(opened.body, b"hello", "body")
    writer = lane(vector, keys.TO_SERVER)
    writer.level = level
    block = encode_fields(bodies.MESSAGE, expected)
    made = writer.protect(Type.DATA, b"hello", block, Flag.FIRST | Flag.LAST, stream=1)
    equal(made, whole, "frame")
    check_changes(vector, whole, level)


def check_changes(vector, whole, level):
    """No single changed byte gets past the reader."""
    for at in range(len(whole)):
        changed = whole[:at] + bytes([whole[at] ^ 0x10]) + whole[at + 1:]
        reader = lane(vector, keys.TO_SERVER)
        reader.level = level
        try:
            reader.open(decode_frame(changed))
        except Refused:
            continue
        raise Wrong(f"a frame with another byte {at} was accepted")


def check_lane_open(vector):
    for name, direction, level in (("client_frame", keys.TO_SERVER, "automatic"),
                                   ("server_frame", keys.TO_CLIENT, "mac")):
        whole = bytes.fromhex(vector[name])
        opened = lane(vector, direction).open(decode_frame(whole))
        expected = {"client_nonce": bytes.fromhex(vector["client_nonce"]), "observed": 15, "binding": b"binding",
                    "level": bodies.LEVELS[level]}
        round_trip(bodies.LANE_OPEN, opened.body, expected, name)
        equal(lane(vector, direction).protect(Type.LANE_OPEN, opened.body), whole, name)


def check_prelude(vector):
    invite, hello, h0 = raw(vector, "lane_invite_frame", "hello_frame", "h0")
    offer = {"lane_nonce": counting(0x50, 16), "boot_id": counting(0x70, 8), "versions": bodies.VERSION,
             "max_block": 16384, "max_body": 1048576}
    round_trip(bodies.LANE_INVITE, decode_frame(invite).body, offer, "LANE_INVITE")
    equal(plain_frame(Type.LANE_INVITE, encode_fields(bodies.LANE_INVITE, offer), Flag.FROM_SERVER), invite,
          "LANE_INVITE")
    answer = {"versions": bodies.VERSION, "audience": keys.audience("pie", "hub.example", counting(0x10, 32))}
    round_trip(bodies.HELLO, decode_frame(hello).body, answer, "HELLO")
    equal(plain_frame(Type.HELLO, encode_fields(bodies.HELLO, answer)), hello, "HELLO")
    equal(keys.prelude_hash(invite, hello), h0, "H0")


def check_inner(message, kind, expected, what):
    equal(bodies.decode_inner(message), (kind, expected), what)
    equal(bodies.encode_inner(kind, expected), message, what)
    equal([bodies.decode_inner(message[:size]) for size in range(len(message))], [None] * len(message), what)


def check_login_request(vector):
    check_inner(bytes.fromhex(vector["message"]), bodies.REQUEST_KIND, {
        "project": "pie", "name": "site-1", "type": bodies.CLIENT, "endpoint": "site-1",
        "instance": counting(0x90, 16), "configured": bodies.SECURITIES["mtls"], "observed": 15,
        "binding": b"binding", "wanted": 0, "compact": 0, "h0": counting(0x30, 32)}, "LoginRequest")


def check_delegation(vector):
    seed, kid, aud, spki, chain, delegation, signature = raw(
        vector, "site_ed25519_seed", "site_kid", "audience", "delegate_spki", "site_chain", "delegation", "signature")
    site = ed25519.Ed25519PrivateKey.from_private_bytes(seed)
    equal(keys.key_id(site.public_key()), kid, "kid")
    made = keys.Delegation(kid, vector["issued_ms"], vector["expires_ms"], aud, vector["endpoint"], spki,
                           tuple(vector["topics"])).encode()
    equal(made, delegation, "delegation")
    equal(site.sign(keys.signed_content(delegation, "delegation")), signature, "signature")
    check_inner(bytes.fromhex(vector["login_request_message"]), bodies.REQUEST_KIND, {
        "project": "pie", "name": "site-1", "type": bodies.CLIENT, "endpoint": vector["endpoint"],
        "instance": counting(0x90, 16), "configured": bodies.SECURITIES["tls"], "observed": 15,
        "binding": b"binding", "wanted": 0, "compact": 0, "h0": counting(0x30, 32), "delegation": delegation,
        "delegation_signature": signature, "site_chain": chain}, "LoginRequest")


def check_grant(vector):
    token = json.loads((VECTORS / "token.json").read_text())
    raw_token, signature = raw(token, "token", "signature")
    check_inner(bytes.fromhex(vector["grant_message"]), bodies.GRANT_KIND, {
        "sid": counting(0x40, 16), "token": raw_token, "token_signature": signature,
        "signer_der": b"DER of the signer's certificate", "lifetime_s": 3600, "renew_after_s": 2700,
        "heartbeat_ms": 10000, "max_block": 16384, "max_body": 1048576, "server_time_ms": token["issued_ms"],
        "boot_id": counting(0x70, 8), "h0": counting(0x30, 32), "floor": bodies.LEVELS["mac"]}, "Grant")
    check_inner(bytes.fromhex(vector["refusal_message"]), bodies.REFUSAL_KIND,
                {"code": 77, "reference": "0123abcd"}, "refusal")


def check_renew(vector):
    """Both RENEW bodies, the next epoch's secret from either end's key, and the frame in which a lane switches."""
    client, server, client_key, server_key, secret, signer_der, token, signature, renewed = raw(
        vector, "client_private", "server_private", "client_public", "server_public", "session_secret", "signer_der",
        "new_token", "new_token_signature", "next_secret")
    question, answer = raw(vector, "question", "answer")
    round_trip(bodies.RENEW_QUESTION, question, {"key": client_key, "nonce": counting(0xB0, 16)}, "question")
    round_trip(bodies.RENEW_ANSWER, answer, {
        "key": server_key, "token": token, "token_signature": signature, "signer_der": signer_der,
        "renew_after_s": 2700}, "answer")
    for private, public, peer in ((client, client_key, server_key), (server, server_key, client_key)):
        end = x25519.X25519PrivateKey.from_private_bytes(private)
        equal(keys.raw_bytes(end.public_key()), public, "public key")
        equal(keys.renewed_secret(secret, 1, end, question, answer, peer, token), renewed, "sec_1")
    check_switch(vector, question, renewed)


def check_switch(vector, question, renewed):
    asked, switched = raw(vector, "question_frame", "first_frame_of_epoch_1")
    writer = lane(vector, keys.TO_SERVER)
    equal(writer.protect(Type.RENEW, question), asked, "frame of the question")
    writer.switch(renewed)
    number = encode_fields(bodies.NUMBER, {"number": 7})
    equal(writer.protect(Type.PING, number), switched, "first frame of epoch 1")
    reader = lane(vector, keys.TO_SERVER)
    equal(reader.open(decode_frame(asked)).body, question, "question")
    try:
        reader.open(decode_frame(switched))
    except Refused as refused:
        equal(refused.code, "old_epoch", "a frame of an epoch without a secret")
    else:
        raise Wrong("a frame of an epoch without a secret was accepted")
    reader.next_secret = renewed
    equal(reader.open(decode_frame(switched)).body, number, "first frame of epoch 1")
    equal(reader.epoch, 1, "epoch of the reader")


CHECKS = {
    "token": check_token,
    "key_schedule": check_key_schedule,
    "lane_keys": check_lane_keys,
    "frame_mac": lambda vector: check_message(vector, keys.MAC),
    "frame_sealed": lambda vector: check_message(vector, keys.SEAL),
    "lane_open": check_lane_open,
    "prelude": check_prelude,
    "login_request": check_login_request,
    "delegation": check_delegation,
    "grant": check_grant,
    "renew": check_renew,
}


def main():
    found = {path.stem: json.loads(path.read_text()) for path in VECTORS.glob("*.json")}
    failed = sorted(found.keys() ^ CHECKS.keys())
    for name in failed:
        print(f"{name}: {'no vector' if name in CHECKS else 'a vector that nothing here reads'}")
    for name in sorted(found.keys() & CHECKS.keys()):
        try:
            CHECKS[name](found[name])
        except (Wrong, Refused) as error:
            failed.append(name)
            print(f"{name}: {error}")
    print(f"{len(found)} vectors, {len(failed)} not as this implementation reads or makes them")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
