/// Flusher: the pipes with something to send, flushed once when the loop's turn ends.
#pragma once
#include <vector>

#include "loop/loop.hpp"

namespace fairlead::link {

class Pipe;

/// Thread rule: [home]. Outlives its pipes; its loop runs no turn end after it is gone.
class Flusher {
 public:
  explicit Flusher(loop::Loop& loop) : loop_(loop) {}
  /// Once until its flush() runs.
  void add(Pipe& pipe);
  /// A pipe that goes.
  void remove(const Pipe& pipe) noexcept;

 private:
  void flush_all();

  loop::Loop& loop_;
  std::vector<Pipe*> waiting_, flushing_;
  bool scheduled_ = false;
};

}  // namespace fairlead::link
