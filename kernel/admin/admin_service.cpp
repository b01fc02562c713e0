#include "admin/admin_service.hpp"

#include <strings.h>

#include <algorithm>

#include "admin/state.hpp"

namespace fairlead::admin {
namespace {

constexpr const char* kAskAbove = "ask an administrator whose role reaches further";

std::string text(Action action) { return std::string(name(action)); }

}  // namespace

base::Result<std::unique_ptr<AdminService>> AdminService::open(const std::filesystem::path& folder,
                                                               Surroundings surroundings) {
  FAIRLEAD_TRY(store::Database database, open_state(folder));
  auto service = std::make_unique<AdminService>(Passkey(), std::move(database), std::move(surroundings));
  FAIRLEAD_TRY(DisabledTable disabled, DisabledTable::load(service->database_));
  service->disabled_.emplace(std::move(disabled));
  return service;
}

AdminService::AdminService(Passkey, store::Database database, Surroundings surroundings)
    : database_(std::move(database)), around_(std::move(surroundings)), audit_(database_) {}

void AdminService::answer(const auth::Session& actor, std::string_view topic, base::ByteView payload,
                          const Answered& done) {
  Asked asked{actor, role_of(actor), action_of(topic)};
  if (const uint32_t count = count_actions(actor); count > kMostActions) {
    const base::Error why{base::ErrorCode::refused,
                          "too many requests of this administrator",
                          "wait some seconds",
                          {},
                          "rate_limited"};
    // A line for each of them would let the flood fill the disk.
    if (count > kMostActions + 1) return done(tl::unexpected(why));
    return done(refuse_recorded(asked, why));
  }
  if (const base::Status allowed = check(asked, payload); !allowed.has_value())
    return done(refuse_recorded(asked, allowed.error()));
  if (*asked.action == Action::reload) return reload(asked, done);
  done(perform(asked));
}

uint32_t AdminService::count_actions(const auth::Session& actor) {
  Pace& pace = paces_[std::string(actor.participant())];
  const base::MonoTime now = around_.clock.mono();
  if (pace.count == 0 || now - pace.since >= kRateWindow) pace = {now, 0};
  return pace.count < UINT32_MAX ? ++pace.count : pace.count;
}

base::Status AdminService::check(Asked& asked, base::ByteView payload) const {
  if (!asked.action)
    return refuse("unknown_action", "this server knows no such action", "compare the versions of both sides");
  const Action action = *asked.action;
  FAIRLEAD_TRY(asked.request, parse_request(action, payload));
  if (reach(asked.role, action) == Reach::nobody)
    return refuse("not_allowed",
                  asked.role == Role::none ? "only an administrator may use " + text(action)
                                           : "the role " + asked.actor.role + " may not use " + text(action),
                  kAskAbove);
  return asked.request.name.empty() ? base::Status{} : check_target(asked);
}

bool AdminService::names_server(std::string_view participant) const {
  const auto same = [&](std::string_view other) {
    return participant.size() == other.size() &&
           ::strncasecmp(participant.data(), other.data(), other.size()) == 0;
  };
  return same(base::kServerAddress) || same(around_.server_name);
}

base::Status AdminService::check_target(const Asked& asked) const {
  const std::string& target = asked.request.name;
  if (names_server(target))
    return refuse("not_allowed", "nobody may " + text(*asked.action) + " the server",
                  "to stop it use `fairlead admin drain`");
  if (target == asked.actor.participant())
    return refuse("not_allowed", "nobody may " + text(*asked.action) + " themselves",
                  "ask another administrator");
  return reach(asked.role, *asked.action) == Reach::everybody ? base::Status{} : check_own_org(asked);
}

/// One answer for another organisation and for nobody, so that it does not tell who is logged in elsewhere.
base::Status AdminService::check_own_org(const Asked& asked) const {
  const std::string& target = asked.request.name;
  const std::optional<Target> known = target_of(target);
  if (!known || known->org.empty() || known->org != asked.actor.org)
    return refuse("not_allowed", target + " is not known here as a participant of " + asked.actor.org,
                  "it must be logged in, or disabled while it was; else ask a project_admin");
  if (known->role > asked.role)
    return refuse("not_allowed", "the role of " + target + " is above yours", kAskAbove);
  const Disabled* entry = disabled_->find(target);
  if (*asked.action == Action::enable && entry != nullptr && role_named(entry->by_role) > asked.role)
    return refuse("not_allowed", target + " was disabled by a " + entry->by_role, kAskAbove);
  return {};
}

std::optional<AdminService::Target> AdminService::target_of(std::string_view participant) const {
  std::optional<Target> found;
  around_.sessions.for_each([&](const auth::Session& session, size_t) {
    if (session.participant() != participant) return;
    if (!found) found = Target{session.org, Role::none};
    // Two certificates that disagree: nobody's own organisation.
    if (found->org != session.org) found->org.clear();
    found->role = std::max(found->role, role_of(session));
  });
  const Disabled* entry = disabled_->find(participant);
  if (!found && entry != nullptr) found = Target{entry->org, role_named(entry->role)};
  return found;
}

base::Result<AuditHead> AdminService::append(const Asked& asked, std::string_view outcome) {
  return audit_.append({.at = around_.clock.wall(),
                        .actor = asked.actor.endpoint.text(),
                        .role = asked.actor.role,
                        .action = asked.action ? text(*asked.action) : "?",
                        .target = asked.request.name,
                        .outcome = std::string(outcome)});
}

base::Status AdminService::conclude(const Asked& asked, std::string_view outcome,
                                    const base::Result<AuditHead>& written) {
  const std::string action = asked.action ? text(*asked.action) : "?";
  if (!written.has_value()) {
    around_.log.error("admin.not_recorded", {{"action", action}, {"text", written.error().line()}});
    return tl::unexpected<base::Error>(
        base::Error{base::ErrorCode::failed,
                    "nothing was done because it cannot be recorded: " + written.error().text,
                    written.error().hint,
                    {},
                    "not_recorded"});
  }
  // Where the log goes, somebody may compare the chain's end later.
  around_.log.info("admin.action", {{"actor", asked.actor.endpoint.text()},
                                    {"role", asked.actor.role},
                                    {"action", action},
                                    {"target", asked.request.name},
                                    {"outcome", outcome},
                                    {"audit_seq", written->seq},
                                    {"audit_head", base::hex(written->hash)}});
  return {};
}

base::Status AdminService::record(const Asked& asked, std::string_view outcome) {
  return conclude(asked, outcome, append(asked, outcome));
}

base::Status AdminService::record_change(const Asked& asked, const Change& change) {
  base::Result<AuditHead> written;
  const base::Status done = change([&]() -> base::Status {
    FAIRLEAD_TRY(*written, append(asked, kAllowed));
    return {};
  });
  if (!done.has_value()) written = tl::unexpected(done.error());
  return conclude(asked, kAllowed, written);
}

base::Result<base::Json> AdminService::refuse_recorded(const Asked& asked, const base::Error& why) {
  FAIRLEAD_TRY(record(asked, why.reason));
  return tl::unexpected(why);
}

}  // namespace fairlead::admin
