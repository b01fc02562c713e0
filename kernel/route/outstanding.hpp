/// Outstanding: requests that were passed on and are not answered yet, so that a requester hears of a lost
/// receiver.
#pragma once
#include <functional>
#include <string>
#include <unordered_map>

#include "base/clock.hpp"
#include "base/refusal.hpp"
#include "frame/message_headers.hpp"

namespace fairlead::route {

/// Thread rule: the node's loop.
class Outstanding {
 public:
  static constexpr size_t kMaxPerRequester = 4096;

  /// Notes a request from endpoint `from` to endpoint `to`. busy when the requester has too many; id_reused
  /// when the same id is already under way.
  base::Checked<void> add(std::string_view from, std::string_view to, const frame::MessageId& id,
                          base::MonoTime deadline);
  /// Takes the request that `replier` answers to `requester`. False when there is none: an unasked reply.
  bool take(std::string_view requester, std::string_view replier, const frame::MessageId& id);
  /// `endpoint` is gone: forgets what it asked and reports what it was asked.
  void gone(std::string_view endpoint,
            const std::function<void(const std::string& requester, const frame::MessageId& id)>& lost);
  /// Forgets requests whose deadline passed.
  void sweep(base::MonoTime now);
  size_t size() const noexcept { return requests_.size(); }

 private:
  struct Request {
    std::string from, to;
    frame::MessageId id{};
    base::MonoTime deadline{};
  };
  using Requests = std::unordered_map<std::string, Request>;
  Requests::iterator erase(Requests::iterator at);

  Requests requests_;  // key: requester, NUL, id
  std::unordered_map<std::string, size_t> per_requester_;
};

}  // namespace fairlead::route
