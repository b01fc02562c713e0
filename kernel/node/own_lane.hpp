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
  OwnLane(std::unique_ptr<auth::Session> session, base::Random& random, base::BlockSource& memory,
          const auth::GateLimits& limits);

  /// What the gate made of it.
  base::Checked<auth::Verified<auth::Message>> admit(const auth::Message& message, base::MonoTime now);
  const auth::Session& session() const noexcept { return *session_; }

 private:
  struct Nonces {
    auth::Nonce16 lane, client;
  };
  base::BlockRef flatten(size_t& size);

  std::unique_ptr<auth::Session> session_;
  base::BlockSource& memory_;
  Nonces nonces_;
  auth::Lane sending_, receiving_;
  auth::Gate gate_;
  frame::Outbox outbox_;
};

}  // namespace fairlead::node
