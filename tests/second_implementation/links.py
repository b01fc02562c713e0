"""Connections to a server: clear TCP, or TLS around it; and the kit that says how."""
import json
import pathlib
import socket
import time

from cryptography import x509
from OpenSSL import SSL, crypto

import bodies
import frames
import keys
from frames import demand

PATIENCE_S = 20
CHANNEL_BINDING_LABEL = b"EXPORTER-Channel-Binding"  # RFC 9266


class Kit:
    """What a startup kit says and holds."""

    def __init__(self, folder):
        startup = pathlib.Path(folder) / "startup"
        settings = json.loads((startup / "fairlead.json").read_text())
        manifest = json.loads((startup / "manifest.json").read_text())
        self.project, self.name = settings["project"], settings["name"]
        self.server = settings["server"]["name"]
        self.security = manifest["connection_security"]
        self.trusted_link = all(plugin["trusted_link"] for plugin in manifest["plugins"]
                                if plugin["id"] == "org.fairlead.tcp-tls")
        self.root = x509.load_pem_x509_certificate((startup / "rootCA.pem").read_bytes())
        self.certificate = crypto.load_certificate(crypto.FILETYPE_PEM, (startup / "client.crt").read_bytes())
        self.key = crypto.load_privatekey(crypto.FILETYPE_PEM, (startup / "client.key").read_bytes())

    @property
    def certificate_sha256(self):
        return keys.sha256(crypto.dump_certificate(crypto.FILETYPE_ASN1, self.certificate))

    def audience(self):
        return keys.audience(self.project, self.server, keys.sha256(keys.spki(self.root.public_key())))

    def store(self):
        """Trust in the project's root and nothing else."""
        store = crypto.X509Store()
        store.add_cert(crypto.X509.from_cryptography(self.root))
        return store

    def verify(self, certificate):
        """Does this certificate lead to the root?"""
        try:
            crypto.X509StoreContext(self.store(), certificate).verify_certificate()
        except crypto.X509StoreContextError as error:
            raise frames.Refused("bad_chain", str(error)) from error


def tls_context(kit, alpn, shows):
    """Trusts the root of `kit`; shows the certificate of the kit `shows`, if any."""
    context = SSL.Context(SSL.TLS_METHOD)
    context.set_min_proto_version(SSL.TLS1_3_VERSION)
    context.get_cert_store().add_cert(crypto.X509.from_cryptography(kit.root))
    context.set_verify(SSL.VERIFY_PEER, lambda connection, certificate, error, depth, good: bool(good))
    context.set_alpn_protos([alpn])
    if shows:
        context.use_certificate(shows.certificate)
        context.use_privatekey(shows.key)
    return context


class TlsPump:
    """One TLS connection over memory: what goes in and what comes out is carried by somebody else."""

    def __init__(self, context):
        self.connection = SSL.Connection(context, None)
        self.connection.set_connect_state()
        self.done = self.over = False

    def feed(self, data=b""):
        """Goes on with bytes from the peer; readable bytes are returned, also those in front of its end."""
        if data:
            self.connection.bio_write(data)
        readable = b""
        try:
            if not self.done:
                self.connection.do_handshake()
                self.done = True
            while True:
                readable += self.connection.recv(65536)
        except SSL.ZeroReturnError:
            self.over = True
        except SSL.WantReadError:
            pass
        return readable

    def write(self, data):
        while data:
            data = data[self.connection.send(data[:65536]):]

    def take(self):
        """What is to be sent to the peer."""
        out = b""
        try:
            while True:
                out += self.connection.bio_read(65536)
        except SSL.WantReadError:
            return out

    def certificate(self):
        return self.connection.get_peer_certificate()

    def export(self, label, context, size):
        return self.connection.export_keying_material(label, size, context)


class Closed(Exception):
    """The server ended the connection."""


class Link:
    """A byte connection as the kit wants it, and the frames on it."""

    def __init__(self, kit, port):
        self.socket = socket.create_connection(("127.0.0.1", port), PATIENCE_S)
        self.socket.settimeout(PATIENCE_S)
        self.received, self.tls, self.binding = b"", None, b""
        self.observed = bodies.TRUSTED if kit.trusted_link else 0
        self.max_body = frames.MAX_BODY_BEFORE_LANE
        if kit.security != "clear":
            self.start_tls(kit)

    def start_tls(self, kit):
        self.tls = TlsPump(tls_context(kit, b"fairlead/1", kit if kit.security == "mtls" else None))
        self.tls.feed()
        self.send_waiting()
        while not self.tls.done:
            self.read_some()
        names = x509.load_der_x509_certificate(crypto.dump_certificate(
            crypto.FILETYPE_ASN1, self.tls.certificate())).extensions.get_extension_for_class(
                x509.SubjectAlternativeName).value.get_values_for_type(x509.IPAddress)
        demand("127.0.0.1" in map(str, names), "security_floor", f"the link's certificate is for {names}")
        self.binding = self.tls.export(CHANNEL_BINDING_LABEL, b"", 32)
        self.observed |= bodies.CONFIDENTIAL | bodies.PEER_VERIFIED
        self.observed |= bodies.SELF_PROVEN if kit.security == "mtls" else 0

    def read_some(self):
        try:
            data = self.socket.recv(65536)
        except ConnectionResetError as error:
            raise Closed from error
        if not data or (self.tls and self.tls.over):
            raise Closed
        self.received += self.tls.feed(data) if self.tls else data
        if self.tls:
            self.send_waiting()

    def take(self, size):
        end = time.monotonic() + PATIENCE_S
        while len(self.received) < size:
            assert time.monotonic() < end, f"the server did not send {size} bytes within {PATIENCE_S} s"
            self.read_some()
        taken, self.received = self.received[:size], self.received[size:]
        return taken

    def read_frame(self):
        header = frames.decode_header(self.take(frames.HEADER.size), self.max_body)
        return frames.split(header, self.take(header.rest_size))

    def send(self, data):
        if not self.tls:
            return self.socket.sendall(data)
        self.tls.write(data)
        return self.send_waiting()

    def send_waiting(self):
        """What the link's own TLS has to say; nobody need be there any more to hear it."""
        try:
            self.socket.sendall(self.tls.take())
        except (BrokenPipeError, ConnectionResetError) as error:
            if not self.tls.over:
                raise Closed from error

    def close(self):
        self.socket.close()
