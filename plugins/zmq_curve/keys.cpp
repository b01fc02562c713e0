#include "keys.hpp"

#include <string.h>

#include <algorithm>
#include <charconv>

namespace zmq_curve {
namespace {

using fairlead::transport::Error;

/// Z85 of one key, with its terminating zero; wiped like the key that it may be.
struct KeyText {
  std::array<char, 41> text{};
  ~KeyText() { ::explicit_bzero(text.data(), text.size()); }
};

void decode(const KeyText& from, std::array<uint8_t, kKeySize>& to) {
  if (zmq_z85_decode(to.data(), from.text.data()) == nullptr) throw failure("a CURVE key");
}

}  // namespace

SecretKey::SecretKey(std::span<const uint8_t, kKeySize> bytes) {
  std::copy(bytes.begin(), bytes.end(), bytes_.begin());
}
SecretKey::SecretKey(SecretKey&& other) noexcept : bytes_(other.bytes_) {
  ::explicit_bzero(other.bytes_.data(), kKeySize);
}
SecretKey& SecretKey::operator=(SecretKey&& other) noexcept {
  std::swap(bytes_, other.bytes_);
  return *this;
}
SecretKey::~SecretKey() { ::explicit_bzero(bytes_.data(), kKeySize); }

KeyPair key_pair_of(std::span<const uint8_t> secret) {
  if (secret.size() != kKeySize)
    throw Error(FAIRLEAD_E_CREDENTIAL,
                "option curve_key has " + std::to_string(secret.size()) + " bytes, expected 32");
  KeyPair pair;
  pair.secret = SecretKey(secret.first<kKeySize>());
  KeyText secret_text, public_text;
  if (zmq_z85_encode(secret_text.text.data(), pair.secret.bytes().data(), kKeySize) == nullptr ||
      zmq_curve_public(public_text.text.data(), secret_text.text.data()) != 0)
    throw Error(FAIRLEAD_E_CREDENTIAL, "option curve_key: libzmq finds no public key for it");
  decode(public_text, pair.public_key);
  return pair;
}

KeyPair fresh_key_pair() {
  KeyText public_text, secret_text;
  if (zmq_curve_keypair(public_text.text.data(), secret_text.text.data()) != 0)
    throw failure("cannot make a CURVE key");
  KeyPair pair;
  decode(public_text, pair.public_key);
  decode(secret_text, pair.secret.bytes());
  return pair;
}

PublicKey key_from_hex(std::string_view text, const char* option) {
  PublicKey key{};
  bool good = text.size() == 2 * kKeySize;
  for (size_t i = 0; good && i < kKeySize; ++i) {
    const char* at = text.data() + 2 * i;
    good = std::from_chars(at, at + 2, key[i], 16).ptr == at + 2;
  }
  if (!good)
    throw Error(FAIRLEAD_E_CREDENTIAL, std::string("option ") + option + " is not a key of 64 hex digits");
  return key;
}

std::string hex(std::span<const uint8_t> bytes) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string text;
  for (const uint8_t byte : bytes) {
    text += kDigits[byte >> 4];
    text += kDigits[byte & 15];
  }
  return text;
}

}  // namespace zmq_curve
