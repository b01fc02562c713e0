#include "auth/issue.hpp"

#include <algorithm>

#include "auth/token.hpp"
#include "frame/message_headers.hpp"

namespace fairlead::auth {
namespace {

constexpr int kRenewPercent = 75;

Token token_of(const Session& session, const ServerLoginConfig& config, Validity validity) {
  Token token;
  token.sid = session.id;
  token.issued = validity.issued;
  token.expires = validity.expires;
  token.audience = config.common.identity.audience();
  token.type = session.type;
  token.certificate_sha256 = session.certificate_sha256;
  token.name = session.participant();
  token.org = session.org;
  token.endpoint = session.endpoint.text();
  return token;
}

}  // namespace

Validity token_validity(const Session& session, const ServerLoginConfig& config) {
  const base::Clock& clock = config.common.clock;
  const base::WallTime now = clock.wall();
  const auto left = session.logged_in + config.longest_session - clock.mono();
  return {now, std::min({now + config.lifetime, session.certificate_expires,
                         now + std::chrono::duration_cast<base::Milliseconds>(left)})};
}

base::Result<Credentials> issue_credentials(const Session& session, base::Epoch epoch, Validity validity,
                                            const ServerLoginConfig& config) {
  FAIRLEAD_TRY(SignedToken made, sign_token(token_of(session, config, validity), config.token_key));
  const auto life = validity.expires - validity.issued;
  Credentials out;
  out.epoch = epoch;
  out.expires = validity.expires;
  out.deadline = config.common.clock.mono() + life;
  out.renew_after = std::chrono::duration_cast<std::chrono::seconds>(life * kRenewPercent / 100);
  out.token = std::move(made.token);
  out.token_signature = std::move(made.signature);
  frame::append_credentials(out.encoded, session.participant(), out.token, out.token_signature);
  return out;
}

}  // namespace fairlead::auth
