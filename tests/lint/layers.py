"""Who may include whom, which room may see which library, and no cycles."""
import re
from pathlib import PurePosixPath

from source import Finding

# Room -> what it may include beside itself. A name with a slash is one header of a room.
MAY_INCLUDE = {
    "sdk/include": [],
    "sdk/check": ["sdk/include"],
    "sdk/template": ["sdk/include"],
    "sdk/examples": ["sdk/include"],
    "base": [],
    "crypto": ["base"],
    "frame": ["base"],
    "loop": ["base"],
    "store": ["base"],
    "config": ["crypto", "base"],
    "kit": ["config", "crypto", "base"],
    "provision": ["kit", "config", "crypto", "store", "base"],
    "auth": ["frame", "crypto", "base"],
    "route": ["auth", "frame", "base"],
    "transfer": ["frame", "auth/verified.hpp", "store", "base"],
    "plugin": ["sdk/include", "config", "crypto", "loop", "base"],
    "link": ["plugin", "transfer", "route", "auth", "frame", "loop", "base"],
    "admin": ["store", "route", "auth", "crypto", "base"],
    "node": ["sdk/include", "base", "crypto", "frame", "loop", "store", "config", "kit", "provision", "auth",
             "route", "transfer", "plugin", "link", "admin"],
    "doctor": ["sdk/include", "node", "kit", "config", "crypto", "plugin", "frame", "loop", "base"],
    "app": ["sdk/include", "doctor", "kit", "provision", "config", "plugin", "node", "base"],
}
KERNEL_ROOMS = [room for room in MAY_INCLUDE if not room.startswith("sdk/")]

# Library -> the only paths that may include it. The first pattern that matches counts.
FENCES = [
    (r"yaml-cpp/", ["kernel/config/yaml_reader.cpp"]),
    (r"boost/dll", ["kernel/plugin/", "sdk/check/"]),
    (r"boost/", ["kernel/loop/"]),
    (r"openssl/", ["kernel/crypto/", "plugins/tcp_tls/"]),
    (r"sqlite3\.h$", ["kernel/store/"]),
    (r"archive(_entry)?\.h$", ["kernel/kit/"]),
    (r"(spdlog|fmt)/", ["kernel/base/log.cpp"]),
    (r"nlohmann/", ["kernel/base/json.cpp", "sdk/check/"]),
    (r"CLI/", ["kernel/app/", "sdk/check/"]),
    (r"zmq(_addon)?\.hp?p?$", ["plugins/zmq_curve/"]),
    (r"curl/", ["kernel/loop/"]),
    (r"tl/expected\.hpp$", ["kernel/base/"]),
]
SYSTEM = re.compile(r"(sys|netinet|arpa|net|linux)/\w+\.h$|\w+(\.h)?$")


def room_of(path):
    """The room a file belongs to, or None outside kernel, sdk and plugins."""
    parts = PurePosixPath(path).parts
    if parts[0] == "kernel" and len(parts) > 2:
        return parts[1]
    if parts[0] in ("sdk", "plugins") and len(parts) > 2:
        return "/".join(parts[:2])
    return None


def target_of(including, name, known):
    """Path of the project file that an #include names, or None for anything else."""
    if name.startswith("fairlead/"):
        return "sdk/include/" + name
    if name.split("/")[0] in KERNEL_ROOMS and "/" in name:
        return "kernel/" + name
    beside = (PurePosixPath(including).parent / name).as_posix()
    return beside if beside in known else None


def project_files(tree):
    files = tree.under("kernel/", "sdk/", "plugins/")
    return files, {f.path for f in files}


def check_include_rules(tree):
    files, known = project_files(tree)
    for file in files:
        room = room_of(file.path)
        if room is None:
            continue
        allowed = MAY_INCLUDE.get(room, ["sdk/include"] if room.startswith("plugins/") else None)
        if allowed is None:
            yield Finding(file.path, 1, f"room '{room}' is not in the table", "use one of the rooms or add it")
            continue
        for line, name in file.includes:
            target = target_of(file.path, name, known)
            if target is None or room_of(target) in [room, *allowed]:
                continue
            if target.removeprefix("kernel/") in allowed:
                continue
            yield Finding(file.path, line, f"{room} may not include {name}",
                          f"it may include {', '.join(allowed) or 'nothing'}; declare an interface here instead")


def check_third_party(tree):
    files, known = project_files(tree)
    for file in files:
        for line, name in file.includes:
            if target_of(file.path, name, known):
                continue
            fence = next((paths for pattern, paths in FENCES if re.match(pattern, name)), None)
            if fence is None and not SYSTEM.match(name):
                yield Finding(file.path, line, f"unknown header {name}", "give its library a fence in the lint")
            elif fence is not None and not file.path.startswith(tuple(fence)):
                yield Finding(file.path, line, f"{name} outside its fence",
                              f"use it only in {', '.join(fence)} and pass own types")


def find_cycle(edges):
    """One cycle of a graph {node: {successor: where}} as a list of nodes, or None."""
    done, path = set(), []

    def visit(node):
        if node in path:
            return path[path.index(node):] + [node]
        if node in done:
            return None
        path.append(node)
        for successor in edges.get(node, {}):
            if cycle := visit(successor):
                return cycle
        path.pop()
        done.add(node)
        return None

    return next((cycle for node in list(edges) if (cycle := visit(node))), None)


def check_cycles(tree):
    files, known = project_files(tree)
    by_file, by_room = {}, {}
    for file in files:
        for line, name in file.includes:
            target = target_of(file.path, name, known)
            if target is None:
                continue
            by_file.setdefault(file.path, {})[target] = (file.path, line)
            if (source := room_of(file.path)) and (goal := room_of(target)) and source != goal:
                by_room.setdefault(source, {})[goal] = (file.path, line)
    for what, edges in (("files", by_file), ("folders", by_room)):
        if cycle := find_cycle(edges):
            path, line = edges[cycle[0]][cycle[1]]
            yield Finding(path, line, f"cycle of {what}: {' -> '.join(cycle)}",
                          "move what both need into a lower header or declare an interface below")
