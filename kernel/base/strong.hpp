/// Strong integer types: an id, a sequence number and a size never mix by accident.
#pragma once
#include <compare>
#include <cstdint>
#include <functional>

namespace fairlead::base {

/// An integer with a name. Tag makes each one a type of its own.
template <class Tag, class Integer>
struct Strong {
  Integer value{};
  constexpr Strong() = default;
  constexpr explicit Strong(Integer v) noexcept : value(v) {}
  constexpr auto operator<=>(const Strong&) const = default;
  constexpr Strong next() const noexcept { return Strong(static_cast<Integer>(value + 1)); }
};

using LaneId = Strong<struct LaneIdTag, uint32_t>;      ///< one lane of a session; 0 before login
using Sequence = Strong<struct SequenceTag, uint64_t>;  ///< counts frames of one lane and direction from 0
using Epoch = Strong<struct EpochTag, uint32_t>;        ///< key generation of a session, from 0
using StreamId = Strong<struct StreamIdTag, uint32_t>;  ///< keeps the frames of one message together
using ConnId = Strong<struct ConnIdTag, uint64_t>;      ///< one connection of this process, never reused

}  // namespace fairlead::base

template <class Tag, class Integer>
struct std::hash<fairlead::base::Strong<Tag, Integer>> {
  size_t operator()(const fairlead::base::Strong<Tag, Integer>& id) const noexcept {
    return std::hash<Integer>{}(id.value);
  }
};
