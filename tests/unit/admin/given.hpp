/// A server's state in a folder of its own, sessions of whom a test names, and an admin service over both.
#pragma once
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "admin/admin_service.hpp"
#include "support/fake_clock.hpp"
#include "support/given_project.hpp"
#include "support/live_server.hpp"

namespace fairlead::admin {

template <class T>
T must(base::Result<T> result) {
  if (!result.has_value()) {
    ADD_FAILURE() << result.error().line();
    std::abort();
  }
  return std::move(*result);
}

/// Stands for the node: ends sessions as it does, and counts.
class FakeNode final : public Actions {
 public:
  explicit FakeNode(auth::SessionTable& sessions) : sessions_(sessions) {}
  std::optional<Connected> connected(const auth::Session& session) const override {
    if (sessions_.users(session).empty()) return std::nullopt;
    return Connected{.address = "192.0.2.1:40000", .protocol = "TLSv1.3", .age = std::chrono::seconds(61)};
  }
  void end_session(auth::Session& session, base::Refusal why) override {
    ended.emplace(session.endpoint.text(), why);
    sessions_.end(session, why);
  }
  void drain() override { ++drains; }
  void reload(std::function<void(base::Status)> done) override {
    ++reloads;
    done(reloaded);
  }

  std::multimap<std::string, base::Refusal> ended;
  int drains = 0, reloads = 0;
  base::Status reloaded;

 private:
  auth::SessionTable& sessions_;
};

class SilentUser final : public auth::SessionUser {
 public:
  void session_renewed() override {}
  void session_ended(base::Refusal why) override { told = why; }
  std::optional<base::Refusal> told;
};

/// Who a session belongs to.
struct Who {
  std::string endpoint;
  std::string org = "north";
  std::string role{};
  base::ParticipantType type = base::ParticipantType::client;
};
inline Who an_admin(const std::string& role, const std::string& org = "north") {
  return {(role.empty() ? "anybody" : role) + "@" + org + ".example/cli-1", org, role,
          base::ParticipantType::admin};
}

struct GivenService {
  GivenService() { open(); }

  /// The same folder again, as after a restart. Sessions stay.
  void open() {
    service.reset();  // the file is for one at a time
    service = must(AdminService::open(folder.path(), {sessions, node, clock, log, "hub.example"}));
  }
  /// A proved session; with `user` it has a connection.
  auth::Session& log_in(const Who& who, auth::SessionUser* user = nullptr) {
    auth::Session& session = start_login(who);
    sessions.prove(session);
    if (user != nullptr) sessions.attach(session, *user);
    return session;
  }
  /// A session between Grant and LANE_OPEN.
  auth::Session& start_login(const Who& who) {
    auto session = std::make_unique<auth::Session>();
    base::store_be(base::MutableByteView(session->id), ++last_id);
    session->endpoint = *base::Endpoint::parse(who.endpoint);
    session->org = who.org;
    session->role = who.role;
    session->type = who.type;
    session->instance[0] = static_cast<uint8_t>(last_id);
    session->current.deadline = clock.mono() + std::chrono::hours(1);
    return *sessions.add(std::move(session), clock.mono());
  }
  base::Result<base::Json> ask(const auth::Session& actor, const std::string& action,
                               const std::string& payload = "") {
    std::optional<base::Result<base::Json>> answer;
    service->answer(actor, "admin/" + action, base::as_bytes(payload),
                    [&](base::Result<base::Json> given) { answer = std::move(given); });
    EXPECT_TRUE(answer.has_value()) << action;
    return answer.value_or(tl::unexpected(base::Error{}));
  }
  base::Result<base::Json> ask_for(const auth::Session& actor, const std::string& action,
                                   const std::string& name) {
    return ask(actor, action, base::Json::object({{"name", name}}).dump());
  }
  bool is_disabled(const std::string& name) const { return service->revocation().is_disabled(name); }
  /// The newest line of the audit log, as "actor role action target outcome".
  std::string last_line() {
    service.reset();
    store::Database database = must(store::Database::open(folder.path() / "server.db", {0x464C5352, 1, ""}));
    const std::vector<AuditLine> lines = must(AuditLog(database).newest(1));
    if (lines.empty()) return "";
    const AuditEntry& entry = lines.front().entry;
    return entry.actor + " " + entry.role + " " + entry.action + " " + entry.target + " " + entry.outcome;
  }

  support::TempDir folder;
  support::FakeClock clock;
  support::CapturingLog log;
  auth::SessionTable sessions{1000};
  FakeNode node{sessions};
  std::unique_ptr<AdminService> service;
  uint64_t last_id = 0;
};

inline std::string reason_of(const base::Result<base::Json>& answer) {
  return answer.has_value() ? "done" : answer.error().reason;
}

}  // namespace fairlead::admin
