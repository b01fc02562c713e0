#include "auth/grant_checks.hpp"

#include <algorithm>

#include "auth/peer_identity.hpp"
#include "auth/token.hpp"
#include "base/result.hpp"
#include "frame/message_headers.hpp"

namespace fairlead::auth {
namespace {

using base::Checked;
using base::Refusal;

/// The token must say of this client what this client knows.
Checked<void> check_content(const Token& token, const SessionId& sid, const ClientLoginConfig& config) {
  if (token.audience != config.common.identity.audience()) return tl::unexpected(Refusal::wrong_audience);
  const bool mine = token.sid == sid && token.name == config.name && token.type == config.type &&
                    token.endpoint == config.endpoint;
  const bool my_key = !config.certificate_sha256 || token.certificate_sha256 == *config.certificate_sha256;
  return mine && my_key ? Checked<void>() : tl::unexpected(Refusal::bad_token);
}

}  // namespace

Checked<Token> check_issued(const IssuedToken& issued, const SessionId& sid,
                            const ClientLoginConfig& config) {
  const LoginCommon& common = config.common;
  const auto signer = crypto::Certificate::from_der(issued.signer_der);
  if (!signer) return tl::unexpected(Refusal::bad_chain);
  FAIRLEAD_TRY(check_token_signer(common.anchor, common.identity, *signer, common.clock.wall()));
  const auto key = signer->public_key();
  if (!key) return tl::unexpected(Refusal::bad_chain);
  FAIRLEAD_TRY(Token token, verify_token(issued.token, issued.signature, std::span(&*key, 1)));
  FAIRLEAD_TRY(check_content(token, sid, config));
  return token;
}

Credentials held_credentials(const Token& token, base::ByteView bytes, base::ByteView signature,
                             std::chrono::milliseconds left, const ClientLoginConfig& config) {
  Credentials out;
  out.token = base::to_bytes(bytes);
  out.token_signature = base::to_bytes(signature);
  frame::append_credentials(out.encoded, token.name, bytes, signature);
  out.expires = token.expires;
  // The server's clock counts: the life of a token must not depend on how wrong ours is.
  out.deadline = config.common.clock.mono() + left;
  return out;
}

Checked<std::unique_ptr<Session>> check_grant(const Grant& grant, const crypto::Certificate& server,
                                              const ClientLoginConfig& config, const base::Digest& prelude) {
  if (grant.prelude != prelude) return tl::unexpected(Refusal::downgrade);
  FAIRLEAD_TRY(const Token token,
               check_issued({grant.token, grant.token_signature, grant.signer_der}, grant.sid, config));
  if (token.expires <= grant.server_time || grant.lifetime.count() == 0)
    return tl::unexpected(Refusal::expired);
  const base::Clock& clock = config.common.clock;
  auto session = std::make_unique<Session>();
  session->id = grant.sid;
  session->endpoint = *base::Endpoint::parse(token.endpoint);  // decode_token parsed it
  session->type = token.type;
  session->org = token.org;
  session->instance = config.instance;
  session->certificate_sha256 = token.certificate_sha256;
  session->server_certificate_sha256 = server.sha256();
  session->boot_id = grant.boot_id;
  session->clock_skew = grant.server_time - clock.wall();
  session->logged_in = session->renewed = clock.mono();
  const std::chrono::milliseconds left = token.expires - grant.server_time;
  session->current = held_credentials(token, grant.token, grant.token_signature,
                                      std::min<std::chrono::milliseconds>(left, grant.lifetime), config);
  session->current.renew_after = grant.renew_after;
  session->current.signer_path = {grant.signer_der};
  session->floor = stronger(base::MessageSecurity::mac, stronger(config.common.wanted, grant.floor));
  session->compact_headers = config.compact_headers;
  return session;
}

}  // namespace fairlead::auth
