/// Addresses that a check needs beside those of the setup.
#pragma once
#include <string>

namespace fairlead::check {

/// A TCP port of 127.0.0.1 that is taken, yet where nobody listens, for as long as this object lives.
class SilentPort {
 public:
  SilentPort();
  SilentPort(const SilentPort&) = delete;
  SilentPort& operator=(const SilentPort&) = delete;
  ~SilentPort();
  std::string number() const { return std::to_string(port_); }

 private:
  int fd_;
  unsigned port_ = 0;
};

}  // namespace fairlead::check
