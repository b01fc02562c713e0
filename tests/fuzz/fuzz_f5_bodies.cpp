// F5: every body that a login or a lane reads. What is accepted says the same when it is written again.
#include "auth/control.hpp"
#include "auth/grant.hpp"
#include "auth/hello.hpp"
#include "auth/inner_message.hpp"
#include "auth/login_request.hpp"
#include "auth/renew_body.hpp"
#include "base/assert.hpp"
#include "fuzz/input.hpp"

namespace fairlead::fuzz {
namespace {

/// Unknown fields are left out when a body is written again; from then on it stays as it is.
template <class Decode>
void check(base::ByteView body, Decode decode) {
  const auto first = decode(body);
  if (!first) return;
  const base::Bytes written = auth::encode(*first);
  FAIRLEAD_ASSERT(written.size() <= body.size());
  const auto second = decode(written);
  FAIRLEAD_ASSERT(second.has_value());
  FAIRLEAD_ASSERT(base::equal(auth::encode(*second), written));
}

void check_inner(base::ByteView received) {
  const auto message = auth::decode_inner(received);
  if (!message || !*message) return;
  FAIRLEAD_ASSERT(base::equal(auth::encode_inner((*message)->kind, (*message)->content), received));
}

void check_control(base::ByteView body) {
  if (auth::decode_ping(body)) FAIRLEAD_ASSERT(!body.empty());
  static_cast<void>(auth::decode_empty(body));
  check(body, auth::decode_renew_request);
  check(body, auth::decode_renew_answer);
  const auto error = auth::decode_error(body);
  if (error && error->about) FAIRLEAD_ASSERT(auth::is_about_one_message(error->code));
  if (error) FAIRLEAD_ASSERT(error->text.size() <= auth::kMaxErrorText);
}

}  // namespace
}  // namespace fairlead::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace fairlead;
  fuzz::Input input(data, size);
  const uint8_t kind = input.byte() % 8;
  const base::ByteView body = input.rest();
  switch (kind) {
    case 0:
      fuzz::check(body, auth::decode_lane_invite);
      break;
    case 1:
      fuzz::check(body, auth::decode_hello);
      break;
    case 2:
      fuzz::check(body, auth::decode_lane_open);
      break;
    case 3:
      fuzz::check(body, auth::decode_login_request);
      break;
    case 4:
      fuzz::check(body, auth::decode_grant);
      break;
    case 5:
      fuzz::check(body, auth::decode_login_refusal);
      break;
    case 6:
      fuzz::check_inner(body);
      break;
    default:
      fuzz::check_control(body);
  }
  return 0;
}
