#include "auth/inner_message.hpp"

#include "base/assert.hpp"

namespace fairlead::auth {

using base::Refusal;

base::Bytes encode_inner(InnerKind kind, base::ByteView content) {
  FAIRLEAD_ASSERT(content.size() < kMaxInner);
  base::Bytes out;
  base::append_be(out, static_cast<uint32_t>(content.size() + 1));
  out.push_back(static_cast<uint8_t>(kind));
  base::append(out, content);
  return out;
}

base::Checked<std::optional<InnerMessage>> decode_inner(base::ByteView received) {
  if (received.size() < sizeof(uint32_t)) return std::nullopt;
  const auto size = base::load_be<uint32_t>(received);
  const base::ByteView rest = received.subspan(sizeof(uint32_t));
  if (size > kMaxInner) return tl::unexpected(Refusal::too_large);
  if (size == 0 || rest.size() > size) return tl::unexpected(Refusal::malformed);
  if (rest.size() < size) return std::nullopt;
  const bool known = rest[0] >= static_cast<uint8_t>(InnerKind::request) &&
                     rest[0] <= static_cast<uint8_t>(InnerKind::refusal);
  if (!known) return tl::unexpected(Refusal::malformed);
  return InnerMessage{static_cast<InnerKind>(rest[0]), rest.subspan(1)};
}

}  // namespace fairlead::auth
