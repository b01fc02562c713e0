#include "crypto/curve_key.hpp"

#include <openssl/err.h>

#include "base/names.hpp"
#include "crypto/openssl.hpp"

namespace fairlead::crypto {
namespace {

using base::Checked;
using base::Refusal;

constexpr uint32_t kMagic = 0x464C4331;  // FLC1
constexpr std::string_view kLabel = "FAIRLEAD1 curve key";

uint64_t number_of(base::WallTime time) noexcept {
  return static_cast<uint64_t>(time.time_since_epoch().count());
}

base::WallTime time_of(uint64_t milliseconds) noexcept {
  return base::WallTime(std::chrono::milliseconds(static_cast<int64_t>(milliseconds)));
}

base::Result<X25519Public> public_of(EVP_PKEY* key) {
  X25519Public out{};
  size_t size = out.size();
  if (EVP_PKEY_get_raw_public_key(key, out.data(), &size) == 1 && size == out.size()) return out;
  return openssl_failure(base::ErrorCode::internal, "cannot read an X25519 key");
}

base::Bytes encode(const CurveStatement& statement) {
  base::Bytes out;
  base::append_be(out, kMagic);
  base::append_be(out, uint16_t{0});
  base::append_be(out, number_of(statement.from));
  base::append_be(out, number_of(statement.until));
  base::append_counted(out, base::as_bytes(statement.project));
  base::append_counted(out, base::as_bytes(statement.name));
  base::append(out, statement.key);
  return out;
}

Checked<CurveStatement> decode(base::ByteView bytes) {
  base::Reader fields(bytes);
  const bool known = fields.integer<uint32_t>() == kMagic && fields.integer<uint16_t>() == 0;
  CurveStatement out;
  out.from = time_of(fields.integer<uint64_t>());
  out.until = time_of(fields.integer<uint64_t>());
  out.project = base::as_text(fields.counted());
  out.name = base::as_text(fields.counted());
  base::copy(fields.bytes(out.key.size()), out.key);
  const bool good = known && fields.finished() && !out.project.empty() && base::Endpoint::parse(out.name) &&
                    out.name.find('/') == std::string::npos;
  if (!good) return tl::unexpected(Refusal::malformed);
  return out;
}

}  // namespace

base::Result<CurvePair> make_curve_pair() {
  ERR_clear_error();
  const OwnedPkey key(EVP_PKEY_Q_keygen(nullptr, nullptr, "X25519"));
  CurvePair pair{base::Secret(X25519Public{}.size()), {}};
  size_t size = pair.secret.size();
  if (key == nullptr ||
      EVP_PKEY_get_raw_private_key(key.get(), pair.secret.expose_mutable().data(), &size) != 1 ||
      size != pair.secret.size())
    return openssl_failure(base::ErrorCode::internal, "cannot make an X25519 key");
  FAIRLEAD_TRY(pair.public_key, public_of(key.get()));
  return pair;
}

base::Result<X25519Public> curve_public_of(base::ByteView secret) {
  ERR_clear_error();
  const OwnedPkey key(
      EVP_PKEY_new_raw_private_key_ex(nullptr, "X25519", nullptr, secret.data(), secret.size()));
  if (key == nullptr)
    return openssl_failure(base::ErrorCode::bad_configuration,
                           "no X25519 key of " + std::to_string(secret.size()) + " bytes, expected 32");
  return public_of(key.get());
}

base::Result<base::Bytes> sign_curve_statement(const CurveStatement& statement, const PrivateKey& root) {
  const base::Bytes content = encode(statement);
  FAIRLEAD_TRY(const base::Bytes signature, root.sign(kLabel, content));
  base::Bytes file;
  base::append_counted(file, content);
  base::append_counted(file, signature);
  if (!verify_curve_statement(file, root.public_key(), statement.from))
    return base::fail(base::ErrorCode::internal, "nobody would take a CURVE statement like this one");
  return file;
}

Checked<CurveStatement> verify_curve_statement(base::ByteView file, const PublicKey& root,
                                               base::WallTime now) {
  base::Reader parts(file);
  const base::ByteView content = parts.counted(), signature = parts.counted();
  if (file.size() > kMaxCurveStatement || !parts.finished()) return tl::unexpected(Refusal::malformed);
  if (!root.verify(kLabel, content, signature)) return tl::unexpected(Refusal::bad_chain);
  FAIRLEAD_TRY(CurveStatement statement, decode(content));
  if (now < statement.from) return tl::unexpected(Refusal::not_yet_valid);
  if (now >= statement.until) return tl::unexpected(Refusal::certificate_expired);
  return statement;
}

}  // namespace fairlead::crypto
