/// BufferPool: blocks of a few sizes that are used again, so that steady traffic allocates nothing.
#pragma once
#include <memory>
#include <mutex>
#include <vector>

#include "base/slice.hpp"

namespace fairlead::loop {

/// Lends blocks of at least the wished size: 4, 16, 64 and 256 KiB from free lists, larger ones made to
/// measure. Keeps at most `keep_bytes` of free memory. Thread rule: any thread. Outlives every block that it
/// lent.
class BufferPool final : public base::BlockSource {
 public:
  explicit BufferPool(size_t keep_bytes);
  ~BufferPool() override;
  BufferPool(const BufferPool&) = delete;
  BufferPool& operator=(const BufferPool&) = delete;

  base::BlockRef take(size_t at_least) override;
  /// Bytes lent now, for budgets and status.
  size_t lent_bytes() const noexcept;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace fairlead::loop
