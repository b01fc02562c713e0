#include "crypto/openssl.hpp"

#include <openssl/err.h>

#include <climits>

#include "base/assert.hpp"

namespace fairlead::crypto {

std::string drain_errors() {
  std::string text;
  for (unsigned long code = ERR_get_error(); code != 0; code = ERR_get_error()) {
    const char* reason = ERR_reason_error_string(code);
    if (!text.empty()) text += "; ";
    text += reason != nullptr ? std::string(reason) : "error " + std::to_string(code);
  }
  return text;
}

tl::unexpected<base::Error> openssl_failure(base::ErrorCode code, std::string tried) {
  const std::string reasons = drain_errors();
  return base::fail(code, reasons.empty() ? std::move(tried) : std::move(tried) + ": " + reasons);
}

int narrow(size_t size) noexcept {
  FAIRLEAD_ASSERT(size <= INT_MAX);
  return static_cast<int>(size);
}

OwnedBio reading(base::ByteView bytes) {
  return OwnedBio(BIO_new_mem_buf(bytes.data(), narrow(bytes.size())));
}

base::ByteView written(BIO* bio) noexcept {
  const char* data = nullptr;
  const long size = BIO_get_mem_data(bio, &data);
  return size <= 0 ? base::ByteView{} : base::as_bytes({data, static_cast<size_t>(size)});
}

bool add_name(GENERAL_NAMES* names, int kind, base::ByteView value) {
  OwnedName name(GENERAL_NAME_new());
  OwnedString string(kind == GEN_IPADD ? ASN1_OCTET_STRING_new() : ASN1_IA5STRING_new());
  if (name == nullptr || string == nullptr ||
      ASN1_STRING_set(string.get(), value.data(), narrow(value.size())) != 1)
    return false;
  GENERAL_NAME_set0_value(name.get(), kind, string.release());
  if (sk_GENERAL_NAME_push(names, name.get()) <= 0) return false;
  static_cast<void>(name.release());  // now part of `names`
  return true;
}

}  // namespace fairlead::crypto
