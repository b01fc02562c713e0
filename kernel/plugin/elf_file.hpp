/// Is this a complete shared object for this machine? Asked before the dynamic loader sees it: a truncated
/// one kills the process there. Pure.
#pragma once
#include "base/bytes.hpp"
#include "base/result.hpp"

namespace fairlead::plugin {

/// Fails with what is wrong: not ELF, another class, byte order, machine or kind, or a header, segment or
/// section that reaches beyond the end.
base::Status check_elf(base::ByteView content);

}  // namespace fairlead::plugin
