/// Secret: bytes that are wiped when they go, cannot be copied by accident and cannot be printed.
#pragma once
#include <utility>

#include "base/bytes.hpp"
#include "base/process_mark.hpp"

namespace fairlead::base {

/// Owns secret bytes (keys, passphrases), in pages of their own. Movable only; wiped on destruction and on
/// move. A child of fork() finds them empty, and ends when it uses those of its parent.
class Secret {
 public:
  Secret() = default;
  explicit Secret(size_t size);
  explicit Secret(ByteView copy_of);
  Secret(Secret&& other) noexcept : mark_(other.mark_), bytes_(std::exchange(other.bytes_, {})) {}
  Secret& operator=(Secret&& other) noexcept;
  Secret(const Secret&) = delete;
  Secret& operator=(const Secret&) = delete;
  ~Secret() { wipe(); }

  /// The bytes themselves, for a cryptographic call and nothing else.
  ByteView expose() const noexcept { return expose_here(); }
  MutableByteView expose_mutable() noexcept { return expose_here(); }
  size_t size() const noexcept { return bytes_.size(); }
  bool empty() const noexcept { return bytes_.empty(); }
  /// Overwrites and drops the bytes now.
  void wipe() noexcept;

 private:
  MutableByteView expose_here() const noexcept {
    if (!bytes_.empty()) mark_.demand("a secret of its parent");
    return bytes_;
  }

  ProcessMark mark_ = ProcessMark::current();
  MutableByteView bytes_;
};

/// Overwrites memory in a way that the compiler keeps.
void wipe(MutableByteView bytes) noexcept;

}  // namespace fairlead::base
