/// Slice: a view of bytes that keeps its memory alive. Payloads travel through the kernel as slices, never
/// copied.
#pragma once
#include <atomic>
#include <utility>

#include "base/bytes.hpp"

namespace fairlead::base {

/// Counted memory. Whoever drops the last reference gives it back through `give_back`.
/// Thread rule: references may be taken and dropped on any thread; bytes are not changed once they are
/// shared.
struct Block {
  using GiveBack = void (*)(Block* block, void* argument);

  Block(MutableByteView memory, GiveBack done, void* done_argument) noexcept
      : bytes(memory), give_back(done), argument(done_argument) {}

  MutableByteView bytes;
  GiveBack give_back;
  void* argument;
  std::atomic<uint32_t> references{0};
};

/// One counted reference to a Block.
class BlockRef {
 public:
  BlockRef() = default;
  explicit BlockRef(Block* block) noexcept : block_(block) { take(); }
  BlockRef(const BlockRef& other) noexcept : block_(other.block_) { take(); }
  BlockRef(BlockRef&& other) noexcept : block_(std::exchange(other.block_, nullptr)) {}
  BlockRef& operator=(BlockRef other) noexcept {
    std::swap(block_, other.block_);
    return *this;
  }
  ~BlockRef() {
    if (block_ != nullptr && block_->references.fetch_sub(1, std::memory_order_acq_rel) == 1)
      block_->give_back(block_, block_->argument);
  }

  Block* get() const noexcept { return block_; }
  explicit operator bool() const noexcept { return block_ != nullptr; }
  /// Nobody else holds the block.
  bool is_only() const noexcept {
    return block_ != nullptr && block_->references.load(std::memory_order_acquire) == 1;
  }

 private:
  void take() noexcept {
    if (block_ != nullptr) block_->references.fetch_add(1, std::memory_order_relaxed);
  }
  Block* block_ = nullptr;
};

/// Bytes inside a block, and the block.
struct Slice {
  ByteView bytes;
  BlockRef owner;
};

/// Lends blocks. Thread rule: any thread. Outlives every block that it lent.
class BlockSource {
 public:
  virtual ~BlockSource() = default;
  /// A block of at least this many bytes.
  virtual BlockRef take(size_t at_least) = 0;
};

/// A block of its own for `content`, one copy. For callers outside the data path.
Slice copy_to_slice(ByteView content);
/// A block that takes over `content`, no copy.
Slice move_to_slice(Bytes content);

}  // namespace fairlead::base
