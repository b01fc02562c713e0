/// ClientSession: a client's session across its connections, and when it needs new keys or a new login.
#pragma once
#include <memory>

#include "auth/login.hpp"
#include "base/random.hpp"

namespace fairlead::node {

/// Decides; the node acts. Thread rule: [home].
class ClientSession {
 public:
  /// What an unauthenticated hint may cost: one login in this time.
  static constexpr std::chrono::seconds kBetweenExtraLogins{30};

  /// `longest`: a session is never older; then a full login.
  ClientSession(const base::Clock& clock, base::Random& random, std::chrono::milliseconds longest) noexcept
      : clock_(clock), random_(random), longest_(longest) {}

  /// How the next connection begins: with a lane of the session that is there, or with a login.
  auth::ClientStart start();
  /// A login has succeeded. The session before is given back: its connection may still need it.
  std::unique_ptr<auth::Session> adopt(std::unique_ptr<auth::Session> fresh);
  /// A lane of the session was not opened. Whoever says so may be anybody, so the session stays.
  void doubt() noexcept { doubtful_ = true; }
  /// The session is of a certificate that is no longer ours.
  void outdate() noexcept { outdated_ = true; }
  /// The current credentials are new.
  void renewed();

  enum class Need { renewal, login };
  /// What is needed at due().
  Need need() const noexcept;
  base::MonoTime due() const noexcept { return due_; }
  bool exists() const noexcept { return session_ != nullptr; }

 private:
  bool is_usable() const noexcept;
  bool may_log_in_extra() const noexcept;

  const base::Clock& clock_;
  base::Random& random_;
  std::chrono::milliseconds longest_;
  std::unique_ptr<auth::Session> session_;
  base::MonoTime due_{};
  std::chrono::nanoseconds life_{};  // of the current token
  base::MonoTime last_extra_login_ = base::MonoTime::min();
  bool doubtful_ = false, outdated_ = false;
};

}  // namespace fairlead::node
