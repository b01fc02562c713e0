/// MemoryGuard: keeps a server's buffers below its memory cap. Links ask it after each frame.
#pragma once
#include <functional>
#include <memory>
#include <vector>

#include "link/memory_budget.hpp"
#include "link/pipe.hpp"
#include "loop/buffer_pool.hpp"
#include "loop/loop.hpp"

namespace fairlead::link {

/// Thread rule: [home]. Loop and pool outlive it.
class MemoryGuard {
 public:
  /// How often it looks while memory is short, and how long reading may stand still before somebody has to
  /// go: what is held then is waiting for something that does not come.
  static constexpr std::chrono::milliseconds kLook{20}, kPatience{10'000};

  /// `shed` ends the connection that holds the most.
  MemoryGuard(loop::Loop& loop, const loop::BufferPool& pool, uint64_t cap, std::function<void()> shed);

  /// Below this a link is none of those whose reading stops first, bytes.
  static constexpr size_t kMuch = 64u << 10;

  /// A frame of this pipe has been taken and `held` bytes would go with its link: it pauses while memory is
  /// short.
  void check(Pipe& pipe, size_t held);
  /// This pipe is closed.
  void forget(Pipe& pipe) noexcept;
  /// Is there room for somebody new?
  bool takes_logins();
  const MemoryBudget& budget() const noexcept { return budget_; }

 private:
  void look();

  loop::Loop& loop_;
  const loop::BufferPool& pool_;
  MemoryBudget budget_;
  std::function<void()> shed_;
  std::vector<Pipe*> paused_;
  base::MonoTime paused_since_{};
  std::unique_ptr<loop::Timer> timer_;
};

}  // namespace fairlead::link
