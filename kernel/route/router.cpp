#include "route/router.hpp"

#include <algorithm>

namespace fairlead::route {
namespace {

Party party_of(const auth::Session& session) noexcept { return {session.participant(), session.type}; }

/// A delegate keeps to the topics of its delegation, whatever the policy allows its site. An answer goes to
/// who asked for it, or nowhere, and is taken for what it answers and not for its topic.
bool may_send(const auth::Session& sender, frame::MessageKind kind, std::string_view topic) noexcept {
  if (!sender.topics || kind == frame::MessageKind::reply) return true;
  return std::any_of(sender.topics->begin(), sender.topics->end(),
                     [&](const std::string& pattern) { return names_topic(pattern, topic); });
}

}  // namespace

bool Router::is_server(std::string_view participant) const noexcept {
  return participant == base::kServerAddress || participant == server_name_;
}

base::Checked<Destination> Router::choose(const auth::Verified<auth::Message>& message,
                                          const auth::Session& sender) const {
  const frame::MessageHeaders& headers = message->headers;
  if (!may_send(sender, headers.kind, headers.topic)) return tl::unexpected(base::Refusal::not_allowed);
  if (headers.deadline_ms == 0u) return tl::unexpected(base::Refusal::deadline_passed);
  if (headers.to == base::kEveryone) {
    if (headers.kind != frame::MessageKind::oneway) return tl::unexpected(base::Refusal::not_allowed);
    return Destination{.everyone = true};
  }
  // An answer to what was allowed in is allowed out; that it was asked for is found by its request.
  const auto allowed = [&](const Party& to) {
    return headers.kind == frame::MessageKind::reply || policy_.allows(party_of(sender), to, headers.topic);
  };
  const std::string_view participant = headers.to.substr(0, headers.to.find('/'));
  if (is_server(participant)) {
    if (!allowed({server_name_, base::ParticipantType::server}))
      return tl::unexpected(base::Refusal::not_allowed);
    return Destination{.local = true};
  }
  auth::Session* receiver = sessions_.at(headers.to);
  if (receiver == nullptr) return tl::unexpected(base::Refusal::no_such_endpoint);
  if (!allowed(party_of(*receiver))) return tl::unexpected(base::Refusal::not_allowed);
  return Destination{.session = receiver};
}

bool Router::reaches(const auth::Session& sender, const auth::Session& receiver,
                     std::string_view topic) const {
  return &receiver != &sender && receiver.type == base::ParticipantType::client && receiver.proved &&
         receiver.endpoint.app().empty() && receiver.endpoint.text() != sender.endpoint.text() &&
         policy_.allows(party_of(sender), party_of(receiver), topic);
}

}  // namespace fairlead::route
