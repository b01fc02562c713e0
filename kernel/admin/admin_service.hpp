/// AdminService: what administrators may ask of a running server. Every action is written down before it
/// happens.
#pragma once
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "admin/actions.hpp"
#include "admin/audit_log.hpp"
#include "admin/disabled_table.hpp"
#include "admin/request.hpp"
#include "base/json.hpp"
#include "base/log.hpp"

namespace fairlead::admin {

/// What the service works on; all of it outlives the service.
struct Surroundings {
  auth::SessionTable& sessions;
  Actions& actions;
  const base::Clock& clock;
  base::Log& log;
  std::string server_name;  ///< participant name of the server
};

/// Thread rule: the node's loop. Writing to disk happens there too: an action takes as long as one commit.
class AdminService {
 private:
  class Passkey {
    friend class AdminService;
    Passkey() = default;
  };

 public:
  using Answered = std::function<void(base::Result<base::Json> answer)>;
  /// Actions of one administrator within kRateWindow; more are refused with `rate_limited`.
  static constexpr std::string_view kAllowed = "allowed";  ///< the audit log's other outcome
  static constexpr uint32_t kMostActions = 30;
  static constexpr std::chrono::seconds kRateWindow{10};

  /// Opens the state in `folder`, which is KIT/state. Errors as at store::Database::open: a server whose
  /// state cannot be read does not start.
  static base::Result<std::unique_ptr<AdminService>> open(const std::filesystem::path& folder,
                                                          Surroundings surroundings);
  /// For open() alone.
  AdminService(Passkey, store::Database database, Surroundings surroundings);

  /// Who is disabled; asked at every login.
  const auth::RevocationTable& revocation() const noexcept { return *disabled_; }
  base::Result<AuditHead> audit_head() const { return audit_.head(); }

  /// Does what `actor`, the session that sent the request, asks for and gives the answer. Role, organisation
  /// and name are the session's, which has them from the certificate. Refused with `not_allowed` (role,
  /// organisation, oneself, the server), `unknown_action`, `malformed`, `rate_limited`; `not_recorded` when
  /// the audit log cannot be written, and then nothing has happened. Each is in the audit log, refusals too;
  /// of those with `rate_limited` the first of each window. `done` runs once: before this returns, after a
  /// reload from a later turn.
  void answer(const auth::Session& actor, std::string_view topic, base::ByteView payload,
              const Answered& done);

 private:
  struct Asked {
    const auth::Session& actor;
    Role role = Role::none;
    std::optional<Action> action;
    Request request{};
  };
  /// What is known about a participant's certificate.
  struct Target {
    std::string org;
    Role role = Role::none;
  };
  struct Pace {
    base::MonoTime since{};
    uint32_t count = 0;
  };

  uint32_t count_actions(const auth::Session& actor);
  base::Status check(Asked& asked, base::ByteView payload) const;
  base::Status check_target(const Asked& asked) const;
  base::Status check_own_org(const Asked& asked) const;
  std::optional<Target> target_of(std::string_view participant) const;
  bool names_server(std::string_view participant) const;

  using Change = std::function<base::Status(const DisabledTable::Alongside& alongside)>;
  base::Result<AuditHead> append(const Asked& asked, std::string_view outcome);
  base::Status conclude(const Asked& asked, std::string_view outcome, const base::Result<AuditHead>& written);
  base::Status record(const Asked& asked, std::string_view outcome);
  base::Status record_change(const Asked& asked, const Change& change);
  base::Result<base::Json> refuse_recorded(const Asked& asked, const base::Error& why);
  base::Result<base::Json> perform(const Asked& asked);
  void reload(const Asked& asked, const Answered& done);
  base::Result<base::Json> disable(const Asked& asked);
  base::Result<base::Json> enable(const Asked& asked);
  base::Result<base::Json> read_audit(const Request& request) const;
  base::Json list(const Asked& asked) const;
  base::Json describe(const auth::Session& session, size_t connections) const;
  uint64_t end_sessions(std::string_view participant, base::Refusal why);

  store::Database database_;
  Surroundings around_;
  AuditLog audit_;
  std::optional<DisabledTable> disabled_;  // set by open()
  std::map<std::string, Pace, std::less<>> paces_;
};

}  // namespace fairlead::admin
