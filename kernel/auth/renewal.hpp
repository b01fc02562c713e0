/// Renewal: a new token and new keys for a session while it is in use. The client asks, the server answers
/// under the old keys, and each direction of each lane moves on by itself.
#pragma once
#include "auth/login.hpp"
#include "auth/renew_body.hpp"

namespace fairlead::auth {

/// The client's side of one renewal; make a new one for the next. Thread rule: one thread at a time.
class ClientRenewal {
 public:
  /// ErrorCode::internal without randomness.
  static base::Result<ClientRenewal> make(base::Random& random);
  /// Appends RENEW.
  void ask(Lane& lane, frame::Outbox& out) const;
  /// The credentials of the next epoch: give them to Session::renew(), then switch every lane of the session.
  /// bad_headers; malformed for a key of small order; what a Grant would be refused for.
  base::Checked<Credentials> take_answer(base::ByteView body, const Session& session,
                                         const ClientLoginConfig& config) const;

 private:
  ClientRenewal(crypto::EphemeralKey key, base::Bytes body) : key_(std::move(key)), body_(std::move(body)) {}
  crypto::EphemeralKey key_;
  base::Bytes body_;
};

/// The server's answer to a RENEW of `session` that passed the gate of `lane`. The new credentials wait in
/// Session::next until a frame under them verifies; another RENEW before that replaces them.
/// Every check of the login is made again: old_epoch, rate_limited, disabled, certificate_revoked, crl_stale,
/// certificate_expired,
/// security_floor, expired (the session is as old as it may get: log in anew), bad_headers, malformed.
base::Checked<void> answer_renewal(base::ByteView body, Session& session, const ServerLoginConfig& config,
                                   Lane& lane, frame::Outbox& out);

/// RENEWs that a server answers in a row, and the time after which it forgets them.
inline constexpr uint32_t kRenewalsInARow = 4;
inline constexpr std::chrono::seconds kRenewalsForgotten{10};

}  // namespace fairlead::auth
