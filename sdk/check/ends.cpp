#include "ends.hpp"

#include "verdict.hpp"

namespace fairlead::check {

std::unique_ptr<Instance> make_listener(Context& context, World& world, const Configuration& configuration) {
  context.require(FAIRLEAD_CAP_LISTEN, "LISTEN");
  if (configuration.listen.empty()) skip("the setup has no address to listen on");
  auto made = std::make_unique<Instance>(world, context.table(), context.fill(configuration.listener));
  made->set_peers(configuration.peers);
  made->demand_create();
  return made;
}

std::unique_ptr<Instance> make_dialler(Context& context, World& world, const Configuration& configuration) {
  context.require(FAIRLEAD_CAP_CONNECT, "CONNECT");
  auto made = std::make_unique<Instance>(world, context.table(), context.fill(configuration.dialler));
  made->set_peers(configuration.peers);
  made->demand_create();
  return made;
}

Ends::Ends(Context& context, World& world, Echo echo, const Configuration& configuration) : world_(world) {
  context.new_scene();
  const bool listens = context.can(FAIRLEAD_CAP_LISTEN) && !configuration.listen.empty();
  if (!listens && echo == Echo::serves && !configuration.echo.empty()) {
    dialler_ = make_dialler(context, world, configuration);
    address_ = context.fill(configuration.echo);
    return;
  }
  listener_ = make_listener(context, world, configuration);
  dialler_ = make_dialler(context, world, configuration);
  const std::string bound = listener_->demand_listen(context.fill(configuration.listen));
  address_ = context.fill(configuration.connect, bound);
}

Conn& Ends::dial() { return dialler_->demand_connect(address_); }

Conn* Ends::accepted_beyond(size_t known) const noexcept {
  if (!listener_) return nullptr;
  const auto& accepted = listener_->listening().accepted;
  return accepted.size() > known ? accepted[known] : nullptr;
}

Link Ends::open() {
  const size_t known = is_echo() ? 0 : listener_->listening().accepted.size();
  Link link;
  link.near = &dial();
  const auto near_is_open = [&] {
    if (link.near->has_ended()) fail("connecting to " + address_ + " ended with " + link.near->end_text());
    return link.near->is_open();
  };
  world_.until(near_is_open, "the dialling end did not report opened()");
  if (is_echo()) {
    link.far = link.near;
    return link;
  }
  world_.until([&] { return (link.far = accepted_beyond(known)) != nullptr; },
               "the listener did not report accepted()");
  world_.until(
      [&] {
        if (link.far->has_ended()) fail("the listening end ended with " + link.far->end_text());
        return link.far->is_open() && near_is_open();
      },
      "the listening end did not report opened()");
  return link;
}

}  // namespace fairlead::check
