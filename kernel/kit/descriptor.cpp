#include "kit/descriptor.hpp"

#include <unistd.h>

#include <cerrno>

namespace fairlead::kit {

Descriptor::~Descriptor() {
  if (fd_ >= 0) ::close(fd_);
}

bool read_exactly(int fd, base::MutableByteView out) noexcept {
  while (!out.empty()) {
    const ssize_t count = ::read(fd, out.data(), out.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return false;
    out = out.subspan(static_cast<size_t>(count));
  }
  uint8_t more = 0;
  return ::read(fd, &more, 1) == 0;
}

}  // namespace fairlead::kit
