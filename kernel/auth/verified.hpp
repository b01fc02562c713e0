/// Verified<T>: what has passed the gate. Only the gate can make one; route and handlers take nothing else.
#pragma once
#include <utility>

namespace fairlead::auth {

class Gate;

template <class T>
class Verified {
 public:
  const T& operator*() const noexcept { return value_; }
  const T* operator->() const noexcept { return &value_; }

 private:
  friend class Gate;
  explicit Verified(T value) : value_(std::move(value)) {}
  T value_;
};

}  // namespace fairlead::auth
