/// Secret: bytes that are wiped when they go, cannot be copied by accident and cannot be printed.
#pragma once
#include "base/bytes.hpp"

namespace fairlead::base {

/// Owns secret bytes (keys, passphrases). Movable only; wiped on destruction and on move.
class Secret {
 public:
  Secret() = default;
  explicit Secret(size_t size) : bytes_(size) {}
  explicit Secret(ByteView copy_of) : bytes_(copy_of.begin(), copy_of.end()) {}
  Secret(Secret&& other) noexcept : bytes_(std::move(other.bytes_)) { other.bytes_.clear(); }
  Secret& operator=(Secret&& other) noexcept;
  Secret(const Secret&) = delete;
  Secret& operator=(const Secret&) = delete;
  ~Secret() { wipe(); }

  /// The bytes themselves, for a cryptographic call and nothing else.
  ByteView expose() const noexcept { return bytes_; }
  MutableByteView expose_mutable() noexcept { return bytes_; }
  size_t size() const noexcept { return bytes_.size(); }
  bool empty() const noexcept { return bytes_.empty(); }
  /// Overwrites and drops the bytes now.
  void wipe() noexcept;

 private:
  Bytes bytes_;
};

/// Overwrites memory in a way that the compiler keeps.
void wipe(MutableByteView bytes) noexcept;

}  // namespace fairlead::base
