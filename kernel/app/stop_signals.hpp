/// StopSignals: SIGTERM and SIGINT become calls on a thread of their own.
#pragma once
#include <functional>
#include <thread>

#include "kit/descriptor.hpp"

namespace fairlead::app {

/// Make it before any other thread exists: it blocks both signals for all threads that come later.
class StopSignals {
 public:
  StopSignals();
  StopSignals(const StopSignals&) = delete;
  StopSignals& operator=(const StopSignals&) = delete;
  ~StopSignals();

  /// `stop(n)` runs for the n-th signal, n from 1, on the thread of this object. Once.
  void listen(std::function<void(int count)> stop);
  /// No further call of `stop`, and none under way, when this returns. Later signals stay blocked and are
  /// lost.
  void end_listening();

 private:
  kit::Descriptor signals_, end_;
  std::thread thread_;
};

}  // namespace fairlead::app
