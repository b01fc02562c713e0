#include "auth/renewal.hpp"

#include "auth/grant_checks.hpp"
#include "auth/issue.hpp"
#include "auth/key_schedule.hpp"
#include "auth/session_revocation.hpp"
#include "base/result.hpp"

namespace fairlead::auth {
namespace {

using base::Checked;
using base::Refusal;

void append_renew(base::Bytes body, Lane& lane, frame::Outbox& out) {
  const base::Slice slice = base::move_to_slice(std::move(body));
  lane.protect(frame::FrameType::renew, 0, {}, {}, {}, {&slice, 1}, out);
}

base::Secret next_secret(const Credentials& now, const base::Secret& shared, base::ByteView request,
                         base::ByteView answer, base::ByteView token) {
  return sec_next(now.secret, shared, now.epoch.next(), crypto::sha256({request, answer}), token);
}

/// Each answer costs a signature and a key agreement.
Checked<void> check_rate(Session& session, base::MonoTime now) {
  if (now - session.asked_renewal >= kRenewalsForgotten) session.renewals_in_a_row = 0;
  if (session.renewals_in_a_row >= kRenewalsInARow) return tl::unexpected(Refusal::rate_limited);
  ++session.renewals_in_a_row;
  session.asked_renewal = now;
  return {};
}

Checked<void> check_renewal(Session& session, const ServerLoginConfig& config, const Lane& lane) {
  const LoginCommon& common = config.common;
  const base::MonoTime now = common.clock.mono();
  if (lane.incoming_epoch() != session.current.epoch) return tl::unexpected(Refusal::old_epoch);
  FAIRLEAD_TRY(check_rate(session, now));
  if (config.revocation.is_disabled(session.participant())) return tl::unexpected(Refusal::disabled);
  FAIRLEAD_TRY(check_revocation(session, common.anchor, common.clock.wall()));
  if (session.certificate_expires <= common.clock.wall()) return tl::unexpected(Refusal::certificate_expired);
  if (lane.level() < common.wanted) return tl::unexpected(Refusal::security_floor);
  if (now >= session.logged_in + config.longest_session) return tl::unexpected(Refusal::expired);
  return {};
}

}  // namespace

base::Result<ClientRenewal> ClientRenewal::make(base::Random& random) {
  FAIRLEAD_TRY(crypto::EphemeralKey key, crypto::EphemeralKey::generate());
  base::Bytes body = encode(RenewRequest{key.public_bytes(), random.bytes<16>()});
  return ClientRenewal(std::move(key), std::move(body));
}

void ClientRenewal::ask(Lane& lane, frame::Outbox& out) const { append_renew(body_, lane, out); }

Checked<Credentials> ClientRenewal::take_answer(base::ByteView body, const Session& session,
                                                const ClientLoginConfig& config) const {
  FAIRLEAD_TRY(const RenewAnswer answer, decode_renew_answer(body));
  const auto shared = key_.agree(answer.key);
  if (!shared) return tl::unexpected(Refusal::malformed);
  // The certificate of the login: another one may be configured by now.
  ClientLoginConfig of_session = config;
  if (of_session.certificate_sha256) of_session.certificate_sha256 = session.certificate_sha256;
  FAIRLEAD_TRY(const Token token, check_issued({answer.token, answer.token_signature, answer.signer_der},
                                               session.id, of_session));
  Credentials fresh =
      held_credentials(token, answer.token, answer.token_signature, token.expires - token.issued, config);
  fresh.epoch = session.current.epoch.next();
  fresh.renew_after = answer.renew_after;
  fresh.signer_path = {answer.signer_der};
  fresh.secret = next_secret(session.current, *shared, body_, body, answer.token);
  return fresh;
}

Checked<void> answer_renewal(base::ByteView body, Session& session, const ServerLoginConfig& config,
                             Lane& lane, frame::Outbox& out) {
  FAIRLEAD_TRY(const RenewRequest request, decode_renew_request(body));
  FAIRLEAD_TRY(check_renewal(session, config, lane));
  const auto key = crypto::EphemeralKey::generate();
  auto fresh =
      issue_credentials(session, session.current.epoch.next(), token_validity(session, config), config);
  if (!key || !fresh) return tl::unexpected(Refusal::busy);  // no randomness or a token key that fails
  const auto shared = key->agree(request.key);
  if (!shared) return tl::unexpected(Refusal::malformed);
  base::Bytes answer = encode(RenewAnswer{key->public_bytes(), fresh->token, fresh->token_signature,
                                          config.token_certificate.der(), fresh->renew_after});
  fresh->secret = next_secret(session.current, *shared, body, answer, fresh->token);
  session.next = std::move(*fresh);
  append_renew(std::move(answer), lane, out);
  return {};
}

}  // namespace fairlead::auth
