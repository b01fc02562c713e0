"""What frames and the login carry: the tables of sections 2, 3, 6 and 7 of kernel/docs/wire.md."""
import struct

from frames import Field, demand, decode_fields, encode_fields

VERSION = b"\x01"
LEVELS = {"automatic": 0, "mac": 1, "seal": 2}
SECURITIES = {"clear": 0, "tls": 1, "mtls": 2}
CLIENT = 2
ONEWAY, REQUEST, REPLY = 1, 2, 3
CONFIDENTIAL, PEER_VERIFIED, SELF_PROVEN, TRUSTED = 1, 2, 4, 8
MAX_INNER = 16384

CODES = {
    1: "malformed", 2: "too_large", 3: "wrong_state", 4: "rate_limited", 5: "unknown_lane", 6: "old_epoch",
    7: "replay", 8: "bad_tag", 9: "bad_headers", 10: "bad_token", 11: "expired", 12: "revoked", 13: "bad_origin",
    14: "id_reused", 32: "not_allowed", 33: "no_such_endpoint", 34: "receiver_gone", 35: "deadline_passed",
    36: "busy", 64: "login_refused", 65: "bad_chain", 66: "certificate_expired", 67: "not_yet_valid",
    68: "certificate_revoked", 69: "crl_stale", 70: "wrong_usage", 71: "wrong_identity", 72: "wrong_project",
    73: "wrong_audience", 74: "binding_mismatch", 75: "security_floor", 76: "disabled", 77: "endpoint_in_use",
    78: "quota", 79: "downgrade", 80: "login_timeout",
}
ABOUT_ONE_MESSAGE = {14, 32, 33, 34, 35, 36}

LANE_INVITE = [Field(1, "lane_nonce", 16, 16), Field(2, "boot_id", 8, 8), Field(3, "versions", 1, 16),
               Field(4, "max_block", 4, 4, int), Field(5, "max_body", 4, 4, int)]
HELLO = [Field(1, "versions", 1, 16), Field(2, "audience", 32, 32)]
LANE_OPEN = [Field(1, "client_nonce", 16, 16), Field(2, "observed", 1, 1, int), Field(3, "binding", 0, 64),
             Field(6, "level", 1, 1, int)]
LOGIN_REQUEST = [
    Field(1, "project", 1, 255, str), Field(2, "name", 1, 255, str), Field(3, "type", 1, 1, int),
    Field(4, "endpoint", 1, 320, str), Field(5, "instance", 16, 16), Field(6, "configured", 1, 1, int),
    Field(7, "observed", 1, 1, int), Field(8, "binding", 0, 64), Field(9, "wanted", 1, 1, int),
    Field(10, "compact", 1, 1, int), Field(11, "h0", 32, 32), Field(12, "delegation", 1, 4096, bytes, True),
    Field(13, "delegation_signature", 1, 512, bytes, True), Field(14, "site_chain", 1, 8192, bytes, True)]
GRANT = [
    Field(1, "sid", 16, 16), Field(2, "token", 1, 1024), Field(3, "token_signature", 1, 512),
    Field(4, "signer_der", 1, 8192), Field(5, "lifetime_s", 4, 4, int), Field(6, "renew_after_s", 4, 4, int),
    Field(7, "heartbeat_ms", 4, 4, int), Field(8, "max_block", 4, 4, int), Field(9, "max_body", 4, 4, int),
    Field(10, "server_time_ms", 8, 8, int), Field(11, "boot_id", 8, 8), Field(12, "h0", 32, 32),
    Field(13, "floor", 1, 1, int)]
RENEW_QUESTION = [Field(1, "key", 32, 32), Field(2, "nonce", 16, 16)]
RENEW_ANSWER = [
    Field(1, "key", 32, 32), Field(2, "token", 1, 1024), Field(3, "token_signature", 1, 512),
    Field(4, "signer_der", 1, 8192), Field(5, "renew_after_s", 4, 4, int)]
LOGIN_REFUSAL = [Field(1, "code", 1, 1, int), Field(2, "reference", 0, 64, str)]
MESSAGE = [
    Field(1, "client_name", 1, 255, str, True), Field(2, "token", 1, 1024, bytes, True),
    Field(3, "token_signature", 1, 512, bytes, True), Field(4, "to", 1, 320, str), Field(5, "topic", 1, 255, str),
    Field(6, "from", 1, 320, str), Field(7, "id", 16, 16), Field(8, "total", 8, 8, int), Field(9, "kind", 1, 1, int),
    Field(10, "correlation", 16, 16, bytes, True), Field(11, "deadline_ms", 8, 8, int, True),
    Field(12, "sha256", 32, 32, bytes, True), Field(13, "lowest_unanswered", 8, 8, int, True),
    Field(16, "user_headers", 0, 16384, bytes, True)]
NUMBER = [Field(1, "number", 8, 8, int)]
ERROR = [Field(1, "code", 1, 1, int), Field(2, "text", 0, 512, str, True), Field(3, "about", 16, 16, bytes, True)]

REQUEST_KIND, GRANT_KIND, REFUSAL_KIND = 1, 2, 3
INNER = {REQUEST_KIND: LOGIN_REQUEST, GRANT_KIND: GRANT, REFUSAL_KIND: LOGIN_REFUSAL}


def encode_inner(kind, values):
    """A message inside the login's TLS connection."""
    content = bytes([kind]) + encode_fields(INNER[kind], values)
    return struct.pack(">I", len(content)) + content


def decode_inner(raw):
    """Kind and fields of the one message; None while it is not complete."""
    if len(raw) < 4:
        return None
    size = struct.unpack(">I", raw[:4])[0]
    demand(size <= MAX_INNER, "too_large", "message inside the login")
    demand(size >= 1, "malformed", "message inside the login without a kind")
    if len(raw) < 4 + size:
        return None
    demand(len(raw) == 4 + size, "malformed", "something behind the login's message")
    demand(raw[4] in INNER, "malformed", "kind inside the login")
    return raw[4], decode_fields(INNER[raw[4]], raw[5:])


def encode_user_headers(headers):
    out = b""
    for name, value in sorted((name.encode(), value.encode()) for name, value in headers.items()):
        out += struct.pack(">H", len(name)) + name + struct.pack(">I", len(value)) + value
    return out


def decode_user_headers(raw):
    headers, last = {}, b""
    while raw:
        demand(len(raw) >= 2, "bad_headers", "user headers")
        size = struct.unpack(">H", raw[:2])[0]
        name, raw = raw[2:2 + size], raw[2 + size:]
        demand(len(name) == size and name > last and len(raw) >= 4, "bad_headers", "user headers")
        size = struct.unpack(">I", raw[:4])[0]
        demand(len(raw) >= 4 + size, "bad_headers", "user headers")
        headers[name.decode()], last, raw = raw[4:4 + size].decode(), name, raw[4 + size:]
    return headers


def decode_message(block):
    """Headers of a message from a server."""
    values = decode_fields(MESSAGE, block)
    demand(values["kind"] in (ONEWAY, REQUEST, REPLY), "bad_headers", "kind")
    demand((values["kind"] == REPLY) == ("correlation" in values), "bad_headers", "correlation")
    values["user_headers"] = decode_user_headers(values.get("user_headers", b""))
    return values


def decode_error(body):
    values = decode_fields(ERROR, body)
    demand(values["code"] in CODES, "bad_headers", "code")
    demand("about" not in values or values["code"] in ABOUT_ONE_MESSAGE, "bad_headers", "a code about no message")
    return values
