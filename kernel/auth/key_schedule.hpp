/// Key schedule: from the login handshake to the keys of a lane. Pure functions; every label here is used for
/// one purpose and ends in 0x00.
#pragma once
#include <string_view>

#include "base/secret.hpp"
#include "base/strong.hpp"
#include "crypto/digest.hpp"
#include "frame/header.hpp"

namespace fairlead::auth {

enum class Direction : uint8_t { client_to_server = 0, server_to_client = 1 };

/// What a token, and the keys of its session, are good for: this project at this server under this root.
base::Digest audience_of(std::string_view project, std::string_view server_name,
                         const base::Digest& root_spki_sha256);

/// Context of the TLS exporter with label kExporterLabel that gives PRK0.
inline constexpr std::string_view kExporterLabel = "EXPORTER-fairlead-session";
base::Bytes exporter_context(const base::Digest& audience, base::ByteView sid, const base::Digest& prelude);

/// sec_0 of a session.
base::Secret sec_first(const base::Secret& prk0, base::ByteView token);
/// sec_n+1. `shared` is the X25519 result (never all-zero: RFC 7748 section 6.1), `epoch` is n+1,
/// `renew_messages` the SHA-256 of both RENEW bodies in the order they were sent.
base::Secret sec_next(const base::Secret& sec, const base::Secret& shared, base::Epoch epoch,
                      const base::Digest& renew_messages, base::ByteView new_token);

/// Key (32 bytes) and iv (12 bytes) of one lane and direction.
base::Secret lane_keys(const base::Secret& sec, Direction direction, base::LaneId lane,
                       base::ByteView lane_nonce, base::ByteView client_nonce);

/// H0: hash of every frame before the first LOGIN, in the order in which they travelled. Both ends put it
/// into the login, so that nobody in between can have changed what they offered each other.
class PreludeHash {
 public:
  PreludeHash();
  void add(const frame::FrameView& received);
  void add(base::ByteView sent);
  base::Digest digest() const { return stream_.digest(); }

 private:
  crypto::Sha256Stream stream_;
};

}  // namespace fairlead::auth
