#include "config/explain.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <map>

#include "base/words.hpp"
#include "config/local_settings.hpp"

namespace fairlead::config {
namespace {

using base::Json;
using base::ParticipantType;

bool selected(const ResolvedParticipant& one, std::string_view participant) noexcept {
  return participant.empty() || one.name == participant;
}

template <class T>
Json value_json(Json shown, const Value<T>& value) {
  Json out = Json::object();
  out.set("value", std::move(shown)).set("origin", name(value.origin));
  if (!value.at.empty()) out.set("at", value.at);
  return out;
}

Json strings_json(const std::vector<std::string>& texts) {
  Json out = Json::array();
  for (const std::string& one : texts) out.add(one);
  return out;
}

/// `auto` is shown as what it comes to.
const char* shown_message_security(const ResolvedParticipant& one) noexcept {
  const bool decided = one.message_security.value != base::MessageSecurity::automatic;
  return base::name(decided ? one.message_security.value : one.expected_message_security);
}

Value<base::MessageSecurity> message_security_origin(const ResolvedParticipant& one) {
  if (one.message_security.value != base::MessageSecurity::automatic) return one.message_security;
  return {one.message_security.value, Origin::automatic};
}

Json listeners_json(const std::vector<Listener>& listeners) {
  Json out = Json::array();
  for (const Listener& one : listeners) {
    Json listener = Json::object();
    listener.set("scheme", one.scheme).set("host", one.host).set("port", uint32_t{one.port});
    listener.set("connection_security", base::name(one.connection_security)).set("for", name(one.purpose));
    out.add(std::move(listener));
  }
  return out;
}

/// The server always shows its message security; the others only what somebody set, because `auto` is the
/// server's business as much as theirs.
bool shows_message_security(const ResolvedParticipant& one) noexcept {
  return one.type == ParticipantType::server ||
         one.message_security.value != base::MessageSecurity::automatic;
}

std::string shown_proxy(const ResolvedParticipant& one) {
  return one.proxy->value.url.empty() ? "none" : one.proxy->value.url;
}

/// The name of the secret that is used, when somebody said something about it.
std::optional<Value<std::string>> shown_proxy_credentials(const ResolvedParticipant& one) {
  if (one.proxy_credentials) {
    Value<std::string> value = *one.proxy_credentials;
    if (value.value.empty()) value.value = "none";
    return value;
  }
  if (!one.proxy || one.proxy->value.url.empty() || one.proxy->value.credentials.empty()) return std::nullopt;
  return Value<std::string>{one.proxy->value.credentials, one.proxy->origin, one.proxy->at};
}

Json participant_json(const ResolvedParticipant& one) {
  Json out = Json::object();
  out.set("name", one.name).set("type", base::name(one.type)).set("org", one.org);
  if (one.type == ParticipantType::admin) out.set("role", one.role);
  const auto& security = one.connection_security;
  out.set("connection_security", value_json(base::name(security.value), security));
  if (one.custom_ca_cert) {
    Json ca = value_json(one.custom_ca_cert->value, *one.custom_ca_cert);
    ca.set("used", one.custom_ca_used);
    out.set("custom_ca_cert", std::move(ca));
  }
  if (one.key_custody.value != KeyCustody::project)
    out.set("key_custody", value_json(name(one.key_custody.value), one.key_custody));
  if (one.issuing_ca.value) out.set("issuing_ca", value_json(true, one.issuing_ca));
  if (shows_message_security(one))
    out.set("message_security", value_json(shown_message_security(one), message_security_origin(one)));
  if (one.weaker_overrides.origin != Origin::default_value)
    out.set("weaker_overrides", value_json(name(one.weaker_overrides.value), one.weaker_overrides));
  if (one.type == ParticipantType::server) {
    out.set("default_host", value_json(one.default_host.value, one.default_host));
    out.set("host_names", value_json(strings_json(one.host_names.value), one.host_names));
    out.set("listeners", listeners_json(one.listeners));
  } else {
    out.set("connect_to", value_json(text(one.connect_to.value), one.connect_to));
    if (one.proxy) out.set("proxy", value_json(shown_proxy(one), *one.proxy));
    if (const auto name = shown_proxy_credentials(one))
      out.set("proxy_credentials", value_json(name->value, *name));
  }
  return out;
}

/// Rows of text, aligned when printed.
class Table {
 public:
  void add(std::string participant, std::string setting, std::string value, std::string origin) {
    rows_.push_back({std::move(participant), std::move(setting), std::move(value), std::move(origin)});
  }
  template <class T>
  void add(const ResolvedParticipant& one, std::string_view setting, std::string shown,
           const Value<T>& value) {
    add(one.name, std::string(setting), std::move(shown),
        std::string(name(value.origin)) + (value.at.empty() ? "" : " (" + value.at + ")"));
  }

  std::string print() const {
    std::array<size_t, 4> widths{};
    for (const Row& row : rows_)
      for (size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], row[i].size());
    std::string out;
    for (const Row& row : rows_) {
      for (size_t i = 0; i + 1 < row.size(); ++i)
        out += row[i] + std::string(widths[i] - row[i].size() + 2, ' ');
      out += row.back() + "\n";
    }
    return out;
  }

 private:
  using Row = std::array<std::string, 4>;
  std::vector<Row> rows_;
};

std::string shown(const std::vector<std::string>& texts) { return texts.empty() ? "-" : base::joined(texts); }

void add_server_rows(const ResolvedParticipant& one, Table& table) {
  table.add(one, "default_host", one.default_host.value, one.default_host);
  table.add(one, "host_names", shown(one.host_names.value), one.host_names);
  for (const Listener& listener : one.listeners)
    table.add(one.name, std::string("listener for ") + name(listener.purpose),
              text(listener) + " " + base::name(listener.connection_security), "");
}

/// Settings of the spot: shown only when somebody changed them.
void add_override_rows(const ResolvedParticipant& one, Table& table) {
  for (const auto& [scheme, plugin] : one.site_plugins)
    table.add(one, "plugin for " + scheme, plugin.file.value, plugin.file);
  for (const LocalSetting& row : local_settings())
    if (const auto value = row.shown == nullptr ? std::nullopt : row.shown(one))
      table.add(one, row.key, value->value, *value);
}

void add_rows(const ResolvedParticipant& one, Table& table) {
  table.add(one.name, "type", base::name(one.type), "");
  if (one.type == ParticipantType::admin) table.add(one.name, "role", one.role, "");
  table.add(one, "connection_security", base::name(one.connection_security.value), one.connection_security);
  if (one.key_custody.value != KeyCustody::project)
    table.add(one, "key_custody", name(one.key_custody.value), one.key_custody);
  if (one.issuing_ca.value) table.add(one, "issuing_ca", "true", one.issuing_ca);
  if (one.custom_ca_cert)
    table.add(one, "custom_ca_cert", one.custom_ca_cert->value + (one.custom_ca_used ? "" : " (not used)"),
              *one.custom_ca_cert);
  table.add(one, "message_security", shown_message_security(one), message_security_origin(one));
  if (one.weaker_overrides.origin != Origin::default_value)
    table.add(one, "weaker_overrides", name(one.weaker_overrides.value), one.weaker_overrides);
  if (one.type == ParticipantType::server) {
    add_server_rows(one, table);
  } else {
    table.add(one, "connect_to", text(one.connect_to.value), one.connect_to);
    if (one.proxy) table.add(one, "proxy", shown_proxy(one), *one.proxy);
    if (const auto name = shown_proxy_credentials(one))
      table.add(one, "proxy_credentials", name->value, *name);
  }
  add_override_rows(one, table);
}

}  // namespace

void add_missing_file_notes(ResolvedProject& project) {
  std::map<std::string, Note> missing;
  for (const ResolvedParticipant& one : project.participants) {
    std::error_code ignored;
    if (!one.custom_ca_cert || std::filesystem::exists(one.custom_ca_file, ignored)) continue;
    Note& note = missing[one.custom_ca_file];
    note.level = NoteLevel::error;
    note.text = "custom_ca_cert " + one.custom_ca_cert->value + " (" + one.custom_ca_cert->at +
                ") does not exist: put the file there or change the path";
    if (one.custom_ca_used) note.about.push_back(one.name);
  }
  for (auto& [file, note] : missing) project.notes.push_back(std::move(note));
}

std::vector<Note> notes_about(const ResolvedProject& project, std::string_view participant) {
  std::vector<Note> out;
  std::copy_if(project.notes.begin(), project.notes.end(), std::back_inserter(out), [&](const Note& note) {
    return participant.empty() || note.about.empty() ||
           std::find(note.about.begin(), note.about.end(), participant) != note.about.end();
  });
  return out;
}

Json notes_json(const std::vector<Note>& notes) {
  Json out = Json::array();
  for (const Note& note : notes) {
    Json one = Json::object();
    one.set("level", name(note.level)).set("about", strings_json(note.about)).set("text", note.text);
    out.add(std::move(one));
  }
  return out;
}

std::string notes_text(const std::vector<Note>& notes) {
  std::string out;
  for (const Note& note : notes) out += std::string(name(note.level)) + ": " + note.text + "\n";
  return out;
}

Json explain_json(const ResolvedProject& project, std::string_view participant) {
  Json participants = Json::array();
  for (const ResolvedParticipant& one : project.participants)
    if (selected(one, participant)) participants.add(participant_json(one));
  Json out = Json::object();
  out.set("project", project.name);
  out.set("secure_train", value_json(project.secure_train.value, project.secure_train));
  out.set("participants", std::move(participants));
  out.set("notes", notes_json(notes_about(project, participant)));
  return out;
}

std::string explain_table(const ResolvedProject& project, std::string_view participant) {
  Table table;
  table.add("PARTICIPANT", "SETTING", "VALUE", "ORIGIN");
  for (const ResolvedParticipant& one : project.participants)
    if (selected(one, participant)) add_rows(one, table);
  return table.print();
}

}  // namespace fairlead::config
