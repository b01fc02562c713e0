"""A client of the second implementation: login, lanes and messages, sections 3, 4 and 6 of kernel/docs/wire.md."""
import dataclasses
import os
import struct
import time

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import x25519
from OpenSSL import crypto

import bodies
import frames
import keys
from frames import Flag, Refused, Type, demand
from links import Closed, Kit, Link, TlsPump, tls_context

TOKEN_SIGNING = "1.3.6.1.4.1.61616.1.1"
MAX_LOGIN_BODY = 16384


class RefusedByServer(Exception):
    """An ERROR frame, or a refusal inside the login."""

    def __init__(self, values, tagged):
        super().__init__(f"{bodies.CODES[values['code']]} {values}")
        self.code, self.tagged = bodies.CODES[values["code"]], tagged


@dataclasses.dataclass
class Session:
    """What a login gave."""
    sid: bytes
    token: bytes
    token_signature: bytes
    secret: bytes
    floor: int
    server_certificate: bytes
    lanes_opened: int = 0
    epoch: int = 0


def uri_names(certificate):
    """fairlead:// names in a certificate of DER."""
    loaded = x509.load_der_x509_certificate(certificate)
    try:
        names = loaded.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return []
    return [name for name in names.get_values_for_type(x509.UniformResourceIdentifier)
            if name.lower().startswith("fairlead://")]


def der(certificate):
    return crypto.dump_certificate(crypto.FILETYPE_ASN1, certificate)


class Client:
    """One participant with one session at a time and any number of connections."""

    def __init__(self, folder, port, **changes):
        self.kit, self.port = Kit(folder), port
        self.endpoint = changes.pop("endpoint", self.kit.name)
        self.login_kit = Kit(changes.pop("login_folder", folder))
        self.changes = changes  # fields of the LoginRequest that are to be wrong
        self.instance = os.urandom(16)
        self.session = None
        self.messages = 0

    def connect(self):
        """A lane that is open, after a login when there is no session yet."""
        lane = Lane(self, Link(self.kit, self.port))
        try:
            lane.begin()
        except BaseException:
            lane.link.close()
            raise
        return lane

    def request_of(self, link, h0):
        return {"project": self.kit.project, "name": self.kit.name, "type": bodies.CLIENT, "endpoint": self.endpoint,
                "instance": self.instance, "configured": bodies.SECURITIES[self.kit.security],
                "observed": link.observed, "binding": link.binding, "wanted": bodies.LEVELS["automatic"],
                "compact": 1, "h0": h0, **self.changes}

    def check_grant(self, grant, h0):
        """Section 3.4, the client's part; gives nothing, refuses what is wrong."""
        demand(grant["h0"] == h0, "downgrade")
        self.check_issued(grant, grant["sid"])

    def check_issued(self, issued, sid):
        """The content of a token of this session, from a Grant or a renewal; refuses what is wrong."""
        signer = crypto.load_certificate(crypto.FILETYPE_ASN1, issued["signer_der"])
        self.kit.verify(signer)
        demand(uri_names(issued["signer_der"]) == [f"fairlead://{self.kit.project}/token/{self.kit.server}"],
               "wrong_identity", "the token's signer")
        loaded = x509.load_der_x509_certificate(issued["signer_der"])
        usages = loaded.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
        demand(TOKEN_SIGNING in [usage.dotted_string for usage in usages], "wrong_usage", "the token's signer")
        token = keys.decode_token(issued["token"], issued["token_signature"], loaded.public_key())
        demand(token.audience == self.kit.audience(), "wrong_audience")
        demand(token.sid == sid and token.name == self.kit.name and token.type == bodies.CLIENT and
               token.endpoint == self.endpoint and token.certificate_sha256 == self.kit.certificate_sha256, "bad_token")
        demand(token.expires_ms > time.time() * 1000, "expired")
        return token


class Lane:
    """One connection of a client."""

    def __init__(self, client, link):
        self.client, self.link = client, link
        self.out = self.into = None
        self.compact = False
        self.streams = {}

    def begin(self):
        invite_frame = self.link.read_frame()
        demand(invite_frame.header.type == Type.LANE_INVITE, "wrong_state")
        invite = frames.decode_fields(bodies.LANE_INVITE, invite_frame.body)
        demand(1 in invite["versions"], "downgrade")
        demand(invite["max_block"] >= frames.MAX_BLOCK and invite["max_body"] >= frames.MAX_BODY, "downgrade")
        if self.client.session is None:
            self.log_in(invite_frame.whole)
        self.open(invite["lane_nonce"])

    def receive_plain(self, kind):
        """A frame before the lane is up."""
        frame = self.link.read_frame()
        demand(frame.header.flags & Flag.FROM_SERVER, "malformed")
        if frame.header.type == Type.ERROR and not frame.header.lane:
            raise RefusedByServer(bodies.decode_error(frame.body), False)
        demand(frame.header.type == kind, "wrong_state", frame.header.type.name)
        return frame

    def send_login(self, tls):
        """What the inner TLS connection has to say, in LOGIN frames."""
        waiting = tls.take()
        for at in range(0, len(waiting), MAX_LOGIN_BODY):
            self.link.send(frames.plain_frame(Type.LOGIN, waiting[at:at + MAX_LOGIN_BODY]))

    def log_in(self, invite):
        kit = self.client.kit
        answer = {"versions": bodies.VERSION, "audience": kit.audience()}
        hello = frames.plain_frame(Type.HELLO, frames.encode_fields(bodies.HELLO, answer))
        h0 = keys.prelude_hash(invite, hello)
        self.link.send(hello)
        tls = TlsPump(tls_context(kit, b"fairlead-login/1", self.client.login_kit))
        tls.feed()
        self.send_login(tls)
        while not tls.done:
            tls.feed(self.receive_plain(Type.LOGIN).body)
            if not tls.done:
                self.send_login(tls)
        demand(tls.connection.get_alpn_proto_negotiated() == b"fairlead-login/1", "malformed", "ALPN")
        server = der(tls.certificate())
        demand(uri_names(server) == [f"fairlead://{kit.project}/server/{kit.server}"], "wrong_identity", "server")
        tls.write(bodies.encode_inner(bodies.REQUEST_KIND, self.client.request_of(self.link, h0)))
        self.send_login(tls)
        grant = self.read_grant(tls)
        self.client.check_grant(grant, h0)
        context = kit.audience() + grant["sid"] + h0
        prk0 = tls.export(keys.EXPORTER_LABEL, context, 32)
        self.client.session = Session(grant["sid"], grant["token"], grant["token_signature"],
                                      keys.first_secret(prk0, grant["token"]), grant["floor"], server)

    def read_grant(self, tls):
        inner, message = b"", None
        while message is None:
            inner += tls.feed(self.receive_plain(Type.LOGIN).body)
            message = bodies.decode_inner(inner)
        kind, values = message
        if kind == bodies.REFUSAL_KIND:
            raise RefusedByServer(values, True)
        demand(kind == bodies.GRANT_KIND, "malformed", "neither Grant nor refusal")
        return values

    def directions(self, lane_nonce, client_nonce):
        session = self.client.session
        return [keys.Direction(session.secret, direction, session.lanes_opened, lane_nonce, client_nonce, session.sid,
                                session.epoch)
                for direction in (keys.TO_SERVER, keys.TO_CLIENT)]

    def open(self, lane_nonce):
        session, client_nonce = self.client.session, os.urandom(16)
        session.lanes_opened += 1
        self.out, self.into = self.directions(lane_nonce, client_nonce)
        self.link.max_body = frames.MAX_BODY
        wish = {"client_nonce": client_nonce, "observed": self.link.observed, "binding": self.link.binding,
                "level": bodies.LEVELS["automatic"]}
        self.link.send(self.out.protect(Type.LANE_OPEN, frames.encode_fields(bodies.LANE_OPEN, wish)))
        answer = frames.decode_fields(bodies.LANE_OPEN, self.receive(Type.LANE_OPEN).body)
        demand(answer["client_nonce"] == client_nonce, "malformed")
        self.check_link(answer)
        own = self.own_level(answer)
        demand(answer["level"] in (keys.MAC, keys.SEAL) and answer["level"] >= own, "security_floor")
        self.out.level = self.into.level = answer["level"]

    def check_link(self, answer):
        """Section 4, rule 2; rule 1 was seen to by the link itself."""
        if self.client.kit.security != "mtls":
            return
        demand(answer["binding"] == self.link.binding, "binding_mismatch")
        demand(der(self.link.tls.certificate()) == self.client.session.server_certificate, "binding_mismatch")

    def own_level(self, answer):
        """Section 4, rule 3."""
        both = self.link.observed & answer["observed"]
        same = self.link.binding != b"" and self.link.binding == answer["binding"]
        needed = bodies.CONFIDENTIAL | bodies.TRUSTED
        wants_seal = self.client.session.floor == keys.SEAL
        return keys.MAC if both & needed == needed and same and not wants_seal else keys.SEAL

    def next_frame(self):
        """The next frame, once the lane has verified it; PINGs are answered on the way."""
        while True:
            frame = self.link.read_frame()
            if not frame.header.lane:
                demand(frame.header.type == Type.ERROR, "wrong_state", frame.header.type.name)
                raise RefusedByServer(bodies.decode_error(frame.body), False)
            frame = self.into.open(frame)
            if frame.header.type == Type.ERROR:
                raise RefusedByServer(bodies.decode_error(frame.body), True)
            if frame.header.type != Type.PING:
                return frame
            self.link.send(self.out.protect(Type.PONG, frame.body))

    def receive(self, kind):
        """The next frame, which must be of this kind."""
        frame = self.next_frame()
        demand(frame.header.type == kind, "wrong_state", frame.header.type.name)
        return frame

    def ping(self, number):
        self.link.send(self.out.protect(Type.PING, frames.encode_fields(bodies.NUMBER, {"number": number})))
        return frames.decode_fields(bodies.NUMBER, self.receive(Type.PONG).body)["number"]

    def ask_renewal(self, key):
        """The question of section 6.2, on its way with this public key."""
        question = frames.encode_fields(bodies.RENEW_QUESTION, {"key": key, "nonce": os.urandom(16)})
        self.link.send(self.out.protect(Type.RENEW, question))
        return question

    def renew(self):
        """A new token and new keys for the session, section 6.2; what the token says is returned. This lane sends
        under them from now on; other lanes of the session need follow()."""
        session, own = self.client.session, x25519.X25519PrivateKey.generate()
        question = self.ask_renewal(keys.raw_bytes(own.public_key()))
        body = self.receive(Type.RENEW).body
        answer = frames.decode_fields(bodies.RENEW_ANSWER, body)
        token = self.client.check_issued(answer, session.sid)
        session.epoch += 1
        session.secret = keys.renewed_secret(session.secret, session.epoch, own, question, body, answer["key"],
                                             answer["token"])
        session.token, session.token_signature = answer["token"], answer["token_signature"]
        self.hear_renewed()
        self.follow()
        return token

    def hear_renewed(self):
        """Frames of the session's latest epoch are taken from now on."""
        self.into.next_secret = self.client.session.secret

    def follow(self):
        """What this lane sends from now on is under the session's latest epoch, with full headers once."""
        self.out.switch(self.client.session.secret)
        self.compact = False

    def headers(self, to, topic, size, **changes):
        """Header block of a request, with credentials unless the lane has carried them."""
        session, self.client.messages = self.client.session, self.client.messages + 1
        values = {"client_name": self.client.kit.name, "token": session.token,
                  "token_signature": session.token_signature, "to": to, "topic": topic, "from": self.client.endpoint,
                  "id": self.client.instance[:8] + struct.pack(">Q", self.client.messages), "total": size,
                  "kind": bodies.REQUEST, "deadline_ms": 10000, **changes}
        return values

    def frames_of(self, values, payload, stream=1):
        """The frames of a message, each with its place on the lane."""
        flags = Flag.FIRST
        if self.compact:
            flags |= Flag.COMPACT
            values = {name: value for name, value in values.items()
                      if name not in ("client_name", "token", "token_signature")}
        self.compact, block = True, frames.encode_fields(bodies.MESSAGE, values)
        for at in range(0, max(1, len(payload)), frames.MAX_BODY):
            part = payload[at:at + frames.MAX_BODY]
            flags |= Flag.LAST if at + len(part) == len(payload) else Flag.NONE
            yield self.out.protect(Type.DATA, part, block, flags, stream)
            flags, block = Flag.NONE, b""

    def request(self, to, topic, payload=b""):
        """Headers and payload of the reply."""
        values = self.headers(to, topic, len(payload))
        for frame in self.frames_of(values, payload):
            self.link.send(frame)
        headers, reply = self.receive_message()
        demand(headers["kind"] == bodies.REPLY and headers["correlation"] == values["id"], "bad_headers", "a reply")
        return headers, reply

    def receive_message(self):
        """One whole message; frames of one stream at a time are enough here."""
        while True:
            frame = self.receive(Type.DATA)
            stream, flags = frame.header.stream, frame.header.flags
            if flags & Flag.FIRST:
                demand(stream not in self.streams and not flags & Flag.COMPACT, "malformed")
                headers = bodies.decode_message(frame.block)
                demand(not {"client_name", "token", "token_signature"} & headers.keys(), "bad_headers", "credentials")
                self.streams[stream] = (headers, b"")
            else:
                demand(stream in self.streams and not frame.block and frame.body, "malformed", "a continuation")
            headers, payload = self.streams[stream]
            payload += frame.body
            demand((len(payload) == headers["total"]) == bool(flags & Flag.LAST), "malformed", "length")
            self.streams[stream] = (headers, payload)
            if flags & Flag.LAST:
                return self.streams.pop(stream)

    def leave(self):
        """CLOSE: the connection ends, and nobody says that anything was wrong."""
        self.link.send(self.out.protect(Type.CLOSE))
        code = self.wait_closed()
        demand(code is None, "wrong_state", f"CLOSE was answered with {code}")

    def wait_closed(self):
        """Reads until the server ends the connection; the code of the ERROR in front of that, or None."""
        code = None
        try:
            while code is None:
                try:
                    self.next_frame()
                except RefusedByServer as refused:
                    code = refused.code
            while True:
                self.link.take(1)
        except Closed:
            return code
        finally:
            self.link.close()
