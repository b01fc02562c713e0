#include "config/schema.hpp"

#include <cctype>
#include <string>

#include "config/keys.hpp"

namespace fairlead::config {
namespace {

using base::Json;

constexpr const char* kPlainName = "^[A-Za-z0-9._-]{1,255}$";
/// Any name but the one that always means the server.
constexpr const char* kConnectingName = "^(?![sS][eE][rR][vV][eE][rR]$)[A-Za-z0-9._-]{1,255}$";
constexpr const char* kAdminName = "^(?=.{3,255}$)[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+$";
constexpr const char* kNoControls = "^[^\\u0000-\\u001f\\u007f]+$";
constexpr const char* kScheme = "^[a-z][a-z0-9+.-]{0,31}$";
constexpr const char* kProxyUrl = "^(http|socks5)://[^@]+:[1-9][0-9]{0,4}$";
constexpr const char* kIpv4 =
    "^((25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])[.]){3}(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])$";
constexpr const char* kIpv6 = "^(\\[[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*\\]|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*)$";
constexpr const char* kDnsName =
    "^(?![0-9.]+$)[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?([.][A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-"
    "9_])?)*$";

/// Text without quotes may look like a number or a truth value to a YAML reader; the file means the text.
Json text_of(const char* pattern) {
  return Json::object({{"type", Json::array({"string", "number", "boolean"})}, {"pattern", pattern}});
}

Json string_of(const char* pattern) { return Json::object({{"type", "string"}, {"pattern", pattern}}); }

Json reference(const std::string& name) { return Json::object({{"$ref", "#/$defs/" + name}}); }

Json any_of(Json::Array options) { return Json::object({{"anyOf", Json::array(std::move(options))}}); }

Json list_of(Json item, int least) {
  return Json::object({{"type", "array"}, {"minItems", least}, {"items", std::move(item)}});
}

Json words(ValueType type) {
  Json list = Json::array();
  for (const std::string_view word : choices(type)) list.add(word);
  return Json::object({{"enum", std::move(list)}});
}

/// The words as they are, for editors to offer, and in any letter case.
Json words_in_any_case(ValueType type) {
  std::string pattern;
  for (const std::string_view word : choices(type)) {
    pattern += pattern.empty() ? "^(" : "|";
    for (const char c : word)
      pattern += std::string("[") + c + static_cast<char>(std::toupper(static_cast<unsigned char>(c))) + "]";
  }
  return any_of({words(type), string_of((pattern + ")$").c_str())});
}

Json host() {
  Json forms = any_of({string_of(kDnsName), string_of(kIpv4), string_of(kIpv6)});
  forms.set("maxLength", 255);
  return forms;
}

Json name_at(Level level) {
  if (level == kProject || level == kServer) return text_of(kPlainName);
  return level == kAdmin ? string_of(kAdminName) : text_of(kConnectingName);
}

/// "server" where a server's keys stand.
std::string type_at(Level level) {
  for (const std::string_view word : choices(ValueType::type))
    if (const auto type = base::parse_participant_type(word); type && level_of(*type) == level)
      return std::string(word);
  return {};
}

Json options() {
  Json values = Json::object({{"type", "object"}, {"additionalProperties", text_of(kNoControls)}});
  return Json::object({{"type", "object"},
                       {"propertyNames", Json::object({{"pattern", kScheme}})},
                       {"additionalProperties", std::move(values)}});
}

Json participants() {
  Json branches = Json::array();
  for (const std::string_view type : choices(ValueType::type)) {
    Json is_type = Json::object({{"properties", Json::object({{"type", Json::object({{"const", type}})}})},
                                 {"required", Json::array({"type"})}});
    branches.add(Json::object({{"if", is_type}, {"then", reference(std::string(type))}}));
  }
  Json is_server =
      Json::object({{"properties", Json::object({{"type", Json::object({{"const", "server"}})}})},
                    {"required", Json::array({"type"})}});
  Json item = Json::object({{"type", "object"},
                            {"required", Json::array({"type"})},
                            {"properties", Json::object({{"type", words(ValueType::type)}})},
                            {"allOf", std::move(branches)}});
  Json list = list_of(std::move(item), 1);
  return list.set("contains", std::move(is_server)).set("minContains", 1).set("maxContains", 1);
}

/// Text, names and numbers: types that say the same wherever they stand.
Json plain_schema(ValueType type) {
  switch (type) {
    case ValueType::version:
      return Json::object({{"const", 3}});
    case ValueType::description:
      return Json::object({{"type", Json::array({"string", "number", "boolean", "null"})}});
    case ValueType::org: {
      Json text = text_of(kNoControls);
      return text.set("maxLength", 64);
    }
    case ValueType::boolean:
      return Json::object({{"type", "boolean"}});
    case ValueType::port:
      return Json::object({{"type", "integer"}, {"minimum", 1}, {"maximum", 65535}});
    case ValueType::scheme:
      return text_of(kScheme);
    case ValueType::secret_name:
      return text_of(kPlainName);
    case ValueType::url:
      return string_of(kProxyUrl);
    case ValueType::ignored:
      return Json::object({{"deprecated", true}});
    default:
      return text_of(kNoControls);
  }
}

Json value_schema(ValueType type, Level level) {
  switch (type) {
    case ValueType::project_name:
    case ValueType::name:
      return name_at(level);
    case ValueType::type:
      return Json::object({{"const", type_at(level)}});
    case ValueType::role:
    case ValueType::crl:
    case ValueType::weaker_overrides:
    case ValueType::key_custody:
      return words(type);
    case ValueType::connection_security:
    case ValueType::message_security:
      return words_in_any_case(type);
    case ValueType::host:
      return host();
    case ValueType::hosts:
      return any_of({host(), list_of(host(), 0)});
    case ValueType::listeners:
      return list_of(reference("listener"), 1);
    case ValueType::connect_to:
      return any_of({host(), reference("connect_to")});
    case ValueType::options:
      return options();
    case ValueType::participants:
      return participants();
    case ValueType::policy:
      return list_of(reference("policy_rule"), 0);
    case ValueType::topics:
      return any_of({text_of(kNoControls), list_of(text_of(kNoControls), 1)});
    case ValueType::proxy:
      return any_of({plain_schema(ValueType::url), reference("proxy")});
    default:
      return plain_schema(type);
  }
}

std::string description_of(const KeyInfo& row) {
  std::string text(row.help);
  if (!row.default_text.empty()) text += "; default: " + std::string(row.default_text);
  return text;
}

Json map_schema(Level level) {
  Json properties = Json::object(), required = Json::array();
  for (const KeyInfo& row : key_table()) {
    if ((row.levels & level) == 0) continue;
    Json value = value_schema(row.type, level);
    value.set("description", description_of(row));
    properties.set(std::string(row.key), std::move(value));
    if (row.presence == Presence::required) required.add(row.key);
  }
  return Json::object({{"type", "object"},
                       {"properties", std::move(properties)},
                       {"required", std::move(required)},
                       {"additionalProperties", false}});
}

}  // namespace

Json project_schema() {
  Json schema = Json::object(
      {{"$schema", "https://json-schema.org/draft/2020-12/schema"}, {"title", "Fairlead project file"}});
  const Json project = map_schema(kProject);
  for (const auto& [key, value] : project.members()) schema.set(key, value);
  schema.set("$defs", Json::object({{"server", map_schema(kServer)},
                                    {"client", map_schema(kClient)},
                                    {"admin", map_schema(kAdmin)},
                                    {"service", map_schema(kService)},
                                    {"listener", map_schema(kListenerMap)},
                                    {"connect_to", map_schema(kConnectToMap)},
                                    {"policy_rule", map_schema(kPolicyMap)},
                                    {"proxy", map_schema(kProxyMap)}}));
  return schema;
}

}  // namespace fairlead::config
