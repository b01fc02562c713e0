#include "link/crowd.hpp"

#include <algorithm>

#include "base/assert.hpp"

namespace fairlead::link {

void Crowd::add(base::ConnId id, const std::string& source_name) {
  auto& source = sources_[source_name];
  if (!source) {
    source = std::make_unique<Source>();
    source->name = source_name;
  } else {
    leave_level(*source);
  }
  const bool is_new = members_.emplace(id, Member{source.get(), source->ids.size()}).second;
  FAIRLEAD_ASSERT(is_new);
  source->ids.push_back(id);
  enter_level(*source);
}

void Crowd::remove(base::ConnId id) noexcept {
  const auto at = members_.find(id);
  if (at == members_.end()) return;
  const auto [source, place] = at->second;
  members_.erase(at);
  leave_level(*source);
  const base::ConnId last = source->ids.back();
  source->ids.pop_back();
  if (last != id) {
    source->ids[place] = last;
    members_[last].place = place;
  }
  if (source->ids.empty()) {
    sources_.erase(sources_.find(source->name));
  } else {
    enter_level(*source);
  }
  lower_top();
}

void Crowd::enter_level(Source& source) {
  const size_t level = source.ids.size();
  if (levels_.size() <= level) levels_.resize(level + 1);
  top_ = std::max(top_, level);
  source.place = levels_[level].size();
  levels_[level].push_back(&source);
}

void Crowd::leave_level(Source& source) noexcept {
  std::vector<Source*>& level = levels_[source.ids.size()];
  level[source.place] = level.back();
  level[source.place]->place = source.place;
  level.pop_back();
}

/// A connection more raises it by one at most, so it falls no oftener than it rose.
void Crowd::lower_top() noexcept {
  while (top_ > 0 && levels_[top_].empty()) --top_;
}

base::ConnId Crowd::pick(base::Random& random) const {
  FAIRLEAD_ASSERT(top_ > 0);
  const std::vector<Source*>& top = levels_[top_];
  const Source& source = *top[random.below(top.size())];
  return source.ids[random.below(source.ids.size())];
}

}  // namespace fairlead::link
