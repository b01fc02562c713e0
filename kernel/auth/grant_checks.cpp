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

Checked<Token> verified_token(const Grant& grant, const ClientLoginConfig& config) {
  const LoginCommon& common = config.common;
  const auto signer = crypto::Certificate::from_der(grant.signer_der);
  if (!signer) return tl::unexpected(Refusal::bad_chain);
  FAIRLEAD_TRY(check_token_signer(common.anchor, common.identity, *signer, common.clock.wall()));
  const auto key = signer->public_key();
  if (!key) return tl::unexpected(Refusal::bad_chain);
  return verify_token(grant.token, grant.token_signature, std::span(&*key, 1));
}

/// The token must say of this client what this client knows.
Checked<void> check_content(const Token& token, const Grant& grant, const ClientLoginConfig& config) {
  if (token.audience != config.common.identity.audience()) return tl::unexpected(Refusal::wrong_audience);
  const bool mine = token.sid == grant.sid && token.name == config.name && token.type == config.type &&
                    token.endpoint == config.endpoint;
  const bool my_key = !config.certificate_sha256 || token.certificate_sha256 == *config.certificate_sha256;
  if (!mine || !my_key) return tl::unexpected(Refusal::bad_token);
  if (token.expires <= grant.server_time || grant.lifetime.count() == 0)
    return tl::unexpected(Refusal::expired);
  return {};
}

}  // namespace

Checked<std::unique_ptr<Session>> check_grant(const Grant& grant, const crypto::Certificate& server,
                                              const ClientLoginConfig& config, const base::Digest& prelude) {
  if (grant.prelude != prelude) return tl::unexpected(Refusal::downgrade);
  FAIRLEAD_TRY(const Token token, verified_token(grant, config));
  FAIRLEAD_TRY(check_content(token, grant, config));
  auto session = std::make_unique<Session>();
  session->id = grant.sid;
  session->endpoint = *base::Endpoint::parse(token.endpoint);  // decode_token parsed it
  session->type = token.type;
  session->org = token.org;
  session->instance = config.instance;
  session->certificate_sha256 = token.certificate_sha256;
  session->server_certificate_sha256 = server.sha256();
  session->token = grant.token;
  session->token_signature = grant.token_signature;
  frame::append_credentials(session->credentials, token.name, grant.token, grant.token_signature);
  session->expires = token.expires;
  // The server's clock counts: the life of a token must not depend on how wrong ours is.
  const std::chrono::milliseconds left = token.expires - grant.server_time;
  session->deadline = config.common.clock.mono() + std::min<std::chrono::milliseconds>(left, grant.lifetime);
  session->renew_after = grant.renew_after;
  session->floor = stronger(base::MessageSecurity::mac, stronger(config.common.wanted, grant.floor));
  session->compact_headers = config.compact_headers;
  return session;
}

}  // namespace fairlead::auth
