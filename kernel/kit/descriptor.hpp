/// Descriptor: an open file or directory that closes itself. Used by kit and provision.
#pragma once
#include <utility>

#include "base/bytes.hpp"

namespace fairlead::kit {

class Descriptor {
 public:
  Descriptor() = default;
  /// Takes ownership; a negative number means none.
  explicit Descriptor(int fd) noexcept : fd_(fd) {}
  Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor();

  int get() const noexcept { return fd_; }
  explicit operator bool() const noexcept { return fd_ >= 0; }
  /// Gives up ownership.
  int release() noexcept { return std::exchange(fd_, -1); }

 private:
  int fd_ = -1;
};

/// Fills all of `out`. No when the file ends early or goes on afterwards: it changed since it was measured.
bool read_exactly(int fd, base::MutableByteView out) noexcept;

}  // namespace fairlead::kit
