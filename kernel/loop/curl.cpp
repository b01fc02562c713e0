#include "loop/curl.hpp"

#include <malloc.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>

#include "base/secret.hpp"

namespace fairlead::loop {
namespace {

base::MutableByteView bytes_of(void* memory) noexcept {
  return {static_cast<uint8_t*>(memory), ::malloc_usable_size(memory)};
}

void wipe_and_free(void* memory) {
  if (memory == nullptr) return;
  base::wipe(bytes_of(memory));
  ::free(memory);
}

/// Never in place: what the old block held must not stay where it was.
void* move_to(void* old, size_t size) {
  if (old == nullptr) return ::malloc(size);
  void* const fresh = size == 0 ? nullptr : ::malloc(size);
  if (size != 0 && fresh == nullptr) return nullptr;
  if (fresh != nullptr)
    base::copy(bytes_of(old).first(std::min(size, bytes_of(old).size())), bytes_of(fresh));
  wipe_and_free(old);
  return fresh;
}

}  // namespace

bool start_curl() noexcept {
  static const bool has_started = ::curl_global_init_mem(CURL_GLOBAL_NOTHING, &::malloc, &wipe_and_free,
                                                         &move_to, &::strdup, &::calloc) == CURLE_OK;
  return has_started;
}

}  // namespace fairlead::loop
