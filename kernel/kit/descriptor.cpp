#include "kit/descriptor.hpp"

#include <unistd.h>

namespace fairlead::kit {

Descriptor::~Descriptor() {
  if (fd_ >= 0) ::close(fd_);
}

}  // namespace fairlead::kit
