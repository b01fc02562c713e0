#include "base/secret.hpp"

#include <string.h>

#include "base/secret_memory.hpp"

namespace fairlead::base {

void wipe(MutableByteView bytes) noexcept {
  if (!bytes.empty()) ::explicit_bzero(bytes.data(), bytes.size());
}

Secret::Secret(size_t size) : bytes_(take_secret_memory(size)) {}

Secret::Secret(ByteView copy_of) : Secret(copy_of.size()) { copy(copy_of, bytes_); }

Secret& Secret::operator=(Secret&& other) noexcept {
  if (this != &other) {
    wipe();
    mark_ = other.mark_;
    bytes_ = std::exchange(other.bytes_, {});
  }
  return *this;
}

void Secret::wipe() noexcept {
  base::wipe(bytes_);
  give_back_secret_memory(std::exchange(bytes_, {}));
}

}  // namespace fairlead::base
