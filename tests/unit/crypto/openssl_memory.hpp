/// OpenSSL's memory in the tests' hands: how often it asks for some, and what happens when it gets none once.
#pragma once
#include <cstddef>
#include <limits>

namespace fairlead::crypto {

/// Whether OpenSSL asks us; false when it asked somebody else before.
bool is_memory_ours() noexcept;

/// While it lives, one request of this thread gets nothing: the nth, counted from 1. One at a time.
class NoMemoryAt {
 public:
  explicit NoMemoryAt(size_t nth) noexcept;
  ~NoMemoryAt();
  NoMemoryAt(const NoMemoryAt&) = delete;
  NoMemoryAt& operator=(const NoMemoryAt&) = delete;
  /// So many requests there were, until now.
  size_t asked() const noexcept;
};

/// How often `work` makes OpenSSL ask.
template <class Work>
size_t requests_of(const Work& work) {
  const NoMemoryAt never(std::numeric_limits<size_t>::max());
  work();
  return never.asked();
}

}  // namespace fairlead::crypto
