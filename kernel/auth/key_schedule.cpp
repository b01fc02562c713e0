#include "auth/key_schedule.hpp"

#include "crypto/aead.hpp"

namespace fairlead::auth {
namespace {

using namespace std::string_view_literals;

constexpr size_t kSecretSize = 32;

base::Bytes labelled(std::string_view label) { return base::to_bytes(label); }

}  // namespace

base::Digest audience_of(std::string_view project, std::string_view server_name,
                         const base::Digest& root_spki_sha256) {
  base::Bytes input = labelled("FAIRLEAD1 aud\0"sv);
  base::append_counted(input, base::as_bytes(project));
  base::append_counted(input, base::as_bytes(server_name));
  base::append(input, root_spki_sha256);
  return crypto::sha256({input});
}

base::Bytes exporter_context(const base::Digest& audience, base::ByteView sid, const base::Digest& prelude) {
  base::Bytes context = base::to_bytes(audience);
  base::append(context, sid);
  base::append(context, prelude);
  return context;
}

base::Secret sec_first(const base::Secret& prk0, base::ByteView token) {
  base::Bytes info = labelled("FAIRLEAD1 first\0"sv);
  base::append(info, crypto::sha256({token}));
  return crypto::hkdf_expand(prk0.expose(), info, kSecretSize);
}

base::Secret sec_next(const base::Secret& sec, const base::Secret& shared, base::Epoch epoch,
                      const base::Digest& renew_messages, base::ByteView new_token) {
  const base::Secret extracted = crypto::hkdf_extract(sec.expose(), shared.expose());
  base::Bytes info = labelled("FAIRLEAD1 epoch\0"sv);
  base::append_be(info, epoch.value);
  base::append(info, renew_messages);
  base::append(info, crypto::sha256({new_token}));
  return crypto::hkdf_expand(extracted.expose(), info, kSecretSize);
}

base::Secret lane_keys(const base::Secret& sec, Direction direction, base::LaneId lane,
                       base::ByteView lane_nonce, base::ByteView client_nonce) {
  base::Bytes info = labelled("FAIRLEAD1 lane\0"sv);
  info.push_back(static_cast<uint8_t>(direction));
  base::append_be(info, lane.value);
  base::append(info, lane_nonce);
  base::append(info, client_nonce);
  return crypto::hkdf_expand(sec.expose(), info, crypto::kAeadKeySize + crypto::kAeadIvSize);
}

PreludeHash::PreludeHash() { stream_.update(base::as_bytes("FAIRLEAD1 prelude\0"sv)); }

void PreludeHash::add(const frame::FrameView& received) {
  stream_.update(received.header_bytes);
  stream_.update(received.block);
  stream_.update(received.body);
}

void PreludeHash::add(base::ByteView sent) { stream_.update(sent); }

}  // namespace fairlead::auth
