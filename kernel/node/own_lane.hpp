/// OwnLane: the server's own messages take the same way as everybody's: protected, framed, and through the
/// gate.
#pragma once
#include <memory>

#include "auth/gate.hpp"
#include "auth/login.hpp"

namespace fairlead::node {

/// Both ends of an in-process lane under the server's own session. Thread rule: [home].
class OwnLane {
 public:
  /// `random` outlives it: keys that have carried half of what `lane_limits` allow are made anew.
  OwnLane(std::unique_ptr<auth::Session> session, base::Random& random, base::BlockSource& memory,
          const auth::GateLimits& limits, auth::LaneLimits lane_limits = {});

  /// What the gate made of it.
  base::Checked<auth::Verified<auth::Message>> admit(const auth::Message& message, base::MonoTime now);
  const auth::Session& session() const noexcept { return *session_; }

 private:
  /// Both ends, under nonces of their own.
  struct Ends {
    auth::Lane sending, receiving;
  };
  Ends fresh_ends();
  base::BlockRef flatten(size_t& size);

  std::unique_ptr<auth::Session> session_;
  base::Random& random_;
  base::BlockSource& memory_;
  auth::LaneLimits lane_limits_;
  Ends ends_;
  auth::Gate gate_;
  frame::Outbox outbox_;
};

}  // namespace fairlead::node
