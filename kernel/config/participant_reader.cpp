#include "config/participant_reader.hpp"

#include <algorithm>

#include "config/nearest.hpp"

namespace fairlead::config {
namespace {

using base::ParticipantType;

/// Types of the reference that this program knows and does not run.
std::string refused_type_hint(std::string_view type) {
  if (type == "relay") return "relays are not supported: let every client connect to the server or its proxy";
  if (type == "overseer") return "overseers are not supported: there is one server; remove this participant";
  return {};
}

std::string type_hint(std::string_view type) {
  const auto near = nearest(type, choices(ValueType::type));
  return near ? "did you mean \"" + std::string(*near) + "\"?" : "use server, client, admin or service";
}

std::optional<ParticipantType> read_type(const Node& node, Diagnostics& diagnostics) {
  const auto text = read_text(node, diagnostics);
  if (!text) return std::nullopt;
  if (auto type = base::parse_participant_type(*text)) return *type;
  const std::string refused = refused_type_hint(*text);
  if (refused.empty()) {
    diagnostics.error(node.at, "unknown participant type \"" + *text + "\"", type_hint(*text));
  } else {
    diagnostics.error(node.at, "participants of type \"" + *text + "\" are refused", refused);
  }
  return std::nullopt;
}

std::optional<ConnectTo> read_connect_to(const Node& node, Diagnostics& diagnostics) {
  ConnectTo out;
  if (node.kind != Node::Kind::map) {
    const auto host = read_host(node, diagnostics);
    if (!host) return std::nullopt;
    out.host = *host;
    return out;
  }
  const MapReader map(node, node.at, kConnectToMap, diagnostics);
  out.host = map.read("host", read_host).value_or("");
  out.port = map.read("port", read_port);
  out.scheme = map.read("scheme", read_scheme);
  out.connection_security = map.given("connection_security", read_connection_security);
  return out;
}

ListenerEntry read_listener(const Node& node, Diagnostics& diagnostics) {
  const MapReader map(node, node.at, kListenerMap, diagnostics);
  ListenerEntry entry;
  entry.port = map.read("port", read_port).value_or(0);
  entry.scheme = map.read("scheme", read_scheme);
  entry.host = map.read("host", read_host);
  entry.connection_security = map.read("connection_security", read_connection_security);
  return entry;
}

/// Do two entries ask for the same port of the same address? An entry without host takes every address.
bool clash(const ListenerEntry& a, const ListenerEntry& b) {
  return a.port != 0 && a.port == b.port && (!a.host || !b.host || *a.host == *b.host);
}

std::optional<std::vector<ListenerEntry>> read_listeners(const Node& node, Diagnostics& diagnostics) {
  if (node.kind != Node::Kind::list || node.items.empty()) {
    diagnostics.error(node.at, "expected a list with at least one listener", "write - {port: 8002}");
    return std::nullopt;
  }
  std::vector<ListenerEntry> entries;
  for (const Node& item : node.items) {
    ListenerEntry entry = read_listener(item, diagnostics);
    if (std::any_of(entries.begin(), entries.end(), [&](const auto& other) { return clash(entry, other); }))
      diagnostics.error(item.at,
                        "port " + std::to_string(entry.port) + " is already taken by another listener",
                        "give each listener its own port or host");
    entries.push_back(std::move(entry));
  }
  return entries;
}

void read_name(const MapReader& map, Participant& out) {
  const auto text = map.given("name", read_text);
  if (!text) return;
  out.name = *text;
  const auto good = base::check_participant_name(out.type, text->value);
  if (!good) map.diagnostics().error(text->at, good.error());
}

Participant read_known_type(const MapReader& map, ParticipantType type) {
  Participant out;
  out.type = type;
  read_name(map, out);
  out.org = map.read("org", read_org).value_or("");
  out.keys = read_shared_keys(map);
  out.key_custody = map.given("key_custody", read_key_custody);
  if (type == ParticipantType::server) {
    out.issuing_ca = map.given("issuing_ca", read_boolean);
    out.fed_learn_port = map.given("fed_learn_port", read_port);
    out.admin_port = map.given("admin_port", read_port);
    out.host_names = map.given("host_names", read_hosts);
    out.default_host = map.given("default_host", read_host);
    out.listeners = map.given("listeners", read_listeners);
  } else {
    out.connect_to = map.given("connect_to", read_connect_to);
    out.proxy = map.given("proxy", read_proxy);
  }
  if (type == ParticipantType::admin) out.role = map.given("role", read_role);
  return out;
}

/// Without a type the keys cannot be judged, but duplicates and anchors already were.
std::optional<ParticipantType> type_of(const Node& node, Diagnostics& diagnostics) {
  if (node.kind != Node::Kind::map) {
    diagnostics.error(node.at, "expected a participant: keys and values", "write - name: NAME");
    return std::nullopt;
  }
  if (const Node* type = node.find("type")) return read_type(*type, diagnostics);
  diagnostics.error(node.at, "a participant has no \"type\"", "add type: server, client, admin or service");
  return std::nullopt;
}

}  // namespace

SharedKeys read_shared_keys(const MapReader& map) {
  SharedKeys keys;
  keys.connection_security = map.given("connection_security", read_connection_security);
  keys.custom_ca_cert = map.given("custom_ca_cert", read_text);
  keys.message_security = map.given("message_security", read_message_security);
  keys.scheme = map.given("scheme", read_scheme);
  keys.weaker_overrides = map.given("weaker_overrides", read_weaker_overrides);
  keys.transports = map.read("transports", read_transports).value_or(GivenOptions{});
  return keys;
}

std::optional<Participant> read_participant(const Node& node, std::vector<std::string>& ignored,
                                            Diagnostics& diagnostics) {
  const auto type = type_of(node, diagnostics);
  if (!type) return std::nullopt;
  const MapReader map(node, node.at, level_of(*type), diagnostics);
  for (std::string& key : map.ignored()) ignored.push_back(std::move(key));
  return read_known_type(map, *type);
}

}  // namespace fairlead::config
