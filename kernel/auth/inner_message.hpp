/// Inner messages: what travels inside the login's TLS connection, {u32 length, u8 kind, content}. Pure, any
/// thread.
#pragma once
#include <optional>

#include "base/bytes.hpp"
#include "base/refusal.hpp"

namespace fairlead::auth {

enum class InnerKind : uint8_t { request = 1, grant = 2, refusal = 3 };

/// Of kind and content together, which is what the length counts.
inline constexpr size_t kMaxInner = 16384;

struct InnerMessage {
  InnerKind kind = InnerKind::request;
  base::ByteView content;
};

base::Bytes encode_inner(InnerKind kind, base::ByteView content);
/// The one message that `received` holds; nothing while it is not complete. too_large, or malformed for an
/// unknown kind and for bytes behind the message: each side says exactly one thing.
base::Checked<std::optional<InnerMessage>> decode_inner(base::ByteView received);

}  // namespace fairlead::auth
