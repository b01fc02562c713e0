#include "admin/role.hpp"

#include <utility>

namespace fairlead::admin {
namespace {

constexpr std::pair<Role, std::string_view> kRoles[] = {{Role::member, "member"},
                                                        {Role::lead, "lead"},
                                                        {Role::org_admin, "org_admin"},
                                                        {Role::project_admin, "project_admin"}};

constexpr std::pair<Action, std::string_view> kActions[] = {
    {Action::sessions, "sessions"}, {Action::kick, "kick"},   {Action::disable, "disable"},
    {Action::enable, "enable"},     {Action::drain, "drain"}, {Action::reload, "reload"},
    {Action::audit, "audit"}};

/// The lowest role that may use an action within its own organisation.
Role lowest_in_own_org(Action action) noexcept {
  switch (action) {
    case Action::sessions:
      return Role::member;
    case Action::kick:
      return Role::lead;
    case Action::disable:
    case Action::enable:
      return Role::org_admin;
    case Action::drain:
    case Action::reload:
    case Action::audit:
      return Role::project_admin;
  }
  return Role::project_admin;
}

}  // namespace

Role role_named(std::string_view text) noexcept {
  for (const auto& [role, known] : kRoles)
    if (text == known) return role;
  return Role::none;
}

std::string_view name(Role role) noexcept {
  for (const auto& [known, text] : kRoles)
    if (role == known) return text;
  return {};
}

Role role_of(const auth::Session& session) noexcept {
  return session.type == base::ParticipantType::admin ? role_named(session.role) : Role::none;
}

std::optional<Action> action_of(std::string_view topic) noexcept {
  if (!topic.starts_with(kTopics)) return std::nullopt;
  for (const auto& [action, known] : kActions)
    if (topic.substr(kTopics.size()) == known) return action;
  return std::nullopt;
}

std::string_view name(Action action) noexcept {
  for (const auto& [known, text] : kActions)
    if (action == known) return text;
  return "?";
}

Reach reach(Role role, Action action) noexcept {
  if (role == Role::project_admin) return Reach::everybody;
  return role != Role::none && role >= lowest_in_own_org(action) ? Reach::own_org : Reach::nobody;
}

}  // namespace fairlead::admin
