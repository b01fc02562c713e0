#include "config/values.hpp"

#include <algorithm>
#include <array>

#include "config/host.hpp"
#include "config/nearest.hpp"

namespace fairlead::config {
namespace {

/// Suggestions cost time; past as many errors as are printed nobody sees them.
constexpr size_t kMostSuggestions = 50;
constexpr size_t kMaxOrg = 64;  // X.520, ub-organization-name

/// The text of a scalar; reports when the node is something else.
const std::string* scalar(const Node& node, std::string_view expected, Diagnostics& diagnostics) {
  if (node.kind == Node::Kind::scalar) return &node.text;
  const char* found = node.kind == Node::Kind::null   ? "nothing"
                      : node.kind == Node::Kind::list ? "a list"
                                                      : "a map";
  diagnostics.error(node.at, "expected " + std::string(expected) + ", found " + found);
  return nullptr;
}

/// Hands on a value of another function or reports its error here.
template <class T>
std::optional<T> keep(base::Result<T> result, Position at, Diagnostics& diagnostics) {
  if (result) return std::move(*result);
  diagnostics.error(at, result.error());
  return std::nullopt;
}

bool has_control_characters(std::string_view text) noexcept {
  return std::any_of(text.begin(), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

/// One word of a closed list, exact letter case.
std::optional<std::string_view> read_choice(const Node& node, ValueType type, Diagnostics& diagnostics) {
  const std::span<const std::string_view> words = choices(type);
  const std::string* text = scalar(node, describe(type), diagnostics);
  if (text == nullptr) return std::nullopt;
  const auto found = std::find(words.begin(), words.end(), *text);
  if (found != words.end()) return *found;
  const auto near = nearest(*text, words);
  diagnostics.error(node.at, "\"" + *text + "\" is not " + std::string(describe(type)),
                    near ? "did you mean \"" + std::string(*near) + "\"?" : "");
  return std::nullopt;
}

template <class Parser>
auto read_scalar(const Node& node, ValueType type, Parser parser, Diagnostics& diagnostics) {
  using Outcome = std::optional<typename decltype(parser(std::string_view()))::value_type>;
  const std::string* text = scalar(node, describe(type), diagnostics);
  return text == nullptr ? Outcome{} : keep(parser(*text), node.at, diagnostics);
}

std::optional<std::vector<std::string>> read_topics(const Node& node, Diagnostics& diagnostics) {
  std::vector<std::string> topics;
  if (node.kind != Node::Kind::list) {
    if (auto one = read_text(node, diagnostics)) topics.push_back(std::move(*one));
  } else {
    for (const Node& item : node.items)
      if (auto one = read_text(item, diagnostics)) topics.push_back(std::move(*one));
    if (node.items.empty()) diagnostics.error(node.at, "expected at least one topic, found an empty list");
  }
  return topics;
}

/// The text may hold a password: it is not repeated, and the caller's excerpt is the file's own line.
std::optional<std::string> read_proxy_url(const Node& node, Diagnostics& diagnostics) {
  return read_scalar(node, ValueType::url, parse_proxy_url, diagnostics);
}

}  // namespace

MapReader::MapReader(const Node& map, Position at, Level level, Diagnostics& diagnostics)
    : map_(map), at_(at), level_(level), diagnostics_(diagnostics) {
  if (map_.kind != Node::Kind::map) {
    diagnostics_.error(at_, "expected keys and values for " + std::string(describe(level_)));
  } else {
    check_keys();
  }
}

void MapReader::check_keys() const {
  for (const Member& member : map_.members) {
    if (find_key(member.key, level_) != nullptr) continue;
    if (diagnostics_.errors().size() >= kMostSuggestions) {
      diagnostics_.error(member.at, "unknown key \"" + member.key + "\"");
      continue;
    }
    KeyProblem problem = explain_unknown_key(member.key, level_);
    diagnostics_.error(member.at, std::move(problem.text), std::move(problem.hint));
  }
  for (const KeyInfo& row : key_table()) {
    if ((row.levels & level_) == 0 || row.presence != Presence::required || map_.find(row.key) != nullptr)
      continue;
    diagnostics_.error(at_, std::string(describe(level_)) + " has no \"" + std::string(row.key) + "\"",
                       "add " + std::string(row.key) + ": " + std::string(describe(row.type)));
  }
}

std::vector<std::string> MapReader::ignored() const {
  std::vector<std::string> keys;
  for (const Member& member : map_.members)
    if (const KeyInfo* row = find_key(member.key, level_); row != nullptr && row->type == ValueType::ignored)
      keys.push_back(member.key);
  return keys;
}

std::optional<std::string> read_text(const Node& node, Diagnostics& diagnostics) {
  const std::string* text = scalar(node, describe(ValueType::text), diagnostics);
  if (text == nullptr) return std::nullopt;
  if (!text->empty() && !has_control_characters(*text)) return *text;
  diagnostics.error(node.at, text->empty() ? "expected text, found an empty string"
                                           : "line breaks and control characters are not allowed here");
  return std::nullopt;
}

std::optional<std::string> read_org(const Node& node, Diagnostics& diagnostics) {
  auto text = read_text(node, diagnostics);
  if (!text || text->size() <= kMaxOrg) return text;
  diagnostics.error(node.at, "an organisation has at most 64 bytes, found " + std::to_string(text->size()),
                    "certificates hold no longer one; use a short form");
  return std::nullopt;
}

std::optional<std::string> read_description(const Node& node, Diagnostics& diagnostics) {
  if (node.kind == Node::Kind::null) return std::string();
  const std::string* text = scalar(node, describe(ValueType::text), diagnostics);
  return text == nullptr ? std::nullopt : std::optional(*text);
}

std::optional<std::string> read_plain_name(const Node& node, Diagnostics& diagnostics) {
  const auto text = read_text(node, diagnostics);
  if (!text) return std::nullopt;
  if (base::check_participant_name(base::ParticipantType::server, *text)) return *text;
  diagnostics.error(node.at, "\"" + *text + "\" is not a valid name",
                    "use 1 to 255 of letters, digits, dot, underscore and dash");
  return std::nullopt;
}

std::optional<bool> read_boolean(const Node& node, Diagnostics& diagnostics) {
  const std::string* text = scalar(node, describe(ValueType::boolean), diagnostics);
  if (text == nullptr) return std::nullopt;
  if (!node.quoted && (*text == "true" || *text == "True" || *text == "TRUE")) return true;
  if (!node.quoted && (*text == "false" || *text == "False" || *text == "FALSE")) return false;
  diagnostics.error(node.at, "\"" + *text + "\" is neither true nor false",
                    "write true or false, without quotes");
  return std::nullopt;
}

std::optional<uint16_t> read_port(const Node& node, Diagnostics& diagnostics) {
  if (node.kind == Node::Kind::scalar && node.quoted) {
    diagnostics.error(node.at, "\"" + node.text + "\" is text, not a port number", "remove the quotes");
    return std::nullopt;
  }
  return read_scalar(
      node, ValueType::port, [](std::string_view text) { return parse_port(text); }, diagnostics);
}

std::optional<std::string> read_host(const Node& node, Diagnostics& diagnostics) {
  return read_scalar(node, ValueType::host, parse_host, diagnostics);
}

std::optional<std::vector<std::string>> read_hosts(const Node& node, Diagnostics& diagnostics) {
  std::vector<std::string> hosts;
  const auto add = [&](const Node& one) {
    auto host = read_host(one, diagnostics);
    if (!host) return;
    const bool twice =
        std::any_of(hosts.begin(), hosts.end(), [&](const auto& seen) { return same_host(seen, *host); });
    if (twice) return diagnostics.error(one.at, "\"" + *host + "\" is listed twice", "remove one of them");
    hosts.push_back(std::move(*host));
  };
  if (node.kind == Node::Kind::list) {
    std::for_each(node.items.begin(), node.items.end(), add);
  } else {
    add(node);
  }
  return hosts;
}

std::optional<std::string> read_scheme(const Node& node, Diagnostics& diagnostics) {
  return read_scalar(node, ValueType::scheme, parse_scheme, diagnostics);
}

std::optional<base::ConnectionSecurity> read_connection_security(const Node& node, Diagnostics& diagnostics) {
  return read_scalar(node, ValueType::connection_security, base::parse_connection_security, diagnostics);
}

std::optional<base::MessageSecurity> read_message_security(const Node& node, Diagnostics& diagnostics) {
  return read_scalar(node, ValueType::message_security, base::parse_message_security, diagnostics);
}

std::optional<CrlMode> read_crl(const Node& node, Diagnostics& diagnostics) {
  const auto choice = read_choice(node, ValueType::crl, diagnostics);
  if (!choice) return std::nullopt;
  return *choice == name(CrlMode::strict) ? CrlMode::strict : CrlMode::lenient;
}

std::optional<KeyCustody> read_key_custody(const Node& node, Diagnostics& diagnostics) {
  const auto choice = read_choice(node, ValueType::key_custody, diagnostics);
  if (!choice) return std::nullopt;
  return *choice == name(KeyCustody::site) ? KeyCustody::site : KeyCustody::project;
}

std::optional<WeakerOverrides> read_weaker_overrides(const Node& node, Diagnostics& diagnostics) {
  const auto choice = read_choice(node, ValueType::weaker_overrides, diagnostics);
  if (!choice) return std::nullopt;
  return *choice == name(WeakerOverrides::allowed) ? WeakerOverrides::allowed : WeakerOverrides::refused;
}

std::optional<std::string> read_role(const Node& node, Diagnostics& diagnostics) {
  const auto choice = read_choice(node, ValueType::role, diagnostics);
  return choice ? std::optional(std::string(*choice)) : std::nullopt;
}

std::optional<Proxy> read_proxy(const Node& node, Diagnostics& diagnostics) {
  if (node.kind != Node::Kind::map) {
    auto url = read_proxy_url(node, diagnostics);
    return url ? std::optional(Proxy{std::move(*url), {}}) : std::nullopt;
  }
  const MapReader map(node, node.at, kProxyMap, diagnostics);
  auto url = map.read("url", read_proxy_url);
  if (!url) return std::nullopt;
  return Proxy{std::move(*url), map.read("credentials", read_plain_name).value_or("")};
}

std::optional<GivenOptions> read_transports(const Node& node, Diagnostics& diagnostics) {
  GivenOptions transports;
  if (node.kind != Node::Kind::map) {
    diagnostics.error(node.at, "expected " + std::string(describe(ValueType::options)));
    return transports;
  }
  for (const Member& scheme : node.members) {
    if (auto known = parse_scheme(scheme.key); !known) diagnostics.error(scheme.at, known.error());
    auto& options = transports[scheme.key];
    if (scheme.value.kind != Node::Kind::map) {
      diagnostics.error(scheme.value.at, "expected a map of options for \"" + scheme.key + "\"");
      continue;
    }
    for (const Member& option : scheme.value.members)
      if (auto text = read_text(option.value, diagnostics))
        options[option.key] = {std::move(*text), option.value.at};
  }
  return transports;
}

std::optional<std::vector<PolicyRule>> read_policy(const Node& node, Diagnostics& diagnostics) {
  std::vector<PolicyRule> rules;
  if (node.kind != Node::Kind::list) {
    diagnostics.error(node.at, "expected " + std::string(describe(ValueType::policy)));
    return rules;
  }
  for (const Node& item : node.items) {
    const MapReader map(item, item.at, kPolicyMap, diagnostics);
    rules.push_back({map.read("from", read_text).value_or(""), map.read("to", read_text).value_or(""),
                     map.read("topics", read_topics).value_or(std::vector<std::string>{})});
  }
  return rules;
}

}  // namespace fairlead::config
