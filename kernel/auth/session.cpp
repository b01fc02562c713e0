#include "auth/session.hpp"

namespace fairlead::auth {

const Credentials* Session::of(base::Epoch epoch) const noexcept {
  if (epoch == current.epoch) return &current;
  if (next && epoch == next->epoch) return &*next;
  return previous && epoch == previous->epoch ? &*previous : nullptr;
}

void Session::renew(Credentials fresh, base::MonoTime now) {
  previous = std::exchange(current, std::move(fresh));
  previous->secret.wipe();
  renewed = now;
}

}  // namespace fairlead::auth
