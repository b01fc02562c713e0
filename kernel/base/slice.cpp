#include "base/slice.hpp"

#include <memory>

namespace fairlead::base {
namespace {

/// A block that owns the vector it shows.
struct VectorBlock final : Block {
  explicit VectorBlock(Bytes content) noexcept : Block({}, &drop, nullptr), storage(std::move(content)) {
    bytes = storage;
  }
  static void drop(Block* block, void*) {
    const std::unique_ptr<VectorBlock> last(static_cast<VectorBlock*>(block));
  }

  Bytes storage;
};

}  // namespace

Slice move_to_slice(Bytes content) {
  auto* block = std::make_unique<VectorBlock>(std::move(content)).release();
  return {block->bytes, BlockRef(block)};
}

Slice copy_to_slice(ByteView content) { return move_to_slice(to_bytes(content)); }

}  // namespace fairlead::base
