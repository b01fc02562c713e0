#include <openssl/err.h>
#include <openssl/pem.h>

#include "crypto/certificate.hpp"
#include "crypto/openssl.hpp"

namespace fairlead::crypto {
namespace {

using base::ErrorCode;

/// Anything that may be a private key, also where the library would skip it as a block it cannot read.
bool holds_private_key(base::ByteView pem) {
  return base::as_text(pem).find("PRIVATE KEY-----") != std::string_view::npos;
}

enum class Block { certificate, other, end, unreadable };

/// Reads the next block; `der` holds its content when it is a certificate.
Block next_block(BIO* bio, base::Bytes& der) {
  char *name = nullptr, *header = nullptr;
  uint8_t* data = nullptr;
  long size = 0;
  if (PEM_read_bio(bio, &name, &header, &data, &size) != 1) {
    const bool at_end = ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
    return at_end ? Block::end : Block::unreadable;
  }
  const Owned<char, &free_text> name_owner(name), header_owner(header);
  const OwnedMemory data_owner(data);
  if (std::string_view(name) != PEM_STRING_X509 && std::string_view(name) != PEM_STRING_X509_OLD)
    return Block::other;
  der.assign(data, data + size);
  return Block::certificate;
}

tl::unexpected<base::Error> unreadable(size_t number) {
  return openssl_failure(ErrorCode::bad_configuration,
                         "cannot read certificate " + std::to_string(number) + " of the PEM text");
}

}  // namespace

base::Result<std::vector<Certificate>> read_pem_certificates(base::ByteView pem) {
  if (holds_private_key(pem))
    return base::fail(ErrorCode::bad_configuration, "a private key is in a PEM text meant for certificates",
                      "keep the certificates only and treat that key as exposed");
  ERR_clear_error();
  const OwnedBio bio = reading(pem);
  std::vector<Certificate> found;
  base::Bytes der;
  for (Block block = next_block(bio.get(), der); block != Block::end; block = next_block(bio.get(), der)) {
    if (block == Block::unreadable) return unreadable(found.size() + 1);
    if (block == Block::other) continue;
    auto certificate = Certificate::from_der(der);
    if (!certificate) return unreadable(found.size() + 1);
    found.push_back(std::move(*certificate));
  }
  ERR_clear_error();
  if (found.empty()) return base::fail(ErrorCode::bad_configuration, "the PEM text holds no certificate");
  return found;
}

}  // namespace fairlead::crypto
