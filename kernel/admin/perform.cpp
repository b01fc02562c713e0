// AdminService, second part: what an action does once it is allowed.
#include <algorithm>

#include "admin/admin_service.hpp"

namespace fairlead::admin {
namespace {

int64_t milliseconds(base::WallTime at) { return at.time_since_epoch().count(); }

base::Json json_of(const AuditLine& line) {
  return base::Json::object({{"seq", line.seq},
                             {"at_ms", milliseconds(line.entry.at)},
                             {"actor", line.entry.actor},
                             {"role", line.entry.role},
                             {"action", line.entry.action},
                             {"target", line.entry.target},
                             {"outcome", line.entry.outcome},
                             {"hash", base::hex(line.hash)}});
}

base::Json json_of(const Disabled& entry) {
  return base::Json::object({{"name", entry.name},
                             {"org", entry.org},
                             {"at_ms", milliseconds(entry.at)},
                             {"by", entry.by},
                             {"by_role", entry.by_role}});
}

base::Json json_of(const AuditHead& head) {
  return base::Json::object({{"count", head.seq}, {"head", base::hex(head.hash)}});
}

base::Json texts(const std::vector<std::string>& from) {
  base::Json list = base::Json::array();
  for (const std::string& text : from) list.add(text);
  return list;
}

}  // namespace

base::Result<base::Json> AdminService::perform(const Asked& asked) {
  const std::string& target = asked.request.name;
  // These two write the line and the change in one transaction.
  if (*asked.action == Action::disable) return disable(asked);
  if (*asked.action == Action::enable) return enable(asked);
  FAIRLEAD_TRY(record(asked, kAllowed));
  switch (*asked.action) {
    case Action::kick:
      return base::Json::object({{"name", target}, {"ended", end_sessions(target, base::Refusal::revoked)}});
    case Action::drain:
      around_.actions.drain();
      return base::Json::object({{"draining", true}});
    case Action::audit:
      return read_audit(asked.request);
    default:
      return list(asked);
  }
}

void AdminService::reload(const Asked& asked, const Answered& done) {
  if (const base::Status recorded = record(asked, kAllowed); !recorded.has_value())
    return done(tl::unexpected(recorded.error()));
  around_.actions.reload([done](const base::Status& reloaded) {
    if (!reloaded.has_value()) return done(tl::unexpected(reloaded.error()));
    done(base::Json::object({{"reloaded", true}}));
  });
}

base::Result<base::Json> AdminService::disable(const Asked& asked) {
  const std::string& name = asked.request.name;
  const Disabled* old = disabled_->find(name);
  const bool changes = old == nullptr;
  const Target target = target_of(name).value_or(Target{});
  Disabled entry{.name = name,
                 .org = target.org,
                 .role = std::string(admin::name(target.role)),
                 .at = around_.clock.wall(),
                 .by = asked.actor.endpoint.text(),
                 .by_role = asked.actor.role};
  // What a higher role decided stays that role's decision.
  if (old != nullptr && role_named(old->by_role) >= asked.role) entry = *old;
  FAIRLEAD_TRY(record_change(asked, [&](const auto& line) { return disabled_->disable(entry, line); }));
  const uint64_t ended = end_sessions(name, base::Refusal::disabled);
  return base::Json::object({{"name", name}, {"changed", changes}, {"ended", ended}});
}

base::Result<base::Json> AdminService::enable(const Asked& asked) {
  const bool changes = disabled_->is_disabled(asked.request.name);
  FAIRLEAD_TRY(
      record_change(asked, [&](const auto& line) { return disabled_->enable(asked.request.name, line); }));
  return base::Json::object({{"name", asked.request.name}, {"changed", changes}});
}

uint64_t AdminService::end_sessions(std::string_view participant, base::Refusal why) {
  // Not while walking the table; one that has not proved its lane yet counts as well.
  std::vector<uint64_t> prefixes;
  around_.sessions.for_each([&](const auth::Session& session, size_t) {
    if (session.participant() == participant) prefixes.push_back(session.prefix());
  });
  uint64_t ended = 0;
  for (const uint64_t prefix : prefixes) {
    auth::Session* session = around_.sessions.find(prefix);
    if (session == nullptr) continue;
    around_.actions.end_session(*session, why);
    ++ended;
  }
  return ended;
}

base::Result<base::Json> AdminService::read_audit(const Request& request) const {
  if (request.verify) {
    FAIRLEAD_TRY(const AuditVerdict verdict, audit_.verify());
    base::Json answer = json_of(verdict.head);
    answer.set("intact", !verdict.broken.has_value());
    if (verdict.broken)
      answer.set("broken", base::Json::object({{"seq", verdict.broken->seq}, {"why", verdict.broken->why}}));
    return answer;
  }
  FAIRLEAD_TRY(const std::vector<AuditLine> lines, audit_.newest(request.limit));
  FAIRLEAD_TRY(const AuditHead head, audit_.head());
  base::Json entries = base::Json::array();
  for (const AuditLine& line : lines) entries.add(json_of(line));
  base::Json answer = json_of(head);
  answer.set("entries", std::move(entries));
  return answer;
}

base::Json AdminService::list(const Asked& asked) const {
  const bool all = reach(asked.role, Action::sessions) == Reach::everybody;
  const auto visible = [&](const std::string& org) {
    return all || (!org.empty() && org == asked.actor.org);
  };
  std::map<std::string, base::Json> by_endpoint;
  around_.sessions.for_each([&](const auth::Session& session, size_t connections) {
    if (session.proved && visible(session.org))
      by_endpoint.insert_or_assign(session.endpoint.text(), describe(session, connections));
  });
  base::Json sessions = base::Json::array(), disabled = base::Json::array();
  for (auto& [endpoint, one] : by_endpoint) sessions.add(std::move(one));
  for (const auto& [name, entry] : disabled_->entries())
    if (visible(entry.org)) disabled.add(json_of(entry));
  return base::Json::object({{"sessions", std::move(sessions)}, {"disabled", std::move(disabled)}});
}

base::Json AdminService::describe(const auth::Session& session, size_t connections) const {
  const auto left = session.current.deadline - around_.clock.mono();
  base::Json one = base::Json::object({{"endpoint", session.endpoint.text()},
                                       {"type", base::name(session.type)},
                                       {"org", session.org},
                                       {"role", session.role}});
  if (const auto connected = around_.actions.connected(session))
    one.set("address", connected->address)
        .set("protocol", connected->protocol.empty() ? "clear" : connected->protocol)
        .set("message_security", base::name(connected->message_security))
        .set("connected_s", int64_t{connected->age.count()});
  if (session.topics) one.set("topics", texts(*session.topics));
  one.set("token_expires_in_s", int64_t{std::chrono::floor<std::chrono::seconds>(left).count()});
  return one.set("connections", uint64_t{connections});
}

}  // namespace fairlead::admin
