#!/usr/bin/python3
"""Writes the seeds of the fuzz targets into corpus/: from the golden vectors, and a few of each kind by hand.

The same bytes in every run. What a fuzzer found is kept beside them under other names and left alone.
"""
import datetime
import json
import pathlib
import struct
import sys

import kit_seeds
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ed25519
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

HERE = pathlib.Path(__file__).resolve().parent
VECTORS = {path.stem: json.loads(path.read_text()) for path in (HERE.parent / "vectors").glob("*.json")}
HEADER, TAG = 40, 16


def raw(vector, name):
    return bytes.fromhex(VECTORS[vector][name])


def piece(data):
    assert len(data) < 256
    return bytes([len(data)]) + data


def field(number, data):
    return struct.pack(">HH", number, len(data)) + data


def block_of(frame):
    return frame[HEADER:HEADER + struct.unpack(">H", frame[6:8])[0]]


def body_of(frame):
    start = HEADER + struct.unpack(">H", frame[6:8])[0]
    return frame[start:start + struct.unpack(">I", frame[8:12])[0]]


def portable():
    """Headers of the vector's message from `to` on."""
    block = block_of(raw("frame_mac", "frame"))
    return block[block.index(field(4, b"server")):]


def message(total):
    return portable().replace(field(8, struct.pack(">Q", 5)), field(8, struct.pack(">Q", total)))


def frames():
    invite, hello = raw("prelude", "lane_invite_frame"), raw("prelude", "hello_frame")
    mac, sealed = raw("frame_mac", "frame"), raw("frame_sealed", "frame")
    yield "prelude", b"\0" + invite + hello
    yield "lane", b"\1" + raw("lane_open", "client_frame") + mac + sealed
    yield "block", b"\2" + block_of(mac)
    yield "portable", b"\2" + portable()
    yield "unknown_field", b"\2" + portable() + field(40, b"x") + field(0x8000, b"y")
    yield "user_headers", b"\3" + bytes.fromhex("0005726f756e640000000137") + bytes.fromhex("000261620000000263 64")
    yield "truncated", b"\1" + mac[:-1]
    yield "utf8", b"\2" + portable().replace(field(5, b"submit"), field(5, "smør \U0001f9c8".encode()))


def gate():
    first, last, compact = 1, 2, 32
    whole = bytes([8, first | last, 1]) + piece(message(5)) + struct.pack(">H", 5)
    start = bytes([8, first, 1]) + piece(message(7)) + struct.pack(">H", 5)
    middle = bytes([0, 0, 1]) + piece(b"") + struct.pack(">H", 1)
    end = bytes([0, last, 1]) + piece(b"") + struct.pack(">H", 1)
    ping = bytes([0x80, 8]) + piece(field(1, bytes(8)))
    short = bytes([0, first | last | compact, 1]) + piece(message(5)) + struct.pack(">H", 5)
    yield "message", b"\0" + whole * 3
    yield "parts", b"\0" + start + middle + end
    yield "streams", b"\0" + start + start.replace(b"\1\1", b"\1\2", 1) + middle + end
    yield "compact", b"\2" + whole + short * 2
    yield "compact_not_agreed", b"\0" + whole + short
    yield "sealed", b"\0" + bytes([0x18]) + whole[1:] + ping
    yield "control", b"\0" + ping + whole + bytes([0x80, 13]) + piece(field(1, b"\x24") + field(3, bytes(16)))
    yield "late", b"\0" + whole + bytes([0x48, 22]) + whole[1:]
    yield "revoked", b"\0" + whole + bytes([0x28]) + whole[1:]
    renewed = bytes([0x0E]) + whole[1:]
    yield "renewed", b"\0" + whole + renewed + whole + renewed
    yield "renewed_by_another_lane", b"\0" + whole + bytes([0x0A]) + whole[1:] + bytes([0x09]) + whole[1:] + renewed
    yield "epoch_that_nobody_knows", b"\0" + whole + bytes([0x0C]) + whole[1:]
    yield "compact_renewed", b"\2" + whole + short + bytes([0x06]) + short[1:]
    yield "from_server", b"\1" + bytes([0, first | last, 1]) + piece(message(5)) + struct.pack(">H", 5)
    yield "credentials_from_server", b"\1" + whole


def flagged(action):
    """The same action with its high bit."""
    return bytes([next(number for number in range(128, 256) if number % 14 == action)])


def connection():
    clear, tls, mtls = 0, 1, 2
    exchange, meddle, repeat, piece_of, later, send, any_frame, again, end, renew, swap, drop = 0, *range(3, 14)
    login = bytes([exchange] * 4)
    three = bytes([send, 0, 5, exchange, send, 1, 0, exchange, send, 0, 0, exchange])
    for name, security in (("clear", clear), ("tls", tls), ("mtls", mtls)):
        both = security | security << 2
        yield f"login_{name}", bytes([both, 0]) + login + three
        yield f"known_{name}", bytes([both | 0x20, 0]) + login + three + bytes([again]) + login + three
    yield "compact", bytes([0x3A, 0]) + login + three
    yield "sealed", bytes([0x2A, 8]) + login + three
    yield "weak_client", bytes([mtls, 0]) + login + three
    yield "repeated", bytes([0x2A, 0]) + login + three + bytes([repeat])
    yield "repeated_login", bytes([0x0A, 0]) + login + bytes([again, exchange, repeat])
    yield "meddled", bytes([0x2A, 0]) + login + bytes([send, 0, 9, meddle, 1, 2, 3])
    yield "meddled_login", bytes([0x0A, 0, exchange, exchange, meddle, 0, 90, 3, exchange])
    yield "late", bytes([0x2A, 0]) + login + three + bytes([later, 25]) + three
    yield "unused_login", bytes([0x0A, 0]) + login[:2] + bytes([later, 14]) + login
    yield "ended", bytes([0x2A, 0]) + login + three + bytes([end]) + three + bytes([again]) + login
    yield "disabled", bytes([0x2A, 0]) + login + flagged(end) + three + bytes([again]) + login
    yield "other_origin", bytes([0x2A, 0]) + login + flagged(send) + bytes([0, 5, exchange])
    yield "garbage", bytes([0x0A, 0, piece_of]) + piece(b"GET / HTTP/1.1\r\n\r\n")
    yield "hello_of_another", bytes([0x0A, 0, piece_of]) + piece(raw("prelude", "hello_frame"))
    yield "control", bytes([0x2A, 0]) + login + bytes([any_frame, 8, 0, 0]) + piece(field(1, bytes(8))) + bytes([0])
    yield "close", bytes([0x2A, 0]) + login + bytes([any_frame, 12, 0, 0, 0, exchange])
    new_keys = bytes([renew, exchange, exchange])
    yield "renewed", bytes([0x2A, 0]) + login + three + new_keys + three + new_keys + three
    yield "renewed_on_two", bytes([0x2A, 0]) + login + bytes([again]) + login + new_keys + three + bytes([swap]) + three
    yield "renewed_and_late", bytes([0x2A, 0]) + login + new_keys + bytes([later, 21]) + new_keys + three
    yield "renewed_not_confirmed", bytes([0x0A, 0]) + login + bytes([renew, exchange, drop, again]) + login + three
    yield "renew_repeated", bytes([0x2A, 0]) + login + bytes([renew, exchange, repeat])
    yield "renewed_sealed", bytes([0x3A, 8]) + login + three + new_keys + three
    yield "login_again", bytes([0x0A, 0]) + login + flagged(again) + login + three + bytes([swap]) + three
    yield "dropped", bytes([0x2A, 0]) + login + bytes([send, 0, 5, drop, send, 0, 5, exchange])


def tokens():
    token, signature = raw("token", "token"), raw("token", "signature")
    yield "good", piece(signature) + token
    yield "unsigned", piece(b"") + token
    yield "longer", piece(signature) + token + b"\0"
    yield "app", piece(signature) + token[:-8] + struct.pack(">H", 10) + b"site-1/app"
    delegation, by_site = raw("delegation", "delegation"), raw("delegation", "signature")
    yield "delegation", piece(by_site) + delegation
    yield "delegation_without_topics", piece(by_site) + delegation[:-18]


def bodies():
    control = {"ping": field(1, bytes(8)), "error": field(1, b"\x24") + field(2, b"busy") + field(3, bytes(16)),
               "hint": field(1, b"\x40") + field(2, b"0123abcd"), "empty": b""}
    yield "lane_invite", b"\0" + body_of(raw("prelude", "lane_invite_frame"))
    yield "hello", b"\1" + body_of(raw("prelude", "hello_frame"))
    yield "lane_open", b"\2" + body_of(raw("lane_open", "client_frame"))
    yield "lane_open_of_server", b"\2" + body_of(raw("lane_open", "server_frame"))
    yield "login_request", b"\3" + raw("login_request", "message")[5:]
    yield "login_request_of_delegate", b"\3" + raw("delegation", "login_request_message")[5:]
    yield "grant", b"\4" + raw("grant", "grant_message")[5:]
    yield "refusal", b"\5" + raw("grant", "refusal_message")[5:]
    yield "inner", b"\6" + raw("login_request", "message")
    yield "inner_refusal", b"\6" + raw("grant", "refusal_message")
    yield "renew", b"\7" + field(1, bytes(32)) + field(2, bytes(16))
    yield "renew_answer", (b"\7" + field(1, bytes(32)) + field(2, b"token") + field(3, b"x") + field(4, b"y") +
                           field(5, bytes(4)))
    for name, body in control.items():
        yield name, b"\7" + body


def flights():
    yield "whole", b""
    yield "bytes", bytes([0, 1]) * 300
    yield "pieces", bytes([0, 100, 0, 7]) * 100
    yield "large", bytes([0, 255]) * 60
    yield "first_flight_changed", bytes([0xF0, 1, 0, 9, 255]) + bytes([0, 255]) * 40
    yield "second_flight_changed", bytes([0, 255, 0xF0, 0x80, 1, 0, 255]) + bytes([0, 255]) * 40
    yield "changed_by_nothing", bytes([0xF0, 0, 0, 1, 255]) + bytes([0, 255]) * 40


def certificate(name, uris, usage=ExtendedKeyUsageOID.CLIENT_AUTH, more=()):
    key = ed25519.Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
    subject = [x509.NameAttribute(NameOID.COMMON_NAME, name), *more]
    builder = x509.CertificateBuilder().subject_name(x509.Name(subject)).issuer_name(x509.Name(subject[:1]))
    builder = builder.public_key(key.public_key()).serial_number(7).not_valid_before(datetime.datetime(2030, 1, 1))
    builder = builder.not_valid_after(datetime.datetime(2031, 1, 1))
    builder = builder.add_extension(x509.ExtendedKeyUsage([usage]), critical=False)
    names = [x509.UniformResourceIdentifier(uri) for uri in uris] + [x509.DNSName("localhost")]
    builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
    return builder.sign(key, None).public_bytes(serialization.Encoding.DER)


def certificates():
    role = x509.NameAttribute(NameOID.UNSTRUCTURED_NAME, "lead")
    org = x509.NameAttribute(NameOID.ORGANIZATION_NAME, "pies")
    token = x509.ObjectIdentifier("1.3.6.1.4.1.61616.1.1")
    yield "client", certificate("site-1", ["fairlead://pie/client/site-1"], more=[org])
    yield "server", certificate("hub.example", ["fairlead://pie/server/hub.example"], ExtendedKeyUsageOID.SERVER_AUTH)
    yield "admin", certificate("lead@pie.org", ["fairlead://pie/admin/lead@pie.org"], more=[role])
    yield "service", certificate("watch", ["fairlead://pie/service/watch"])
    yield "token", certificate("hub.example", ["fairlead://pie/token/hub.example"], token)
    yield "two_names", certificate("site-1", ["fairlead://pie/client/site-1", "fairlead://pie/client/site-2"])
    yield "other_case", certificate("site-1", ["FAIRLEAD://pie/client/site-1"])
    yield "no_name", certificate("hub.example", [], more=[role])
    yield "nul", certificate("site-1\0.evil", ["fairlead://pie/client/site-1\0/x"])
    yield "two_orgs", certificate("site-1", ["fairlead://pie/client/site-1"], more=[org, org])


def chains():
    between, leaf_revoked, between_revoked, root_lists, between_lists, strict, again, foreign = (1 << i for i in range(8))
    leaf, middle, root_list, middle_list = range(4)

    def case(flags, half_days=0, *changes):
        return bytes([flags, half_days % 256]) + b"".join(struct.pack(">BHB", *change) for change in changes)
    lists = root_lists | between_lists
    yield "good", case(0)
    yield "good_between", case(between)
    yield "good_with_lists", case(between | lists | strict)
    yield "leaf_revoked", case(leaf_revoked | root_lists)
    yield "leaf_revoked_between", case(between | leaf_revoked | lists)
    yield "intermediate_revoked", case(between | between_revoked | lists)
    yield "revoked_without_list", case(between | leaf_revoked | root_lists)
    yield "strict_without_list", case(between | strict | root_lists)
    yield "list_over", case(root_lists | strict, 21)
    yield "list_over_but_lenient", case(root_lists | leaf_revoked, 21)
    yield "list_of_the_future", case(root_lists, -3)
    yield "expired", case(0, 61)
    yield "last_second", case(0, 60)
    yield "first_second", case(between, -60)
    yield "not_yet_valid", case(between, -61)
    for flags, name in ((0, ""), (again, "_signed")):
        yield f"leaf_changed{name}", case(flags, 0, (leaf, 20, 1))
        yield f"leaf_usage_changed{name}", case(flags | between, 0, (leaf, 170, 4), (leaf, 190, 255))
        yield f"intermediate_changed{name}", case(flags | between, 0, (middle, 120, 2))
        yield f"list_changed{name}", case(flags | root_lists | leaf_revoked, 0, (root_list, 90, 8))
        yield f"both_lists_changed{name}", case(flags | between | lists, 0, (root_list, 60, 1), (middle_list, 99, 16))
        yield f"signature_changed{name}", case(flags, 0, (leaf, 0xFFFF - 3, 1))
    yield "foreign", case(foreign) + b"-----BEGIN X509 CRL-----\nMIIB\n-----END X509 CRL-----\n"
    yield "foreign_der", case(foreign) + bytes.fromhex("3003020101")


class Renewals:
    """Actions of F11 by name; `slot` is the lane that they are about."""
    NAMES = ("send", "answer", "hear", "client_hears", "ask", "open", "close", "exchange", "lose", "repeat", "change",
             "mix_up", "later", "end")

    def __getattr__(self, name):
        number = self.NAMES.index(name)

        def action(*arguments, slot=0):
            # The high half picks the slot, all of it the action.
            return bytes([next(byte for byte in range(slot << 4, 256) if (byte >> 4) % 3 == slot and
                               byte % len(self.NAMES) == number), *arguments])
        return action


def renewals():
    do = Renewals()
    kick, disable = 0, 1
    up = b"\0" + do.open()
    two = up + do.open(slot=1)
    talk = do.send() + do.answer() + do.exchange()
    talk_on_other = do.send(slot=1) + do.answer(slot=1) + do.exchange(slot=1)
    renew = do.ask() + do.exchange()
    yield "talk", up + talk * 3
    yield "renewed", up + talk + (renew + talk) * 6
    yield "sealed_and_compact", b"\3" + do.open() + (renew + talk * 2) * 3
    yield "sent_under_the_old_keys", up + do.ask() + do.send() + do.answer() + do.exchange() + talk
    yield "two_lanes", two + renew + talk_on_other + talk + renew + talk_on_other
    yield "lane_that_is_behind", two + renew + talk + do.answer(slot=1) + do.client_hears(slot=1) + talk_on_other
    yield "lane_that_missed_one", two + renew + talk + renew + talk + talk_on_other
    yield "answer_lost", up + do.ask() + do.hear() + do.close(0) + do.close(1) + do.open(slot=1) + \
        do.ask(slot=1) + do.exchange(slot=1) + talk_on_other
    yield "questions_out_of_order", two + do.ask() + do.close(0) + do.ask(slot=1) + do.hear(slot=1) + do.hear() + \
        do.exchange(slot=1) + talk_on_other
    yield "opened_under_waiting_keys", up + renew + do.open(slot=1) + talk_on_other + talk
    yield "opened_while_asking", up + do.ask() + do.open(slot=1) + do.exchange() + talk_on_other + talk
    yield "repeated", up + talk + do.repeat(1)
    yield "repeated_after_renewal", up + talk + renew + do.repeat(1)
    yield "repeated_to_client", up + renew + talk + do.repeat(0)
    yield "changed", up + do.send() + do.change(1)
    yield "changed_answer", up + do.ask() + do.hear() + do.change(0)
    yield "changed_at_the_switch", up + renew + do.send() + do.change(1) + do.open(slot=1) + talk_on_other
    yield "lost", up + do.send() + do.lose(1) + talk
    yield "other_lane", two + do.send() + do.mix_up(1 | 2 | 1 << 2)
    yield "sent_back", up + do.send() + do.mix_up(1)
    yield "expired", up + talk + do.later(22) + talk
    yield "renewed_in_time", up + do.later(20) * 3 + renew + talk + do.later(20) * 2 + talk
    yield "old_lane_after_ten_minutes", two + renew + talk + do.send(slot=1) + do.later(20) + do.exchange(slot=1)
    yield "old_lane_forgotten", two + do.send(slot=1) + renew + talk + do.later(20) + do.exchange(slot=1)
    yield "a_day", up + (do.later(21) + renew) * 45 + talk
    yield "too_many", two + (do.ask() + do.hear() + do.close(0) + do.close(1) + do.open()) * 5 + talk_on_other
    yield "too_many_but_later", two + (do.ask() + do.hear() + do.close(0) + do.close(1) + do.open()) * 4 + \
        do.later(14) + do.ask() + do.exchange() + talk
    yield "question_too_late", two + do.ask(slot=1) + do.close(0, slot=1) + renew + talk + do.hear(slot=1)
    yield "kicked", up + talk + do.end(kick) + talk + do.open(slot=1)
    yield "kicked_while_asking", up + do.ask() + do.hear() + do.end(kick) + do.exchange()
    yield "disabled", up + do.end(disable) + do.ask() + do.exchange() + do.open(slot=1)
    yield "disabled_before_the_first_lane", b"\0" + do.end(disable) + do.open() + do.end(disable) + do.open()
    yield "left_alone", up + do.close(0) + do.close(1) + do.later(17) + do.open() + do.close(1) + do.later(19) + \
        do.open(slot=1)


HEAD = "api_version: 3\nname: p\n"
SERVER = "- {name: srv, type: server, org: o"
CLIENT = "- {name: c, type: client, org: o"


def project(keys="", server="", client=""):
    return (HEAD + keys + "participants:\n" + SERVER + server + "}\n" + CLIENT + client + "}\n").encode()


def configurations():
    """A project file, and behind a NUL a local file for each of its participants."""
    for file in sorted((HERE.parents[1] / "configs").glob("*.yml")):
        yield "ready_" + file.stem, file.read_bytes()
    yield "listeners", project(server=", listeners: [{port: 1, scheme: zmq}, {port: 2, host: '::1', connection_security: tls}]")
    yield "connect_to", project(client=", connect_to: {host: '[::1]', port: 443, scheme: stcp, connection_security: clear}")
    yield "policy", project("policy: [{from: '*', to: c, topics: [a, b/*]}]\ncrl: strict\nsecure_train: false\n")
    yield "proxy", project("transports: {tcp: {nodelay: true}}\n", client=", proxy: {url: 'http://a:1', credentials: s}")
    yield "ignored", project("builders: [{path: x}]\noverseer_agent: {}\n", server=", components: {}, enable_byoc: true")
    for name, text in (("alias", "a: &x [*x]\n"), ("tag", "a: !!python/object x\n"), ("merge", "<<: {a: 1}\n"),
                       ("duplicate", HEAD + HEAD), ("documents", "---\na: 1\n---\nb: 2\n"), ("open", "[[:"), ("tab", "\ta: 1\n"),
                       ("deep", "[" * 70), ("quote", "a: \"x\n"), ("wide", "a: \u00fc\n"), ("empty", "")):
        yield "wrong_" + name, text.encode()
    local = "listen: {host: '::', port: 0}\nlog.level: debug\nconnect_to: '[::1]:5'\nmessage_security: seal\n" \
            "login_timeout: 5s\nmemory_limit: 64MiB\ntransports: {x: {plugin: p.so, a.b: c}}\ncustom_ca_cert: ca.pem\n"
    yield "local", project() + b"\0" + local.encode()
    yield "local_wrong", project() + b"\0listen.port: 1\nlisten: {port: 2}\nlisten.prot: 3\n"


def zap_requests():
    """ZAP requests, each frame with its length in front, and packets of the transport."""
    good = [b"1.0", b"1", b"fairlead", b"127.0.0.1", b"", b"CURVE", bytes(range(32))]
    yield "good", b"".join(map(piece, good))
    for name, part, text in (("null", 5, b"NULL"), ("plain", 5, b"PLAIN"), ("domain", 2, b"global"), ("version", 0, b"2.0"),
                             ("short_key", 6, bytes(31)), ("long_id", 1, b"1" * 255), ("identity", 4, bytes(200))):
        yield name, b"".join(map(piece, good[:part] + [text] + good[part + 1:]))
    yield "too_few", b"".join(map(piece, good[:6]))
    yield "too_many", b"".join(map(piece, good * 3))
    yield "packet_credit", bytes([4]) + struct.pack(">QQ", 500, 65536)
    yield "packet_credit_beyond", bytes([4]) + struct.pack(">QQ", 1001, 1 << 63)
    for name, packet in (("hello", b"\1FLZ\1"), ("welcome", b"\2FLZ\1"), ("data", b"\3frame"), ("end", b"\5"),
                         ("batch", b"\6\0\0\0\2ab\0\0\0\1c"), ("batch_cut_off", b"\6\0\0\0\2a")):
        yield "packet_" + name, packet


CORPORA = {"f1_frames": frames, "f2_gate": gate, "f3_connection": connection, "f4_token": tokens,
           "f5_bodies": bodies, "f6_login_tls": flights, "f7_certificate": certificates,
           "f8_crl_chain": chains, "f9_config": configurations, "f10_manifest_zip": kit_seeds.seeds,
           "f11_renewal": renewals, "f14_zap_request": zap_requests}


def main():
    for name, seeds in CORPORA.items():
        folder = HERE / "corpus" / name
        folder.mkdir(parents=True, exist_ok=True)
        for seed, content in seeds():
            (folder / seed).write_bytes(content)
    return 0


if __name__ == "__main__":
    sys.exit(main())
