/// Messages at the C border: what arrives becomes a counted fairlead_message, what leaves becomes an
/// Outgoing.
#pragma once
#include <atomic>
#include <memory>
#include <vector>

#include "fairlead/node.h"
#include "node/messenger.hpp"

namespace fairlead::node {

/// A received message with the views that the C struct shows. Starts with one owner.
struct MessageBox : fairlead_message {
  explicit MessageBox(const Received& message);

  Received received;
  frame::UserHeaders user_headers;
  std::vector<fairlead_bytes> slice_views;
  std::vector<fairlead_header> header_views;
  mutable std::atomic<uint32_t> owners{1};
};

/// Gives up one ownership of a box. For unique_ptr at the place that made it.
struct ReleaseMessage {
  void operator()(const MessageBox* box) const noexcept { fairlead_message_release(box); }
};
using OwnedMessage = std::unique_ptr<const MessageBox, ReleaseMessage>;

/// The headers of a reply that says why there is no answer; the requester's node turns it into an error.
frame::UserHeaders refusal_headers(std::string_view reason, std::string_view text);

/// Checks and takes over a message to send. bad_arguments: a size, name or header that cannot be used; then
/// `release` has not been called.
base::Result<Outgoing> take_outgoing(const fairlead_outgoing& message);
/// The same for an answer: `to` and `topic` are not looked at.
base::Result<Outgoing> take_answer(const fairlead_outgoing& answer);

}  // namespace fairlead::node
