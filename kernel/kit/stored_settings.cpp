#include "kit/stored_settings.hpp"

#include "crypto/chain.hpp"

namespace fairlead::kit {
namespace {

using base::Json;

Json texts(const std::vector<std::string>& from) {
  Json list = Json::array();
  for (const std::string& text : from) list.add(text);
  return list;
}

template <class T>
Json with_origin(Json value, const config::Value<T>& from) {
  Json object = Json::object({{"value", std::move(value)}, {"origin", config::name(from.origin)}});
  if (!from.at.empty()) object.set("at", from.at);
  return object;
}

Json listeners_of(const config::ResolvedParticipant& server) {
  Json list = Json::array();
  for (const config::Listener& listener : server.listeners)
    list.add(Json::object({{"scheme", listener.scheme},
                           {"host", listener.host},
                           {"port", uint32_t{listener.port}},
                           {"connection_security", base::name(listener.connection_security)},
                           {"for", config::name(listener.purpose)}}));
  return list;
}

Json policy_of(const config::ResolvedProject& project) {
  Json list = Json::array();
  for (const config::PolicyRule& rule : project.policy.value)
    list.add(Json::object({{"from", rule.from}, {"to", rule.to}, {"topics", texts(rule.topics)}}));
  return with_origin(std::move(list), project.policy);
}

Json transports_of(const config::ResolvedParticipant& participant) {
  Json schemes = Json::object();
  for (const auto& [scheme, options] : participant.transports) {
    Json members = Json::object();
    for (const auto& [option, value] : options) members.set(option, value);
    schemes.set(scheme, std::move(members));
  }
  return schemes;
}

Json address_of(const config::Address& address) {
  return Json::object({{"scheme", address.scheme}, {"host", address.host}, {"port", uint32_t{address.port}}});
}

void add_server_part(Json& stored, const config::ResolvedProject& project,
                     const config::ResolvedParticipant& server) {
  stored.set("host_names", with_origin(texts(server.host_names.value), server.host_names));
  stored.set("listeners", listeners_of(server));
  stored.set("policy", policy_of(project));
}

void add_optional_part(Json& stored, const config::ResolvedParticipant& participant) {
  if (participant.custom_ca_cert) {
    Json custom = with_origin(participant.custom_ca_cert->value, *participant.custom_ca_cert);
    custom.set("used", participant.custom_ca_used);
    stored.set("custom_ca_cert", std::move(custom));
  }
  if (participant.weaker_overrides.origin != config::Origin::default_value)
    stored.set("weaker_overrides",
               with_origin(config::name(participant.weaker_overrides.value), participant.weaker_overrides));
  if (participant.proxy) {
    const config::Proxy& proxy = participant.proxy->value;
    Json value = Json::object({{"url", proxy.url}, {"credentials", proxy.credentials}});
    stored.set("proxy", with_origin(std::move(value), *participant.proxy));
  }
}

}  // namespace

Json stored_settings(const config::ResolvedProject& project, const config::ResolvedParticipant& participant) {
  const config::ResolvedParticipant& server = project.server();
  const bool is_server = participant.type == base::ParticipantType::server;
  Json stored = Json::object({{"format", 1},
                              {"project", project.name},
                              {"name", participant.name},
                              {"type", base::name(participant.type)},
                              {"org", participant.org},
                              {"role", participant.role}});
  stored.set("server", Json::object({{"name", server.name},
                                     {"uri", crypto::identity_uri(project.name, server.type, server.name)}}));
  stored.set("default_host", with_origin(server.default_host.value, server.default_host));
  stored.set("secure_train", with_origin(project.secure_train.value, project.secure_train));
  stored.set("crl", with_origin(config::name(project.crl.value), project.crl));
  stored.set("connection_security",
             with_origin(base::name(participant.connection_security.value), participant.connection_security));
  stored.set("message_security",
             with_origin(base::name(participant.message_security.value), participant.message_security));
  stored.set("expected_message_security", base::name(participant.expected_message_security));
  stored.set("scheme", with_origin(participant.scheme.value, participant.scheme));
  stored.set("transports", transports_of(participant));
  add_optional_part(stored, participant);
  if (is_server)
    add_server_part(stored, project, participant);
  else
    stored.set("connect_to", with_origin(address_of(participant.connect_to.value), participant.connect_to));
  return stored;
}

Json without_positions(const Json& stored) {
  if (stored.is_array()) {
    Json list = Json::array();
    for (const Json& item : stored.items()) list.add(without_positions(item));
    return list;
  }
  if (!stored.is_object()) return stored;
  const bool is_value = !stored["origin"].is_null();
  Json object = Json::object();
  for (const auto& [key, value] : stored.members())
    if (!(is_value && key == "at")) object.set(key, without_positions(value));
  return object;
}

}  // namespace fairlead::kit
