"""Seeds of F10: archives, manifests and stored settings, right and wrong."""
import io
import json
import stat
import zipfile

ARCHIVE, MANIFEST, SETTINGS = b"\0", b"\1", b"\2"


def manifest():
    files = [{"path": "startup/" + name, "size": 9, "mode": "0644", "sha256": "ab" * 32}
             for name in ("fairlead.json", "rootCA.pem")]
    plugin = {"id": "org.fairlead.tcp-tls", "abi": 1, "sha256": "", "trusted_link": True}
    return {"format": 1, "project": "pie", "participant": "hub", "type": "server", "kit_id": "0" * 32,
            "kit_version": 1, "root_sha256": "cd" * 32, "server_identity": "fairlead://pie/server/hub",
            "endpoints": ["tcp://[::]:8002"], "connection_security": "mtls", "custom_ca_sha256": "",
            "message_security": "auto", "weaker_overrides": "refused", "plugins": [plugin], "files": files,
            "bound": ["server.crt", "server.key", "token.crt", "token.key"]}


def setting(value):
    return {"value": value, "origin": "participant", "at": "p.yml:7"}


def settings(kind):
    tree = {"format": 1, "project": "pie", "name": "hub" if kind == "server" else "site-1", "type": kind, "org": "o",
            "role": "", "server": {"name": "hub", "uri": "fairlead://pie/server/hub"},
            "default_host": setting("localhost"), "secure_train": setting(True), "crl": setting("lenient"),
            "connection_security": setting("mtls"), "message_security": setting("auto"),
            "expected_message_security": "mac", "scheme": setting("tcp"), "transports": {}}
    if kind == "server":
        tree["host_names"] = setting(["localhost", "127.0.0.1"])
        tree["listeners"] = [{"scheme": "tcp", "host": "::", "port": 8002, "connection_security": "mtls",
                              "for": "both"}]
        tree["policy"] = setting([])
    else:
        tree["connect_to"] = setting({"scheme": "tcp", "host": "localhost", "port": 8002})
    return tree


def entry(name, mode=0o644, kind=stat.S_IFREG, method=zipfile.ZIP_DEFLATED):
    info = zipfile.ZipInfo(name)
    info.create_system, info.external_attr, info.compress_type = 3, (kind | mode) << 16, method
    return info


def archive(*entries):
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w") as zip_file:
        for info, content in entries:
            zip_file.writestr(info, content)
    return memory.getvalue()


def kit(prefix="", method=zipfile.ZIP_DEFLATED):
    files = {"startup/manifest.json": json.dumps(manifest()), "startup/client.key": "key", "local/a/b": "",
             "state/version": "1"}
    folders = [(entry(prefix + "startup/", 0o755, stat.S_IFDIR, zipfile.ZIP_STORED), "")]
    return folders + [(entry(prefix + name, method=method), content) for name, content in files.items()]


def changed(tree, **members):
    return json.dumps({**tree, **members}).encode()


def seeds():
    whole = archive(*kit())
    yield "kit", ARCHIVE + whole
    yield "kit_stored", ARCHIVE + archive(*kit("prod_00/site-1/", zipfile.ZIP_STORED))
    yield "two_kits", ARCHIVE + archive(*kit("a/"), *kit("b/"))
    yield "no_kit", ARCHIVE + archive((entry("readme"), "x"))
    yield "nothing", ARCHIVE + archive()
    yield "cut_off", ARCHIVE + whole[:-30]
    yield "something_behind", ARCHIVE + whole + b"x"
    for name, path in (("slip", "../x"), ("absolute", "/x"), ("backslash", "a\\..\\x"), ("empty_step", "a//x")):
        yield name, ARCHIVE + archive((entry(path), "x"))
    yield "link", ARCHIVE + archive((entry("a", kind=stat.S_IFLNK), "/etc/passwd"))
    yield "other_case", ARCHIVE + archive((entry("a"), "x"), (entry("A"), "x"))
    yield "file_and_folder", ARCHIVE + archive((entry("a"), "x"), (entry("a/b"), "x"))
    yield "bomb", ARCHIVE + archive((entry("a"), bytes(200_000)))
    yield "bzip2", ARCHIVE + archive((entry("a", method=zipfile.ZIP_BZIP2), "x" * 100))
    yield "lzma", ARCHIVE + archive((entry("a", method=zipfile.ZIP_LZMA), "x" * 100))
    yield "manifest", MANIFEST + changed(manifest())
    yield "manifest_custom_ca", MANIFEST + changed(manifest(), custom_ca_sha256="ef" * 32)
    yield "manifest_escape", MANIFEST + changed(manifest(), files=[{**manifest()["files"][0], "path": "startup/../x"}])
    yield "manifest_format", MANIFEST + changed(manifest(), format=2)
    for kind in ("server", "client", "admin", "service"):
        yield "settings_" + kind, SETTINGS + changed(settings(kind))
    yield "settings_transports", SETTINGS + changed(settings("client"), transports={"tcp": {"backlog": "7"}})
    yield "settings_port", SETTINGS + changed(settings("client"), connect_to=setting({"scheme": "tcp", "port": 70000}))
