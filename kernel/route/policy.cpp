#include "route/policy.hpp"

#include <algorithm>

namespace fairlead::route {
namespace {

bool names_party(const std::string& pattern, const Party& party) noexcept {
  return pattern == "*" || pattern == party.participant || pattern == base::name(party.type);
}

bool built_in(const Party& from, const Party& to) noexcept {
  using Type = base::ParticipantType;
  if (to.type == Type::server || from.type == Type::admin) return true;
  return (from.type == Type::client || from.type == Type::service) && to.type != Type::admin;
}

}  // namespace

bool names_topic(std::string_view pattern, std::string_view topic) noexcept {
  if (!pattern.ends_with('*')) return pattern == topic;
  return topic.starts_with(pattern.substr(0, pattern.size() - 1));
}

bool Policy::allows(const Party& from, const Party& to, std::string_view topic) const noexcept {
  using Type = base::ParticipantType;
  if (from.type == Type::server) return true;
  if (topic.starts_with("admin/") && from.type != Type::admin) return false;
  if (rules_.empty()) return built_in(from, to);
  return std::any_of(rules_.begin(), rules_.end(), [&](const Rule& rule) {
    return names_party(rule.from, from) && names_party(rule.to, to) &&
           std::any_of(rule.topics.begin(), rule.topics.end(),
                       [&](const std::string& pattern) { return names_topic(pattern, topic); });
  });
}

}  // namespace fairlead::route
