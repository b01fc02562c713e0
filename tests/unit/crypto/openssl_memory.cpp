#include "openssl_memory.hpp"

#include <openssl/crypto.h>

#include <cstdlib>

namespace fairlead::crypto {
namespace {

struct Count {
  size_t asked = 0, fails_at = 0;
};
thread_local Count count;

bool gets_some() noexcept { return count.fails_at == 0 || ++count.asked != count.fails_at; }

void* give(size_t size, const char* /*file*/, int /*line*/) {
  return gets_some() ? std::malloc(size) : nullptr;
}
void* give_other(void* old, size_t size, const char* /*file*/, int /*line*/) {
  return gets_some() ? std::realloc(old, size) : nullptr;
}
void take_back(void* memory, const char* /*file*/, int /*line*/) { std::free(memory); }

/// Before anything of OpenSSL runs: later it takes no others.
const bool kOurs = CRYPTO_set_mem_functions(&give, &give_other, &take_back) == 1;

}  // namespace

bool is_memory_ours() noexcept { return kOurs; }

NoMemoryAt::NoMemoryAt(size_t nth) noexcept { count = {0, nth}; }
NoMemoryAt::~NoMemoryAt() { count = {}; }
size_t NoMemoryAt::asked() const noexcept { return count.asked; }

}  // namespace fairlead::crypto
