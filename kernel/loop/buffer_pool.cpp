#include "loop/buffer_pool.hpp"

#include <array>

#include "base/assert.hpp"

namespace fairlead::loop {
namespace {

constexpr std::array<size_t, 4> kSizes = {size_t{4} << 10, size_t{16} << 10, size_t{64} << 10,
                                          size_t{256} << 10};

size_t class_of(size_t at_least) noexcept {
  size_t index = 0;
  while (index < kSizes.size() && kSizes[index] < at_least) ++index;
  return index;  // kSizes.size(): made to measure
}

/// A block with its memory, and its place in a free list.
struct PooledBlock final : base::Block {
  PooledBlock(size_t size, size_t which, GiveBack done, void* pool)
      : Block({}, done, pool), storage(std::make_unique_for_overwrite<uint8_t[]>(size)), size_class(which) {
    bytes = {storage.get(), size};
  }

  std::unique_ptr<uint8_t[]> storage;
  size_t size_class;
  std::unique_ptr<PooledBlock> next;
};

}  // namespace

struct BufferPool::State {
  explicit State(size_t keep) : keep_bytes(keep) {}

  std::unique_ptr<PooledBlock> pop(size_t which) {
    const std::lock_guard lock(mutex);
    auto block = std::move(free[which]);
    if (block != nullptr) {
      free[which] = std::move(block->next);
      kept_bytes -= block->bytes.size();
    }
    return block;
  }
  /// Takes the block unless that would keep too much.
  void push(std::unique_ptr<PooledBlock> block) {
    const std::lock_guard lock(mutex);
    if (block->size_class == kSizes.size() || kept_bytes + block->bytes.size() > keep_bytes) return;
    kept_bytes += block->bytes.size();
    auto& list = free[block->size_class];
    block->next = std::move(list);
    list = std::move(block);
  }
  static void give_back(base::Block* block, void* argument) {
    auto* state = static_cast<State*>(argument);
    std::unique_ptr<PooledBlock> mine(static_cast<PooledBlock*>(block));
    const size_t size = mine->bytes.size();
    state->push(std::move(mine));
    state->lent.fetch_sub(size, std::memory_order_release);
  }

  const size_t keep_bytes;
  std::atomic<size_t> lent = 0;
  std::mutex mutex;  ///< guards free and kept_bytes
  std::array<std::unique_ptr<PooledBlock>, kSizes.size()> free;
  size_t kept_bytes = 0;
};

BufferPool::BufferPool(size_t keep_bytes) : state_(std::make_unique<State>(keep_bytes)) {}

BufferPool::~BufferPool() {
  FAIRLEAD_ASSERT(lent_bytes() == 0);
  for (auto& list : state_->free)  // one by one: a long chain of owners would recurse as deep
    while (list != nullptr) list = std::move(list->next);
}

base::BlockRef BufferPool::take(size_t at_least) {
  const size_t which = class_of(at_least);
  const bool is_pooled = which < kSizes.size();
  auto block = is_pooled ? state_->pop(which) : nullptr;
  if (block == nullptr)
    block = std::make_unique<PooledBlock>(is_pooled ? kSizes[which] : at_least, which, &State::give_back,
                                          state_.get());
  state_->lent.fetch_add(block->bytes.size(), std::memory_order_relaxed);
  return base::BlockRef(block.release());
}

size_t BufferPool::lent_bytes() const noexcept { return state_->lent.load(std::memory_order_acquire); }

}  // namespace fairlead::loop
