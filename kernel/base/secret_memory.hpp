/// SecretMemory: pages for secrets, apart from all other memory. They are empty in a forked child, absent
/// from core dumps and, as far as RLIMIT_MEMLOCK goes, kept out of swap. Used by Secret only.
#pragma once
#include "base/bytes.hpp"

namespace fairlead::base {

/// Zeros, until they are given back. Small ones share pages. Thread rule: any thread.
MutableByteView take_secret_memory(size_t size);
/// What take_secret_memory() gave, once; it has been wiped.
void give_back_secret_memory(MutableByteView memory) noexcept;

}  // namespace fairlead::base
