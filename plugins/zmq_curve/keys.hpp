/// CURVE keys: 32 raw bytes everywhere, the text form that libzmq wants in one place only.
#pragma once
#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "zmq_face.hpp"

namespace zmq_curve {

inline constexpr size_t kKeySize = 32;
using PublicKey = std::array<uint8_t, kKeySize>;

/// A secret key; wiped when it goes, never copied.
class SecretKey {
 public:
  SecretKey() = default;
  explicit SecretKey(std::span<const uint8_t, kKeySize> bytes);
  SecretKey(SecretKey&& other) noexcept;
  SecretKey& operator=(SecretKey&& other) noexcept;
  ~SecretKey();
  const std::array<uint8_t, kKeySize>& bytes() const noexcept { return bytes_; }
  std::array<uint8_t, kKeySize>& bytes() noexcept { return bytes_; }

 private:
  std::array<uint8_t, kKeySize> bytes_{};
};

struct KeyPair {
  PublicKey public_key{};
  SecretKey secret;
};

/// The pair of a secret key. Throws Error(E_CREDENTIAL) naming the option unless it has 32 bytes.
KeyPair key_pair_of(std::span<const uint8_t> secret);
/// A pair that nobody has seen before. Throws Error.
KeyPair fresh_key_pair();
/// 64 hex digits of option `option`. Throws Error(E_CREDENTIAL).
PublicKey key_from_hex(std::string_view text, const char* option);
std::string hex(std::span<const uint8_t> bytes);

}  // namespace zmq_curve
