"""Keys, tags and tokens: section 5 of kernel/docs/wire.md."""
import dataclasses
import hashlib
import hmac
import struct

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa, x25519
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

import frames
from frames import Flag, Frame, Header, Refused, demand

EXPORTER_LABEL = b"EXPORTER-fairlead-session"
TO_SERVER, TO_CLIENT = 0, 1
MAC, SEAL = 1, 2


def sha256(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def counted(data):
    return struct.pack(">H", len(data)) + data


def label(text):
    return f"FAIRLEAD1 {text}".encode() + b"\0"


def extract(salt, key):
    return hmac.new(salt, key, hashlib.sha256).digest()


def expand(key, info, size):
    return HKDFExpand(hashes.SHA256(), size, info).derive(key)


def spki(public_key):
    return public_key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)


def raw_bytes(public_key):
    """32 bytes of an X25519 key."""
    return public_key.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)


def audience(project, server, root_spki_sha256):
    return sha256(label("aud"), counted(project.encode()), counted(server.encode()), root_spki_sha256)


def prelude_hash(*whole_frames):
    return sha256(label("prelude"), *whole_frames)


def first_secret(prk0, token):
    return expand(prk0, label("first") + sha256(token), 32)


def next_secret(secret, shared, epoch, renew_bodies_sha256, new_token):
    info = label("epoch") + struct.pack(">I", epoch) + renew_bodies_sha256 + sha256(new_token)
    return expand(extract(secret, shared), info, 32)


def renewed_secret(secret, epoch, private_key, question, answer, peer_key, new_token):
    """sec_n+1 of either end: its own X25519 key, both RENEW bodies in the order they were sent."""
    try:
        shared = private_key.exchange(x25519.X25519PublicKey.from_public_bytes(peer_key))
    except ValueError as error:
        raise Refused("malformed", "a key of small order") from error
    return next_secret(secret, shared, epoch, sha256(question, answer), new_token)


def lane_keys(secret, direction, lane, lane_nonce, client_nonce):
    info = label("lane") + struct.pack(">BI", direction, lane) + lane_nonce + client_nonce
    return expand(secret, info, 44)


class Direction:
    """Keys, epoch and counter of one lane in one direction."""

    def __init__(self, secret, direction, lane, lane_nonce, client_nonce, sid, epoch=0):
        self.place = (direction, lane, lane_nonce, client_nonce)
        self.cipher, self.iv = self.keys_of(secret)
        self.epoch, self.next_secret = epoch, None
        self.flags = Flag.FROM_SERVER if direction == TO_CLIENT else Flag.NONE
        self.lane, self.prefix = lane, int.from_bytes(sid[:8], "big")
        self.seq = 0
        self.level = MAC

    def keys_of(self, secret):
        material = lane_keys(secret, *self.place)
        return AESGCM(material[:32]), material[32:]

    def switch(self, secret):
        """Goes on under the next epoch; the counter stays."""
        self.cipher, self.iv = self.keys_of(secret)
        self.epoch, self.next_secret = self.epoch + 1, None

    @staticmethod
    def nonce(iv, seq):
        return bytes(a ^ b for a, b in zip(iv, b"\0\0\0\0" + struct.pack(">Q", seq)))

    def protect(self, kind, body=b"", block=b"", flags=Flag.NONE, stream=0, sealed=None):
        """One whole frame with the next sequence number."""
        sealed = self.level == SEAL and kind != frames.Type.LANE_OPEN if sealed is None else sealed
        flags |= self.flags | (Flag.SEALED if sealed else Flag.NONE)
        header = Header(kind, flags, len(block), len(body), self.lane, self.seq, self.epoch, stream, self.prefix).encode()
        nonce, self.seq = self.nonce(self.iv, self.seq), self.seq + 1
        if sealed:
            return header + self.cipher.encrypt(nonce, block + body, header)
        return header + block + body + self.cipher.encrypt(nonce, b"", header + block + body)

    def open(self, frame):
        """The frame in the clear, once everything about its place and its tag was right. The first one of the
        next epoch switches this direction, when its secret is there."""
        header = frame.header
        demand(header.lane == self.lane, "unknown_lane")
        demand(header.flags & Flag.FROM_SERVER == self.flags and header.prefix == self.prefix, "malformed", "place")
        switches = header.epoch == self.epoch + 1 and self.next_secret is not None
        demand(switches or header.epoch == self.epoch, "old_epoch")
        demand(header.seq >= self.seq, "replay")
        demand(header.seq == self.seq, "malformed", "a gap")
        sealed = bool(header.flags & Flag.SEALED)
        demand(sealed or self.level == MAC or header.type == frames.Type.LANE_OPEN, "security_floor")
        content, raw = frame.block + frame.body, header.encode()
        cipher, iv = self.keys_of(self.next_secret) if switches else (self.cipher, self.iv)
        try:
            if sealed:
                content = cipher.decrypt(self.nonce(iv, header.seq), content + frame.tag, raw)
            else:
                cipher.decrypt(self.nonce(iv, header.seq), frame.tag, raw + content)
        except InvalidTag as error:
            raise Refused("bad_tag") from error
        if switches:
            self.switch(self.next_secret)
        self.seq += 1
        return Frame(header, content[:header.block_size], content[header.block_size:], frame.tag)


@dataclasses.dataclass(frozen=True)
class Token:
    """What a token says."""
    kid: bytes
    sid: bytes
    issued_ms: int
    expires_ms: int
    audience: bytes
    type: int
    certificate_sha256: bytes
    name: str
    org: str
    endpoint: str

    FIXED = struct.Struct(">4sH8s16sQQ32sB32s")

    def encode(self):
        fixed = self.FIXED.pack(b"FLT1", 0, self.kid, self.sid, self.issued_ms, self.expires_ms, self.audience,
                                self.type, self.certificate_sha256)
        return fixed + b"".join(counted(text.encode()) for text in (self.name, self.org, self.endpoint))

    @classmethod
    def decode(cls, raw):
        demand(len(raw) >= cls.FIXED.size, "bad_token")
        magic, flags, *fixed = cls.FIXED.unpack(raw[:cls.FIXED.size])
        demand(magic == b"FLT1" and flags == 0, "bad_token")
        texts, rest = [], raw[cls.FIXED.size:]
        for _ in range(3):
            demand(len(rest) >= 2, "bad_token")
            end = 2 + struct.unpack(">H", rest[:2])[0]
            demand(len(rest) >= end, "bad_token")
            texts.append(rest[2:end].decode())
            rest = rest[end:]
        demand(not rest, "bad_token", "something behind it")
        return cls(*fixed, *texts)


@dataclasses.dataclass(frozen=True)
class Delegation:
    """What a site signs for a third party's key."""
    kid: bytes
    issued_ms: int
    expires_ms: int
    audience: bytes
    endpoint: str
    spki: bytes
    topics: tuple

    FIXED = struct.Struct(">4sH8sQQ32s")

    def encode(self):
        fixed = self.FIXED.pack(b"FLD1", 0, self.kid, self.issued_ms, self.expires_ms, self.audience)
        return fixed + b"".join(counted(field) for field in (
            self.endpoint.encode(), self.spki, *(topic.encode() for topic in self.topics)))


def signed_content(content, what="token"):
    return b"\x20" * 64 + label(what) + sha256(content)


def key_id(public_key):
    return sha256(spki(public_key))[:8]


def verify_signature(public_key, token, signature):
    """Refuses a signature that is not this key's; the algorithm follows from the key."""
    content = signed_content(token)
    try:
        if isinstance(public_key, ed25519.Ed25519PublicKey):
            public_key.verify(signature, content)
        elif isinstance(public_key, ec.EllipticCurvePublicKey):
            digest = {"secp256r1": hashes.SHA256, "secp384r1": hashes.SHA384}[public_key.curve.name]
            public_key.verify(signature, content, ec.ECDSA(digest()))
        elif isinstance(public_key, rsa.RSAPublicKey):
            public_key.verify(signature, content, padding.PSS(padding.MGF1(hashes.SHA256()), 32), hashes.SHA256())
        else:
            raise Refused("bad_token", "a key of another type")
    except InvalidSignature as error:
        raise Refused("bad_token", "signature") from error


def decode_token(raw, signature, public_key):
    """The token's content, once its signature has verified."""
    token = Token.decode(raw)
    demand(token.kid == key_id(public_key), "bad_token", "kid")
    verify_signature(public_key, raw, signature)
    return token
