#include "route/outstanding.hpp"

namespace fairlead::route {
namespace {

std::string key_of(std::string_view requester, const frame::MessageId& id) {
  std::string key(requester);
  key += '\0';
  key += base::as_text(id);
  return key;
}

}  // namespace

base::Checked<void> Outstanding::add(std::string_view from, std::string_view to, const frame::MessageId& id,
                                     base::MonoTime deadline) {
  size_t& count = per_requester_[std::string(from)];
  if (count >= kMaxPerRequester) return tl::unexpected(base::Refusal::busy);
  const bool added =
      requests_.try_emplace(key_of(from, id), Request{std::string(from), std::string(to), id, deadline})
          .second;
  if (!added) return tl::unexpected(base::Refusal::id_reused);
  ++count;
  return {};
}

Outstanding::Requests::iterator Outstanding::erase(Requests::iterator at) {
  const auto count = per_requester_.find(at->second.from);
  if (count != per_requester_.end() && --count->second == 0) per_requester_.erase(count);
  return requests_.erase(at);
}

bool Outstanding::take(std::string_view requester, std::string_view replier, const frame::MessageId& id) {
  const auto at = requests_.find(key_of(requester, id));
  if (at == requests_.end() || at->second.to != replier) return false;
  erase(at);
  return true;
}

void Outstanding::gone(std::string_view endpoint,
                       const std::function<void(const std::string&, const frame::MessageId&)>& lost) {
  for (auto at = requests_.begin(); at != requests_.end();) {
    const bool asked = at->second.to == endpoint;
    if (asked) lost(at->second.from, at->second.id);
    at = asked || at->second.from == endpoint ? erase(at) : std::next(at);
  }
}

void Outstanding::sweep(base::MonoTime now) {
  for (auto at = requests_.begin(); at != requests_.end();)
    at = at->second.deadline <= now ? erase(at) : std::next(at);
}

}  // namespace fairlead::route
