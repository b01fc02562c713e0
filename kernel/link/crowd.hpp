/// Crowd: connections by where they come from, so that the source which has the most of them is found at
/// once.
#pragma once
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/random.hpp"
#include "base/strong.hpp"

namespace fairlead::link {

/// Every call takes constant time on the whole, pick() included: it is asked under attack. One thread.
class Crowd {
 public:
  /// `id` must not be in it.
  void add(base::ConnId id, const std::string& source);
  /// Nothing when it is not in it.
  void remove(base::ConnId id) noexcept;
  size_t size() const noexcept { return members_.size(); }
  /// One connection of the source that has the most, each with the same chance; of several such sources each
  /// with the same chance. Must not be empty.
  base::ConnId pick(base::Random& random) const;

 private:
  struct Source {
    std::string name;
    std::vector<base::ConnId> ids;
    size_t place = 0;  ///< in its level
  };
  struct Member {
    Source* source = nullptr;
    size_t place = 0;  ///< in the source's ids
  };
  void enter_level(Source& source);
  void leave_level(Source& source) noexcept;
  void lower_top() noexcept;

  std::unordered_map<base::ConnId, Member> members_;
  std::unordered_map<std::string, std::unique_ptr<Source>> sources_;
  std::vector<std::vector<Source*>> levels_;  ///< sources with that many connections
  size_t top_ = 0;                            ///< the highest level that is not empty
};

}  // namespace fairlead::link
