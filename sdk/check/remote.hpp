/// A process of its own in which the plugin runs as well, so that it can be killed, or have descriptors when
/// this one has none.
#pragma once
#include <sys/types.h>

#include <functional>
#include <string>

namespace fairlead::check {

/// One line of text in either direction.
class Channel {
 public:
  Channel(int reads, int writes) noexcept : reads_(reads), writes_(writes) {}
  void tell(const std::string& line) const;
  /// Fails the check when nothing comes within 5 s, or the other process has ended.
  std::string hear() const;

 private:
  int reads_, writes_;
};

class Remote {
 public:
  /// Starts `body` in a fork of this process, which must not have any threads yet.
  explicit Remote(const std::function<void(const Channel&)>& body);
  Remote(const Remote&) = delete;
  Remote& operator=(const Remote&) = delete;
  ~Remote();
  const Channel& channel() const noexcept { return channel_; }
  /// SIGKILL, and waits until it is gone.
  void kill();

 private:
  Channel channel_{-1, -1};
  int reads_ = -1, writes_ = -1;
  pid_t process_ = -1;
};

}  // namespace fairlead::check
