// ServerNode, fifth part: renewals of certificates. What is answered is decided in the provision room.
#include "node/server_node.hpp"

namespace fairlead::node {
namespace {

constexpr size_t kMostErrorText = 1024;

}  // namespace

/// `sender` is the session whose lane brought the message: nothing in the message says who asks.
void ServerNode::answer_renewal(const Received& message, const auth::Session& sender) {
  const base::Bytes payload = message->payload();
  const auto answer = renewals_.answer(configured_.kit, sender, payload);
  auth::Draft reply = reply_to(message);
  if (answer.has_value())
    reply.payload = base::move_to_slice(base::to_bytes(*answer));
  else
    reply.user_headers = {{std::string(kErrorHeader), answer.error().line().substr(0, kMostErrorText)},
                          {std::string(kErrorReasonHeader), answer.error().reason}};
  send_reply(std::move(reply));
}

}  // namespace fairlead::node
