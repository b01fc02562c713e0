/// FullPort: a port of this machine that is open and answers nobody, as behind a firewall that drops packets.
#pragma once
#include <string>
#include <vector>

#include "kit/descriptor.hpp"

namespace fairlead::integration {

/// Its queue of connections holds one and is full.
class FullPort {
 public:
  FullPort();
  const std::string& port() const noexcept { return port_; }

 private:
  kit::Descriptor listener_;
  std::string port_;
  std::vector<kit::Descriptor> waiting_;
};

}  // namespace fairlead::integration
