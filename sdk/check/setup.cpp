#include "setup.hpp"

#include <algorithm>
#include <charconv>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <set>

namespace fairlead::check {
namespace {

using json = nlohmann::ordered_json;  // configurations keep their order
namespace fs = std::filesystem;

/// Reads one setup file; every error names the file and the place in it.
class Reader {
 public:
  explicit Reader(fs::path file) : file_(std::move(file)) {}

  Setup read() const {
    const json all = parse(content_of(file_));
    allow(all, "",
          {"schema_version", "wire", "level", "listen", "connect", "nobody", "echo", "options", "listener",
           "dialler", "bad_values", "wrong_peers", "peers", "wire_address", "configurations"});
    if (!all.contains("schema_version") || all["schema_version"] != 1) refuse("schema_version", "expected 1");
    Configuration common;
    common.connect = "{address}";
    common.name = "default";
    apply(all, "", common);
    Setup setup;
    if (!all.contains("configurations")) return {{common}};
    std::set<std::string> names;
    for (const auto& [name, one] : object(all["configurations"], "configurations").items()) {
      const std::string where = "configurations." + name;
      allow(one, where,
            {"wire", "level", "listen", "connect", "nobody", "echo", "options", "listener", "dialler",
             "bad_values", "wrong_peers", "peers", "wire_address"});
      Configuration made = common;
      made.name = name;
      apply(one, where + ".", made);
      setup.configurations.push_back(std::move(made));
    }
    if (setup.configurations.empty()) refuse("configurations", "expected at least one");
    return setup;
  }

 private:
  [[noreturn]] void refuse(const std::string& where, const std::string& what) const {
    throw SetupError(file_.string() + ":1:1: " + (where.empty() ? "" : where + ": ") + what);
  }

  /// "where.key"
  static std::string within(const std::string& where, const std::string& key) {
    std::string path = where;
    if (!path.empty()) path += '.';
    return path.append(key);
  }

  std::string content_of(const fs::path& path) const {
    std::ifstream stream(path, std::ios::binary);
    std::string content((std::istreambuf_iterator<char>(stream)), {});
    if (!stream.is_open() || stream.bad()) refuse("", "cannot read " + path.string());
    return content;
  }

  json parse(const std::string& content) const {
    try {
      json all = json::parse(content);
      return object(all, "the file");
    } catch (const json::parse_error& error) {
      refuse("", error.what());
    }
  }

  const json& object(const json& value, const std::string& where) const {
    if (!value.is_object()) refuse(where, "expected an object");
    return value;
  }

  void allow(const json& value, const std::string& where, const std::set<std::string>& keys) const {
    for (const auto& [key, unused] : object(value, where).items())
      if (!keys.contains(key)) refuse(within(where, key), "there is no such key");
  }

  std::string text(const json& value, const std::string& where) const {
    if (!value.is_string()) refuse(where, "expected a text");
    return value.get<std::string>();
  }

  std::string bytes_of(const std::string& hex, const std::string& where) const {
    std::string bytes;
    for (size_t at = 0; at < hex.size(); at += 2) {
      unsigned value = 0;
      const auto read =
          std::from_chars(hex.data() + at, hex.data() + std::min(at + 2, hex.size()), value, 16);
      if (hex.size() % 2 != 0 || read.ptr != hex.data() + at + 2)
        refuse(where, "expected pairs of hex digits");
      bytes += static_cast<char>(value);
    }
    return bytes;
  }

  /// A text, {"file": NAME}: the content of a file beside the setup, or {"hex": DIGITS}: bytes.
  std::string value(const json& given, const std::string& where) const {
    if (!given.is_object()) return text(given, where);
    allow(given, where, {"file", "hex"});
    if (given.size() != 1) refuse(where, "expected a text, {\"file\": NAME} or {\"hex\": DIGITS}");
    if (given.contains("hex")) return bytes_of(text(given["hex"], where + ".hex"), where + ".hex");
    return content_of(file_.parent_path() / text(given["file"], where + ".file"));
  }

  Options options(const json& given, const std::string& where) const {
    Options read;
    for (const auto& [key, one] : object(given, where).items()) read[key] = value(one, within(where, key));
    return read;
  }

  Role role(const json& given, const std::string& where) const {
    const std::string said = text(given, where);
    if (said == "listener") return Role::listener;
    if (said == "dialler") return Role::dialler;
    refuse(where, "found \"" + said + "\", expected listener or dialler");
  }

  void apply_text(const json& from, const std::string& at, const char* key, std::string& to) const {
    if (from.contains(key)) to = text(from[key], at + key);
  }

  void apply(const json& from, const std::string& at, Configuration& to) const {
    apply_text(from, at, "listen", to.listen);
    apply_text(from, at, "connect", to.connect);
    apply_text(from, at, "nobody", to.nobody);
    apply_text(from, at, "echo", to.echo);
    apply_text(from, at, "wire_address", to.wire_address);
    if (from.contains("peers")) to.peers = options(from["peers"], at + "peers");
    if (from.contains("wire")) to.wire = wire(text(from["wire"], at + "wire"), at + "wire");
    if (from.contains("level")) to.level = level(text(from["level"], at + "level"), at + "level");
    for (const char* key : {"options", "listener"})
      if (from.contains(key)) to.listener = merged(to.listener, options(from[key], at + key));
    for (const char* key : {"options", "dialler"})
      if (from.contains(key)) to.dialler = merged(to.dialler, options(from[key], at + key));
    if (from.contains("bad_values"))
      for (const json& one : from["bad_values"]) to.bad_values.push_back(bad_value(one, at + "bad_values"));
    if (from.contains("wrong_peers"))
      for (const json& one : from["wrong_peers"])
        to.wrong_peers.push_back(wrong_peer(one, at + "wrong_peers"));
  }

  Wire wire(const std::string& said, const std::string& where) const {
    if (said == "tcp") return Wire::tcp;
    if (said == "unix") return Wire::unix_socket;
    refuse(where, "found \"" + said + "\", expected tcp or unix");
  }

  Level level(const std::string& said, const std::string& where) const {
    if (said == "clear") return Level::clear;
    if (said == "tls") return Level::tls;
    if (said == "mtls") return Level::mtls;
    refuse(where, "found \"" + said + "\", expected clear, tls or mtls");
  }

  BadValue bad_value(const json& given, const std::string& where) const {
    allow(given, where, {"side", "option", "value"});
    if (!given.contains("option") || !given.contains("value")) refuse(where, "expected option and value");
    BadValue made;
    made.role = given.contains("side") ? role(given["side"], where + ".side") : Role::listener;
    made.option = text(given["option"], where + ".option");
    made.value = value(given["value"], where + ".value");
    return made;
  }

  WrongPeer wrong_peer(const json& given, const std::string& where) const {
    allow(given, where, {"name", "refused_by", "listener", "dialler"});
    if (!given.contains("name") || !given.contains("refused_by"))
      refuse(where, "expected name and refused_by");
    WrongPeer made;
    made.name = text(given["name"], where + ".name");
    made.refused_by = role(given["refused_by"], where + ".refused_by");
    if (given.contains("listener")) made.listener = options(given["listener"], where + ".listener");
    if (given.contains("dialler")) made.dialler = options(given["dialler"], where + ".dialler");
    return made;
  }

  fs::path file_;
};

}  // namespace

std::string_view name(Role role) noexcept { return role == Role::listener ? "listener" : "dialler"; }

Options merged(const Options& base, const Options& over) {
  Options all = base;
  for (const auto& [key, value] : over) all[key] = value;
  return all;
}

Setup Setup::read(const fs::path& file) { return Reader(file).read(); }

Setup Setup::none() {
  Configuration bare;
  bare.name = "default";
  return {{bare}};
}

fs::path setup_beside(const fs::path& plugin) {
  fs::path beside = plugin;
  return beside.replace_extension(".check.json");
}

std::string fill_in(std::string text, const std::map<std::string, std::string>& places) {
  for (const auto& [place, value] : places) {
    const std::string mark = "{" + place + "}";
    for (size_t at = text.find(mark); at != std::string::npos; at = text.find(mark, at + value.size()))
      text.replace(at, mark.size(), value);
  }
  return text;
}

}  // namespace fairlead::check
