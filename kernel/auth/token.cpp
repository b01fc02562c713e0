#include "auth/token.hpp"

#include <algorithm>

#include "auth/wire_enums.hpp"

namespace fairlead::auth {
namespace {

using base::Checked;
using base::Refusal;

constexpr uint32_t kTokenMagic = 0x464C5431;  // FLT1
constexpr std::string_view kLabel = "FAIRLEAD1 token";

void append_time(base::Bytes& out, base::WallTime time) {
  base::append_be(out, static_cast<uint64_t>(time.time_since_epoch().count()));
}

base::WallTime time_of(uint64_t milliseconds) noexcept {
  return base::WallTime(std::chrono::milliseconds(static_cast<int64_t>(milliseconds)));
}

template <size_t N>
base::ByteArray<N> take(base::Reader& fields) noexcept {
  base::ByteArray<N> out{};
  base::copy(fields.bytes(N), out);
  return out;
}

bool is_consistent(const Token& token) {
  const auto endpoint = base::Endpoint::parse(token.endpoint);
  return endpoint && endpoint->participant() == token.name && token.issued < token.expires &&
         token.issued.time_since_epoch().count() >= 0;
}

}  // namespace

base::Bytes encode(const Token& token) {
  base::Bytes out;
  base::append_be(out, kTokenMagic);
  base::append_be(out, uint16_t{0});
  base::append(out, token.kid);
  base::append(out, token.sid);
  append_time(out, token.issued);
  append_time(out, token.expires);
  base::append(out, token.audience);
  out.push_back(wire_number(token.type));
  base::append(out, token.certificate_sha256);
  base::append_counted(out, base::as_bytes(token.name));
  base::append_counted(out, base::as_bytes(token.org));
  base::append_counted(out, base::as_bytes(token.endpoint));
  return out;
}

Checked<Token> decode_token(base::ByteView bytes) {
  base::Reader fields(bytes);
  const bool known = fields.integer<uint32_t>() == kTokenMagic && fields.integer<uint16_t>() == 0;
  Token token;
  token.kid = take<8>(fields);
  token.sid = take<16>(fields);
  token.issued = time_of(fields.integer<uint64_t>());
  token.expires = time_of(fields.integer<uint64_t>());
  token.audience = take<32>(fields);
  const auto type = participant_type(fields.integer<uint8_t>());
  token.certificate_sha256 = take<32>(fields);
  token.name = base::as_text(fields.counted());
  token.org = base::as_text(fields.counted());
  token.endpoint = base::as_text(fields.counted());
  if (!known || !fields.finished() || !type || !is_consistent(token))
    return tl::unexpected(Refusal::bad_token);
  token.type = *type;
  return token;
}

base::Result<SignedToken> sign_token(Token token, const crypto::PrivateKey& key) {
  token.kid = key.public_key().key_id();
  SignedToken out;
  out.token = encode(token);
  FAIRLEAD_TRY(out.signature, key.sign(kLabel, out.token));
  if (!key.public_key().verify(kLabel, out.token, out.signature))
    return base::fail(base::ErrorCode::internal, "the token key made a signature that does not verify");
  return out;
}

Checked<Token> verify_token(base::ByteView token, base::ByteView signature,
                            std::span<const crypto::PublicKey> keys) {
  FAIRLEAD_TRY(Token content, decode_token(token));
  const auto key = std::find_if(keys.begin(), keys.end(),
                                [&](const auto& candidate) { return candidate.key_id() == content.kid; });
  if (key == keys.end() || !key->verify(kLabel, token, signature)) return tl::unexpected(Refusal::bad_token);
  return content;
}

}  // namespace fairlead::auth
