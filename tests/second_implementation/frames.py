"""Frames and fields: sections 1 and 2 of kernel/docs/wire.md."""
import dataclasses
import enum
import struct

MAGIC = b"FLD\x01"
HEADER = struct.Struct(">4sBBHIIQIIQ")
TAG_SIZE = 16
MAX_BLOCK = 16384
MAX_BODY_BEFORE_LANE = 16384
MAX_BODY = 1048576


class Type(enum.IntEnum):
    """Types of frames."""
    HELLO = 1
    LOGIN = 3
    LANE_INVITE = 4
    LANE_OPEN = 5
    DATA = 6
    CREDIT = 7
    PING = 8
    PONG = 9
    RENEW = 10
    GOAWAY = 11
    CLOSE = 12
    ERROR = 13


class Flag(enum.IntFlag):
    """Flags of a frame."""
    NONE = 0
    FIRST = 1
    LAST = 2
    SEALED = 4
    FROM_SERVER = 8
    COMPACT = 32


ONLY_DATA = Flag.FIRST | Flag.LAST | Flag.COMPACT
WITHOUT_LANE = {Type.HELLO, Type.LOGIN, Type.LANE_INVITE}


class Refused(Exception):
    """What was received breaks a rule; `code` is the name of the refusal."""

    def __init__(self, code, text=""):
        super().__init__(f"{code}: {text}" if text else code)
        self.code = code


def demand(condition, code, text=""):
    if not condition:
        raise Refused(code, text)


@dataclasses.dataclass(frozen=True)
class Header:
    """The 40 bytes in front of every frame."""
    type: Type
    flags: Flag = Flag.NONE
    block_size: int = 0
    body_size: int = 0
    lane: int = 0
    seq: int = 0
    epoch: int = 0
    stream: int = 0
    prefix: int = 0

    def encode(self):
        return HEADER.pack(MAGIC, self.type, self.flags, self.block_size, self.body_size, self.lane, self.seq,
                           self.epoch, self.stream, self.prefix)

    @property
    def rest_size(self):
        """Bytes of the frame behind the header."""
        return self.block_size + self.body_size + (TAG_SIZE if self.lane else 0)

    def check(self, max_body):
        """Every rule that the header alone decides; size limits by their own code."""
        data = self.type == Type.DATA
        demand(data or not (self.flags & ONLY_DATA or self.stream or self.block_size), "malformed", "only for DATA")
        if self.lane == 0:
            demand(self.type in WITHOUT_LANE or self.type == Type.ERROR, "malformed", "needs a lane")
            demand(not self.flags & ~Flag.FROM_SERVER, "malformed", "flags without a lane")
            demand(not (self.seq or self.epoch or self.stream or self.prefix), "malformed", "place without a lane")
        else:
            demand(self.type not in WITHOUT_LANE, "malformed", "before a lane only")
        demand(self.type != Type.LANE_OPEN or not self.flags & Flag.SEALED, "malformed", "LANE_OPEN is readable")
        demand(self.type != Type.LOGIN or self.body_size > 0, "malformed", "LOGIN of nothing")
        demand(self.block_size <= MAX_BLOCK and self.body_size <= max_body, "too_large")


@dataclasses.dataclass(frozen=True)
class Frame:
    """One frame as it travelled."""
    header: Header
    block: bytes
    body: bytes
    tag: bytes

    @property
    def whole(self):
        return self.header.encode() + self.block + self.body + self.tag


def decode_header(raw, max_body):
    magic, kind, flags, block_size, body_size, lane, seq, epoch, stream, prefix = HEADER.unpack(raw)
    demand(magic == MAGIC, "malformed", "magic")
    demand(kind in Type.__members__.values(), "malformed", "type")
    demand(not flags & (16 | 64 | 128), "malformed", "flags")
    header = Header(Type(kind), Flag(flags), block_size, body_size, lane, seq, epoch, stream, prefix)
    header.check(max_body)
    return header


def split(header, rest):
    """The frame of a header and the bytes behind it."""
    demand(len(rest) == header.rest_size, "malformed", "size")
    body_end = header.block_size + header.body_size
    return Frame(header, rest[:header.block_size], rest[header.block_size:body_end], rest[body_end:])


def decode_frame(raw, max_body=MAX_BODY):
    return split(decode_header(raw[:HEADER.size], max_body), raw[HEADER.size:])


def plain_frame(kind, body, flags=Flag.NONE):
    """A frame outside any lane."""
    return Header(kind, flags, body_size=len(body)).encode() + body


@dataclasses.dataclass(frozen=True)
class Field:
    """One line of a table of fields. `form` is bytes, str (UTF-8) or int; sizes count bytes on the wire."""
    number: int
    name: str
    least: int
    most: int
    form: type = bytes
    optional: bool = False


def to_wire(field, value):
    if field.form is int:
        return value.to_bytes(field.least, "big")
    return value.encode() if field.form is str else value


def from_wire(field, raw):
    if field.form is int:
        return int.from_bytes(raw, "big")
    try:
        return raw.decode() if field.form is str else raw
    except UnicodeDecodeError as error:
        raise Refused("bad_headers", f"{field.name} is not UTF-8") from error


def encode_fields(table, values):
    """`values` by name; an optional field that is not there is left out."""
    assert values.keys() <= {field.name for field in table}, values
    out = b""
    for field in table:
        if field.name not in values:
            assert field.optional, field.name
            continue
        raw = to_wire(field, values[field.name])
        assert field.least <= len(raw) <= field.most, (field.name, len(raw))
        out += struct.pack(">HH", field.number, len(raw)) + raw
    return out


def walk(raw):
    """Pairs of type and bytes, strictly ascending."""
    last = -1
    while raw:
        demand(len(raw) >= 4, "bad_headers", "half a field")
        number, size = struct.unpack(">HH", raw[:4])
        demand(number > last and len(raw) >= 4 + size, "bad_headers", f"type {number}")
        yield number, raw[4:4 + size]
        last, raw = number, raw[4 + size:]


def decode_fields(table, raw):
    known = {field.number: field for field in table}
    values = {}
    for number, content in walk(raw):
        field = known.get(number)
        if field is None:
            demand(number < 0x8000, "bad_headers", f"critical type {number}")
            continue
        demand(field.least <= len(content) <= field.most, "bad_headers", f"size of {field.name}")
        values[field.name] = from_wire(field, content)
    for field in table:
        demand(field.optional or field.name in values, "bad_headers", f"no {field.name}")
    return values
