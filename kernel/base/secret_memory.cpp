#include "base/secret_memory.hpp"

#include <sys/mman.h>

#include <algorithm>
#include <array>
#include <bit>
#include <mutex>
#include <new>
#include <vector>

namespace fairlead::base {
namespace {

constexpr size_t kSmallest = 64, kLargestShared = 4096, kChunk = 64 << 10;
constexpr size_t kSizes = std::bit_width(kLargestShared / kSmallest);

/// Zeros of the kernel's.
MutableByteView map_pages(size_t size) {
  void* const pages = ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (pages == MAP_FAILED) throw std::bad_alloc();
  // Each as far as it goes: neither an old kernel nor a small RLIMIT_MEMLOCK may keep anybody from working.
  static_cast<void>(::madvise(pages, size, MADV_WIPEONFORK));
  static_cast<void>(::madvise(pages, size, MADV_DONTDUMP));
  static_cast<void>(::mlock(pages, size));
  return {static_cast<uint8_t*>(pages), size};
}

/// Places of 64, 128, ... 4096 bytes in chunks that are never unmapped. What is free is known outside of
/// these pages, so that a child may still give back what its parent took.
class SharedPages {
 public:
  MutableByteView take(size_t size) {
    const std::lock_guard lock(mutex_);
    Places& places = places_of(size);
    if (places.free.empty()) add_chunk(places, size);
    uint8_t* const place = places.free.back();
    places.free.pop_back();
    return {place, size};
  }
  void give_back(MutableByteView place) noexcept {
    const std::lock_guard lock(mutex_);
    places_of(place.size()).free.push_back(place.data());  // within what add_chunk() reserved
  }

 private:
  struct Places {
    std::vector<uint8_t*> free;
    size_t count = 0;
  };
  Places& places_of(size_t size) { return places_[std::bit_width(size / kSmallest) - 1u]; }
  static void add_chunk(Places& places, size_t size) {
    places.free.reserve(places.count + kChunk / size);
    const MutableByteView chunk = map_pages(kChunk);
    places.count += kChunk / size;
    for (size_t at = 0; at < kChunk; at += size) places.free.push_back(&chunk[at]);
  }

  std::mutex mutex_;
  std::array<Places, kSizes> places_;
};

SharedPages& shared_pages() {
  static SharedPages only;
  return only;
}

size_t shared_size(size_t size) noexcept { return std::max(kSmallest, std::bit_ceil(size)); }

}  // namespace

MutableByteView take_secret_memory(size_t size) {
  if (size == 0) return {};
  if (size > kLargestShared) return map_pages(size);
  return shared_pages().take(shared_size(size)).first(size);
}

void give_back_secret_memory(MutableByteView memory) noexcept {
  if (memory.empty()) return;
  if (memory.size() > kLargestShared)
    ::munmap(memory.data(), memory.size());
  else
    shared_pages().give_back({memory.data(), shared_size(memory.size())});
}

}  // namespace fairlead::base
