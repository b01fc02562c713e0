"""Random small projects, right and wrong ones, as JSON, which is YAML too."""
import copy
import random

NAMES = ["site-1", "site_2", "a.b", "X", "server", "Server", "", "a b", "ü", "n" * 255, "n" * 256, 17, True, None, []]
ADMINS = ["a@b.c", "x+y%z@host", "plain", "a@", "@b", "a@b@c", 3]
HOSTS = ["localhost", "127.0.0.1", "::1", "[::1]", "a.example.com", "1.2.3", "256.1.1.1", "", "a..b", "-a", "a-", "a" * 63,
         "a" * 64, ".".join(["a" * 63] * 4), "a_b", "a b", "[::1", "1::2::3", 5, None, ["a"], {}]
PORTS = [1, 80, 8002, 8003, 65535, 0, 65536, -1, "8002", 80.5, True, None, []]
SECURITIES = ["mtls", "tls", "clear", "MTLS", "Tls", "insecure", "ssl", "", " tls", 1, None]
TEXTS = ["text", "x" * 64, "x" * 65, "", 5, 1.5, False, None, ["a"], {"a": 1}]
SCHEMES = ["tcp", "zmq", "grpc", "a+b", "TCP", "", "9p", "x" * 32, "x" * 33, None]
URLS = ["http://proxy:3128", "socks5://10.0.0.1:1080", "https://proxy:1", "http://user:pw@proxy:1", "http://proxy", "", 1]
CHOICES = {
    "api_version": [3, 3, 3, 3, 2, "3", None],
    "description": TEXTS,
    "secure_train": [True, False, "true", 1, None],
    "connection_security": SECURITIES,
    "custom_ca_cert": TEXTS,
    "message_security": ["auto", "mac", "seal", "SEAL", "none", "", None],
    "scheme": SCHEMES,
    "transports": [{}, {"tcp": {}}, {"tcp": {"nodelay": True}}, {"tcp": {"a": [1]}}, {"TCP": {}}, {"tcp": 1}, [], "tcp"],
    "weaker_overrides": ["refused", "allowed", "Allowed", True, None],
    "crl": ["lenient", "strict", "Strict", "", None],
    "org": TEXTS,
    "role": ["project_admin", "org_admin", "lead", "member", "Member", "root", None],
    "fed_learn_port": PORTS,
    "admin_port": PORTS,
    "default_host": HOSTS,
    "builders": [[], {}, "x", None],
    "components": [[], {}, "x", None],
    "unknown": [1],
    "fed_lern_port": [1],
}


class Maker:
    """Makes projects; `luck` is the chance of a value that is known to be right."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.luck = self.random.choice([1.0, 0.97, 0.85])

    def pick(self, values, right):
        return copy.deepcopy(self.random.choice(values[:right]) if self.random.random() < self.luck
                             else self.random.choice(values))

    def maybe(self, into, key, value, chance=0.3):
        if self.random.random() < chance:
            into[key] = value

    def shared(self, into):
        for key, right in (("connection_security", 5), ("custom_ca_cert", 2), ("message_security", 4), ("scheme", 4),
                           ("transports", 3), ("weaker_overrides", 2)):
            self.maybe(into, key, self.pick(CHOICES[key], right), 0.2)

    def hosts(self):
        return self.random.choice([self.pick(HOSTS, 5), self.random.sample(HOSTS[:3], 2), [self.pick(HOSTS, 5)], []])

    def listener(self):
        entry = {"port": self.random.randint(1, 65535) if self.random.random() < 0.8 else self.pick(PORTS, 5)}
        self.maybe(entry, "host", self.pick(HOSTS, 5))
        self.maybe(entry, "scheme", self.pick(SCHEMES, 4))
        self.maybe(entry, "connection_security", self.pick(SECURITIES, 5))
        self.maybe(entry, "prot", 1, 1 - self.luck)
        return entry

    def connect_to(self):
        if self.random.random() < 0.5:
            return self.pick(HOSTS, 5)
        target = {"host": self.pick(HOSTS, 5)}
        self.maybe(target, "port", self.pick(PORTS, 5))
        self.maybe(target, "scheme", self.pick(SCHEMES, 4))
        self.maybe(target, "connection_security", self.pick(SECURITIES, 5))
        if self.random.random() > self.luck:
            del target["host"]
        return target

    def proxy(self):
        if self.random.random() < 0.5:
            return self.pick(URLS, 2)
        return {"url": self.pick(URLS, 2), "credentials": self.pick(["secret", "a b", ""], 1)}

    def policy(self):
        peers = ["*", "client", "server", "site-1", "nobody", "", 1]
        topics = ["train", "eval/*", ["a", "b"], [], "", None, [1], [[]]]
        rules = [{"from": self.pick(peers, 3), "to": self.pick(peers, 3), "topics": self.pick(topics, 3)}
                 for _ in range(self.random.randint(0, 2))]
        return self.pick([rules, "x", {}], 1)

    def participant(self, kind, number):
        one = {"name": f"site-{number}", "type": kind, "org": "o"}
        if kind == "admin":
            one["name"] = self.pick(ADMINS, 2)
            self.maybe(one, "role", self.pick(CHOICES["role"], 4))
        elif self.random.random() > self.luck:
            one["name"] = self.random.choice(NAMES)
        self.maybe(one, "org", self.pick(TEXTS, 2))
        self.shared(one)
        if kind == "server":
            for key in ("fed_learn_port", "admin_port"):
                self.maybe(one, key, self.pick(PORTS, 5))
            self.maybe(one, "default_host", self.pick(HOSTS, 5))
            self.maybe(one, "host_names", self.hosts())
            self.maybe(one, "listeners", [self.listener() for _ in range(self.random.randint(0 if self.luck < 1 else 1, 2))])
        else:
            self.maybe(one, "connect_to", self.connect_to())
            self.maybe(one, "proxy", self.proxy())
        self.damage(one, ["components", "unknown", "fed_learn_port", "role", "secure_train"], ["name", "type", "org"])
        return one

    def damage(self, into, additions, required):
        """Now and then a key too many or too few."""
        if self.random.random() > self.luck:
            key = self.random.choice(additions)
            into[key] = self.random.choice(CHOICES[key])
        if self.random.random() > self.luck:
            into.pop(self.random.choice(required), None)

    def project(self):
        project = {"api_version": self.pick(CHOICES["api_version"], 4), "name": self.pick(NAMES[:4] + NAMES[6:], 4)}
        for key, right in (("description", 7), ("secure_train", 2), ("crl", 2), ("builders", 4)):
            self.maybe(project, key, self.pick(CHOICES[key], right), 0.2)
        self.shared(project)
        self.maybe(project, "policy", self.policy(), 0.3)
        kinds = ["server"] + self.random.choices(["client", "admin", "service"], k=self.random.randint(0, 3))
        if self.random.random() > self.luck:
            kinds = self.random.choices(["server", "client", "relay", "", 1, None], k=2)
        self.random.shuffle(kinds)
        project["participants"] = [self.participant(kind, number) for number, kind in enumerate(kinds)]
        self.damage(project, ["unknown", "fed_lern_port", "org"], ["api_version", "name", "participants"])
        return project
