/// Roles of administrators and what each may do. Pure, any thread.
#pragma once
#include <optional>
#include <string_view>

#include "auth/session.hpp"

namespace fairlead::admin {

/// As the certificate says, lowest first; `none` is everybody who is not an administrator.
enum class Role { none, member, lead, org_admin, project_admin };

/// The role that this text names in a certificate; `none` for any other text.
Role role_named(std::string_view text) noexcept;
/// "project_admin"; empty for `none`.
std::string_view name(Role role) noexcept;
/// `none` unless the session is an administrator's.
Role role_of(const auth::Session& session) noexcept;

enum class Action { sessions, kick, disable, enable, drain, reload, audit };

/// Every topic of an administrator's request begins like this.
inline constexpr std::string_view kTopics = "admin/";
/// The action of a topic such as "admin/kick"; nothing for an unknown one.
std::optional<Action> action_of(std::string_view topic) noexcept;
/// "kick"
std::string_view name(Action action) noexcept;

/// On whom an action may be used.
enum class Reach { nobody, own_org, everybody };
Reach reach(Role role, Action action) noexcept;

}  // namespace fairlead::admin
