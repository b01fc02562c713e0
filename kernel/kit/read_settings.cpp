#include "kit/stored_settings.hpp"

namespace fairlead::kit {
namespace {

using base::Json;

tl::unexpected<base::Error> wrong(std::string what) {
  return base::fail(base::ErrorCode::bad_configuration, "fairlead.json: " + std::move(what));
}

/// Reads members one after another; the first one that is wrong is remembered, so that reading stays flat.
class Members {
 public:
  std::string text(const Json& object, const char* key) {
    const Json& member = object[key];
    if (!member.is_string()) note(std::string(key) + " is missing or not a text");
    return member.text();
  }
  uint16_t port(const Json& object) {
    const int64_t number = object["port"].integer(-1);
    if (number < 0 || number > 65535) note("a port is missing or not between 0 and 65535");
    return static_cast<uint16_t>(number);
  }
  std::vector<std::string> texts(const Json& list, const char* what) {
    std::vector<std::string> result;
    if (!list.is_array()) note(std::string(what) + " is missing or not a list");
    for (const Json& item : list.items()) result.push_back(item.text());
    return result;
  }
  /// Parses a text with a function that gives Result<T>.
  template <class Parse>
  auto parsed(const Json& text, Parse parse) {
    auto result = parse(text.text());
    using T = typename decltype(result)::value_type;
    if (result) return *result;
    note(result.error().text);
    return T{};
  }
  template <class T>
  config::Value<T> value(const Json& stored, T content) {
    config::Value<T> result{std::move(content), config::Origin::default_value, stored["at"].text()};
    result.origin = origin(stored["origin"].text());
    return result;
  }
  void note(std::string what) {
    if (wrong_.empty()) wrong_ = std::move(what);
  }
  const std::string& first_wrong() const noexcept { return wrong_; }

 private:
  config::Origin origin(const std::string& text) {
    using config::Origin;
    for (const Origin known : {Origin::default_value, Origin::automatic, Origin::secure_train,
                               Origin::project, Origin::participant})
      if (text == config::name(known)) return known;
    note("unknown origin \"" + text + "\"");
    return Origin::default_value;
  }
  std::string wrong_;
};

config::Purpose purpose_of(Members& members, const Json& listener) {
  const std::string text = members.text(listener, "for");
  for (const config::Purpose known :
       {config::Purpose::clients, config::Purpose::admins, config::Purpose::both})
    if (text == config::name(known)) return known;
  members.note("a listener is for \"" + text + "\"");
  return config::Purpose::both;
}

std::vector<config::Listener> listeners_of(Members& members, const Json& stored) {
  std::vector<config::Listener> result;
  for (const Json& listener : stored.items()) {
    config::Listener one;
    one.scheme = members.text(listener, "scheme");
    one.host = members.text(listener, "host");
    one.port = members.port(listener);
    one.connection_security =
        members.parsed(listener["connection_security"], base::parse_connection_security);
    one.purpose = purpose_of(members, listener);
    result.push_back(std::move(one));
  }
  if (result.empty()) members.note("the server has no listener");
  return result;
}

std::vector<config::PolicyRule> policy_of(Members& members, const Json& stored) {
  std::vector<config::PolicyRule> result;
  for (const Json& rule : stored["value"].items())
    result.push_back(
        {members.text(rule, "from"), members.text(rule, "to"), members.texts(rule["topics"], "topics")});
  return result;
}

config::TransportOptions transports_of(const Json& stored) {
  config::TransportOptions result;
  for (const auto& [scheme, options] : stored.members()) {
    result[scheme];
    for (const auto& [option, value] : options.members()) result[scheme][option] = value.text();
  }
  return result;
}

config::WeakerOverrides weaker_overrides_of(Members& members, const Json& stored) {
  const std::string text = members.text(stored, "value");
  for (const auto known : {config::WeakerOverrides::refused, config::WeakerOverrides::allowed})
    if (text == config::name(known)) return known;
  members.note("weaker_overrides is \"" + text + "\"");
  return config::WeakerOverrides::refused;
}

void read_participant(Members& members, const Json& stored, config::ResolvedParticipant& to) {
  to.name = members.text(stored, "name");
  to.type = members.parsed(stored["type"], base::parse_participant_type);
  to.org = stored["org"].text();
  to.role = stored["role"].text();
  const Json& connection = stored["connection_security"];
  to.connection_security =
      members.value(connection, members.parsed(connection["value"], base::parse_connection_security));
  const Json& message = stored["message_security"];
  to.message_security =
      members.value(message, members.parsed(message["value"], base::parse_message_security));
  to.expected_message_security =
      members.parsed(stored["expected_message_security"], base::parse_message_security);
  to.scheme = members.value(stored["scheme"], members.text(stored["scheme"], "value"));
  to.default_host = members.value(stored["default_host"], members.text(stored["default_host"], "value"));
  to.transports = transports_of(stored["transports"]);
}

void read_optional_part(Members& members, const Json& stored, config::ResolvedParticipant& to) {
  if (const Json& custom = stored["custom_ca_cert"]; custom.is_object()) {
    to.custom_ca_cert = members.value(custom, members.text(custom, "value"));
    to.custom_ca_used = custom["used"].boolean();
  }
  if (const Json& weaker = stored["weaker_overrides"]; weaker.is_object())
    to.weaker_overrides = members.value(weaker, weaker_overrides_of(members, weaker));
  if (const Json& proxy = stored["proxy"]; proxy.is_object()) {
    const Json& value = proxy["value"];
    to.proxy = members.value(proxy, config::Proxy{members.text(value, "url"), value["credentials"].text()});
  }
}

void read_place(Members& members, const Json& stored, config::ResolvedParticipant& to) {
  if (to.type == base::ParticipantType::server) {
    const Json& host_names = stored["host_names"];
    to.host_names = members.value(host_names, members.texts(host_names["value"], "host_names"));
    to.listeners = listeners_of(members, stored["listeners"]);
    return;
  }
  const Json& connect = stored["connect_to"];
  const Json& value = connect["value"];
  to.connect_to = members.value(connect, config::Address{members.text(value, "scheme"),
                                                         members.text(value, "host"), members.port(value)});
}

KitSettings settings_of(Members& members, const Json& stored,
                        const config::ResolvedParticipant& participant) {
  KitSettings settings;
  settings.project = members.text(stored, "project");
  settings.name = participant.name;
  settings.type = participant.type;
  settings.org = participant.org;
  settings.role = participant.role;
  settings.secure_train = stored["secure_train"]["value"].boolean(true);
  settings.connection_security = participant.connection_security.value;
  settings.message_security = participant.message_security.value;
  settings.custom_ca = participant.custom_ca_used;
  settings.server_name = members.text(stored["server"], "name");
  settings.server_uri = members.text(stored["server"], "uri");
  settings.default_host = participant.default_host.value;
  settings.strict_crl = stored["crl"]["value"].text() == config::name(config::CrlMode::strict);
  settings.transports = participant.transports;
  settings.weaker_overrides = participant.weaker_overrides.value;
  if (participant.proxy) settings.proxy = participant.proxy->value;
  if (participant.type == base::ParticipantType::server) {
    settings.listeners = participant.listeners;
    settings.host_names = participant.host_names.value;
    settings.policy = policy_of(members, stored["policy"]);
  } else {
    const config::Address& address = participant.connect_to.value;
    settings.connect_to = Target{address.scheme, address.host, address.port, settings.connection_security};
  }
  return settings;
}

}  // namespace

base::Result<ReadSettings> read_stored_settings(const Json& stored) {
  if (stored["format"].integer() != 1)
    return wrong("format " + stored["format"].dump() + ", this program reads format 1");
  Members members;
  ReadSettings read;
  read_participant(members, stored, read.participant);
  read_optional_part(members, stored, read.participant);
  read_place(members, stored, read.participant);
  read.settings = settings_of(members, stored, read.participant);
  if (!members.first_wrong().empty()) return wrong(members.first_wrong());
  return read;
}

}  // namespace fairlead::kit
