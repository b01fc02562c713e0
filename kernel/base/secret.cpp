#include "base/secret.hpp"

#include <string.h>

namespace fairlead::base {

void wipe(MutableByteView bytes) noexcept {
  if (!bytes.empty()) ::explicit_bzero(bytes.data(), bytes.size());
}

Secret& Secret::operator=(Secret&& other) noexcept {
  if (this != &other) {
    wipe();
    bytes_ = std::move(other.bytes_);
    other.bytes_.clear();
  }
  return *this;
}

void Secret::wipe() noexcept {
  base::wipe(bytes_);
  bytes_.clear();
}

}  // namespace fairlead::base
