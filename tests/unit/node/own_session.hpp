/// own_session: the session under which a server's own messages pass the gate, without a kit.
#pragma once
#include <memory>

#include "auth/session.hpp"
#include "frame/message_headers.hpp"

namespace fairlead::node {

inline std::unique_ptr<auth::Session> own_session() {
  auto session = std::make_unique<auth::Session>();
  session->endpoint = *base::Endpoint::parse("server");
  auth::Credentials& credentials = session->current;
  credentials.token = base::Bytes(190, 1);
  credentials.token_signature = base::Bytes(70, 2);
  frame::append_credentials(credentials.encoded, "server", credentials.token, credentials.token_signature);
  credentials.secret = base::Secret(size_t{32});
  credentials.deadline = base::MonoTime::max();
  return session;
}

}  // namespace fairlead::node
