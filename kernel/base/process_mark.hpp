/// ProcessMark: tells the process that made something from a child that was forked since. Used by secrets and
/// lane ciphers: parent and child must never use the same keys.
#pragma once
#include <cstdint>

namespace fairlead::base {

/// Thread rule: any thread.
class ProcessMark {
 public:
  /// Of this process, now.
  static ProcessMark current() noexcept;
  /// Still the process of current(), not a child of it. One load: cheap enough for every frame.
  bool is_here() const noexcept;
  /// Ends a child that is about to use what its parent made, with a line that names `what`.
  void demand(const char* what) const noexcept {
    if (!is_here()) end_child(what);
  }

 private:
  explicit ProcessMark(uint64_t number) noexcept : number_(number) {}
  [[noreturn]] static void end_child(const char* what) noexcept;

  uint64_t number_;
};

}  // namespace fairlead::base
