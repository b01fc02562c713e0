/// Token: what the server says about a session, signed. Written at login, compared byte by byte on every
/// message.
#pragma once
#include <span>
#include <string>

#include "auth/session.hpp"
#include "base/refusal.hpp"
#include "crypto/key.hpp"

namespace fairlead::auth {

/// The content of a token. No algorithm stands in it: the key that `kid` names decides that.
struct Token {
  crypto::KeyId kid{};
  SessionId sid{};
  base::WallTime issued{}, expires{};
  base::Digest audience{};
  base::ParticipantType type = base::ParticipantType::client;
  base::Digest certificate_sha256{};
  std::string name, org, endpoint;
};

struct SignedToken {
  base::Bytes token, signature;
};

base::Bytes encode(const Token& token);
/// bad_token unless every byte is as encode() would have written it.
base::Checked<Token> decode_token(base::ByteView bytes);

/// Fills in the key id and signs. The signature is verified once before it is given away, so that a faulty
/// computation never leaves the process.
base::Result<SignedToken> sign_token(Token token, const crypto::PrivateKey& key);
/// bad_token unless one of `keys` has the token's kid and made the signature.
base::Checked<Token> verify_token(base::ByteView token, base::ByteView signature,
                                  std::span<const crypto::PublicKey> keys);

}  // namespace fairlead::auth
