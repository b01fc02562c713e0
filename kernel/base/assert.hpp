/// FAIRLEAD_ASSERT: programming mistakes end the process with one line, in every build.
#pragma once

namespace fairlead::base {

/// Prints "FILE:LINE: assertion failed: TEXT" to stderr and aborts.
[[noreturn]] void assertion_failed(const char* file, int line, const char* text) noexcept;

}  // namespace fairlead::base

#define FAIRLEAD_ASSERT(condition) \
  ((condition) ? void(0) : ::fairlead::base::assertion_failed(__FILE__, __LINE__, #condition))
