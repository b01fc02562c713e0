#include "config/model.hpp"

#include <algorithm>

#include "base/assert.hpp"

namespace fairlead::config {
namespace {

std::string endpoint_text(const std::string& scheme, const std::string& host, uint16_t port) {
  const bool ipv6 = host.find(':') != std::string::npos;
  return scheme + "://" + (ipv6 ? "[" + host + "]" : host) + ":" + std::to_string(port);
}

}  // namespace

const char* name(Origin origin) noexcept {
  switch (origin) {
    case Origin::default_value:
      return "default";
    case Origin::automatic:
      return "auto";
    case Origin::secure_train:
      return "secure_train";
    case Origin::project:
      return "project";
    case Origin::participant:
      return "participant";
    case Origin::local:
      return "local";
    case Origin::environment:
      return "environment";
    case Origin::command_line:
      return "command line";
  }
  return "default";
}

const char* name(Purpose purpose) noexcept {
  if (purpose == Purpose::clients) return "clients";
  return purpose == Purpose::admins ? "admins" : "both";
}

const char* name(CrlMode mode) noexcept { return mode == CrlMode::strict ? "strict" : "lenient"; }

const char* name(KeyCustody custody) noexcept { return custody == KeyCustody::site ? "site" : "project"; }

const char* name(NoteLevel level) noexcept {
  if (level == NoteLevel::info) return "info";
  return level == NoteLevel::warning ? "warning" : "error";
}

const char* name(WeakerOverrides rule) noexcept {
  return rule == WeakerOverrides::allowed ? "allowed" : "refused";
}

std::string text(const Address& address) { return endpoint_text(address.scheme, address.host, address.port); }

std::string text(const Listener& listener) {
  return endpoint_text(listener.scheme, listener.host, listener.port);
}

const ResolvedParticipant& ResolvedProject::server() const noexcept {
  const auto found = std::find_if(participants.begin(), participants.end(),
                                  [](const auto& one) { return one.type == base::ParticipantType::server; });
  FAIRLEAD_ASSERT(found != participants.end());
  return *found;
}

const ResolvedParticipant* ResolvedProject::find(std::string_view participant) const noexcept {
  for (const ResolvedParticipant& one : participants)
    if (one.name == participant) return &one;
  return nullptr;
}

}  // namespace fairlead::config
