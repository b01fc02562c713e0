/// ServiceSignals: SIGTERM, SIGINT and SIGHUP become calls on a thread of their own.
#pragma once
#include <functional>
#include <thread>

#include "kit/descriptor.hpp"

namespace fairlead::app {

/// Make it before any other thread exists: it blocks these signals for all threads that come later.
class ServiceSignals {
 public:
  ServiceSignals();
  ServiceSignals(const ServiceSignals&) = delete;
  ServiceSignals& operator=(const ServiceSignals&) = delete;
  ~ServiceSignals();

  /// `stop(n)` runs for the n-th SIGTERM or SIGINT, n from 1, and `reload`, when there is one, for a SIGHUP;
  /// both on the thread of this object. Signals that come faster than they are taken are one. Once.
  void listen(std::function<void(int count)> stop, std::function<void()> reload = {});
  /// No further call, and none under way, when this returns. Later signals stay blocked and are lost.
  void end_listening();

 private:
  kit::Descriptor signals_, end_;
  std::thread thread_;
};

}  // namespace fairlead::app
