/// run_on_thread: a loop on a thread of its own, for nodes that a test talks to from outside.
#pragma once
#include <future>
#include <memory>
#include <thread>

#include "loop/loop.hpp"

namespace fairlead::support {

/// Returns once the loop runs: before that whoever made it is still at home there.
inline std::thread run_on_thread(loop::Loop& loop) {
  const auto runs = std::make_shared<std::promise<void>>();  // owners: this and the task posted for it
  loop.post([runs] { runs->set_value(); });
  std::thread thread([&loop] { loop.run(); });
  runs->get_future().wait();
  return thread;
}

}  // namespace fairlead::support
