#include "auth/plain_frame.hpp"

#include <algorithm>

#include "base/assert.hpp"

namespace fairlead::auth {

base::Bytes plain_frame(frame::FrameType type, End from, base::ByteView body) {
  FAIRLEAD_ASSERT(body.size() <= frame::kMaxBodyBeforeLogin);
  frame::Header header;
  header.type = type;
  header.flags = from == End::server ? frame::kServerToClient : 0;
  header.body_size = static_cast<uint32_t>(body.size());
  base::Bytes out(frame::kHeaderSize);
  frame::encode(header, out);
  base::append(out, body);
  return out;
}

void append_login(base::ByteView tls_bytes, End from, frame::Outbox& out) {
  while (!tls_bytes.empty()) {
    const base::ByteView part =
        tls_bytes.first(std::min<size_t>(tls_bytes.size(), frame::kMaxBodyBeforeLogin));
    out.append(plain_frame(frame::FrameType::login, from, part));
    tls_bytes = tls_bytes.subspan(part.size());
  }
}

}  // namespace fairlead::auth
