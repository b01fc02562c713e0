/// Two instances of the plugin that talk to each other on one loop; or one, where the setup names an address
/// that sends everything back.
#pragma once
#include <memory>
#include <string>

#include "check.hpp"
#include "instance.hpp"

namespace fairlead::check {

/// One connection seen from both ends; with an echo both are the same.
struct Link {
  Conn* near = nullptr;  ///< the dialling end
  Conn* far = nullptr;
  bool is_echo() const noexcept { return near == far; }
};

enum class Echo { serves, does_not_serve };

class Ends {
 public:
  /// Creates both instances and listens. Skips the check when plugin or setup cannot do what it needs.
  Ends(Context& context, World& world, Echo echo) : Ends(context, world, echo, context.configuration) {}
  Ends(Context& context, World& world, Echo echo, const Configuration& configuration);
  Ends(const Ends&) = delete;
  Ends& operator=(const Ends&) = delete;

  /// Connects without waiting for anything.
  Conn& dial();
  /// Connects, and waits until both ends are open.
  Link open();
  /// The newest accepted connection, nullptr while there is none beyond `known`.
  Conn* accepted_beyond(size_t known) const noexcept;

  bool is_echo() const noexcept { return !listener_; }
  Instance& dialler() noexcept { return *dialler_; }
  Instance& listener() noexcept { return *listener_; }
  const std::string& address() const noexcept { return address_; }
  World& world() noexcept { return world_; }

 private:
  World& world_;
  std::string address_;
  std::unique_ptr<Instance> listener_, dialler_;
};

/// An instance of the listener that listens; skips when plugin or setup cannot.
std::unique_ptr<Instance> make_listener(Context& context, World& world, const Configuration& configuration);
/// Skips unless the plugin can connect.
std::unique_ptr<Instance> make_dialler(Context& context, World& world, const Configuration& configuration);

}  // namespace fairlead::check
