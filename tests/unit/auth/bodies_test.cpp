// Bodies of control frames and of the messages inside the login: strict, complete, nothing unknown.
#include "auth/grant.hpp"
#include "auth/hello.hpp"
#include "auth/inner_message.hpp"
#include "auth/login_request.hpp"
#include "frame/tlv.hpp"
#include "given.hpp"

namespace fairlead::auth {
namespace {

using base::Bytes;
using base::Refusal;

/// The body without one of its fields, for each field; the type of the field beside it.
std::vector<std::pair<uint16_t, Bytes>> each_field_left_out(const Bytes& body) {
  std::vector<std::pair<uint16_t, Bytes>> out;
  frame::TlvReader reader(body);
  for (base::ByteView before = reader.rest(); !before.empty(); before = reader.rest()) {
    const auto field = reader.next();
    Bytes without = base::to_bytes(base::ByteView(body).first(body.size() - before.size()));
    base::append(without, reader.rest());
    out.emplace_back((*field)->type, without);
  }
  return out;
}

/// The body with the value of one field replaced.
Bytes with(const Bytes& body, uint16_t type, base::ByteView value) {
  Bytes out;
  frame::TlvReader reader(body);
  while (!reader.rest().empty()) {
    const frame::Tlv field = **reader.next();
    frame::append_tlv(out, field.type, field.type == type ? value : field.value);
  }
  return out;
}

template <class Decode>
void expect_strict(const Bytes& body, Decode decode) {
  EXPECT_TRUE(decode(body));
  for (const auto& [type, without] : each_field_left_out(body))
    EXPECT_EQ(refusal_of(decode(without)), Refusal::bad_headers) << "field " << type;
  Bytes trailing = body;
  trailing.push_back(0);
  EXPECT_EQ(refusal_of(decode(trailing)), Refusal::bad_headers);
  Bytes critical = body;
  frame::append_tlv(critical, 0x8000, {});
  EXPECT_EQ(refusal_of(decode(critical)), Refusal::bad_headers);
}

LaneInvite an_invite() {
  LaneInvite invite;
  invite.lane_nonce = {1};
  invite.boot_id = {2};
  invite.max_block = frame::kMaxBlock;
  invite.max_body = frame::kMaxBody;
  return invite;
}

TEST(LaneInviteBody, IsStrict) { expect_strict(encode(an_invite()), &decode_lane_invite); }

TEST(LaneInviteBody, ReadsBack) {
  const auto read = decode_lane_invite(encode(an_invite()));

  EXPECT_EQ(encode(*read), encode(an_invite()));
}

TEST(LaneInviteBody, RefusesAServerWithoutThisVersion) {
  EXPECT_EQ(refusal_of(decode_lane_invite(with(encode(an_invite()), 3, Bytes{2}))), Refusal::downgrade);
}

TEST(LaneInviteBody, TakesAServerWithFurtherVersions) {
  EXPECT_TRUE(decode_lane_invite(with(encode(an_invite()), 3, Bytes{1, 2})));
}

TEST(LaneInviteBody, RefusesVersionsOutOfOrder) {
  EXPECT_EQ(refusal_of(decode_lane_invite(with(encode(an_invite()), 3, Bytes{2, 1}))), Refusal::bad_headers);
  EXPECT_EQ(refusal_of(decode_lane_invite(with(encode(an_invite()), 3, Bytes{1, 1}))), Refusal::bad_headers);
}

TEST(LaneInviteBody, RefusesSmallerLimits) {
  LaneInvite block = an_invite(), body = an_invite();
  block.max_block -= 1;
  body.max_body -= 1;

  EXPECT_EQ(refusal_of(decode_lane_invite(encode(block))), Refusal::bad_headers);
  EXPECT_EQ(refusal_of(decode_lane_invite(encode(body))), Refusal::bad_headers);
}

TEST(HelloBody, IsStrict) { expect_strict(encode(Hello{}), &decode_hello); }

TEST(HelloBody, RefusesAClientWithoutThisVersion) {
  EXPECT_EQ(refusal_of(decode_hello(with(encode(Hello{}), 1, Bytes{2}))), Refusal::downgrade);
}

TEST(LaneOpenBody, IsStrict) { expect_strict(encode(LaneOpen{}), &decode_lane_open); }

TEST(LaneOpenBody, RefusesUnknownBitsAndLevels) {
  EXPECT_TRUE(decode_lane_open(with(encode(LaneOpen{}), 2, Bytes{15})));
  EXPECT_EQ(refusal_of(decode_lane_open(with(encode(LaneOpen{}), 2, Bytes{16}))), Refusal::bad_headers);
  EXPECT_TRUE(decode_lane_open(with(encode(LaneOpen{}), 6, Bytes{2})));
  EXPECT_EQ(refusal_of(decode_lane_open(with(encode(LaneOpen{}), 6, Bytes{3}))), Refusal::bad_headers);
}

TEST(LaneOpenBody, HoldsTheLimitOfBindings) {
  EXPECT_TRUE(decode_lane_open(with(encode(LaneOpen{}), 3, Bytes(64))));
  EXPECT_EQ(refusal_of(decode_lane_open(with(encode(LaneOpen{}), 3, Bytes(65)))), Refusal::bad_headers);
}

LoginRequest a_request() {
  LoginRequest request;
  request.project = kProject;
  request.name = request.endpoint = kSite;
  request.observed = {15, {1, 2}};
  request.compact_headers = true;
  return request;
}

TEST(LoginRequestBody, IsStrict) { expect_strict(encode(a_request()), &decode_login_request); }

TEST(LoginRequestBody, ReadsBack) {
  const auto read = decode_login_request(encode(a_request()));

  EXPECT_EQ(encode(*read), encode(a_request()));
}

LoginRequest a_delegates_request() {
  LoginRequest request = a_request();
  request.delegation = DelegationProof{{{1}, {2}}, {Bytes{3}, Bytes{4, 5}}};
  return request;
}

TEST(LoginRequestBody, ReadsBackADelegation) {
  const auto read = decode_login_request(encode(a_delegates_request()));

  ASSERT_TRUE(read);
  EXPECT_EQ(read->delegation->site_chain, (DerPath{{3}, {4, 5}}));
  EXPECT_EQ(encode(*read), encode(a_delegates_request()));
}

TEST(LoginRequestBody, RefusesPartOfADelegation) {
  const Bytes whole = encode(a_delegates_request());
  const size_t plain = encode(a_request()).size();
  for (const size_t size : {plain + 5, plain + 10})  // the delegation alone; without the site's chain
    EXPECT_EQ(refusal_of(decode_login_request(base::ByteView(whole).first(size))), Refusal::bad_headers);
}

TEST(LoginRequestBody, TakesAChainOfOneToFourCertificates) {
  const auto with_chain = [](const DerPath& chain) {
    LoginRequest request = a_delegates_request();
    request.delegation->site_chain = chain;
    return refusal_of(decode_login_request(encode(request)));
  };

  EXPECT_EQ(with_chain({}), Refusal::bad_headers);
  EXPECT_EQ(with_chain(DerPath(1, {1})), Refusal{});
  EXPECT_EQ(with_chain(DerPath(4, {1})), Refusal{});
  EXPECT_EQ(with_chain(DerPath(5, {1})), Refusal::bad_headers);
  EXPECT_EQ(refusal_of(decode_login_request(with(encode(a_delegates_request()), 14, Bytes{0, 2, 1}))),
            Refusal::bad_headers);
}

TEST(LoginRequestBody, RefusesNumbersWithoutAMeaning) {
  const Bytes body = encode(a_request());
  const std::pair<uint16_t, uint8_t> cases[] = {{3, 0}, {3, 5}, {6, 3}, {7, 16}, {9, 3}, {10, 2}};
  for (const auto& [type, value] : cases)
    EXPECT_EQ(refusal_of(decode_login_request(with(body, type, Bytes{value}))), Refusal::bad_headers)
        << type << " " << int{value};
}

TEST(LoginRequestBody, HoldsTheLimitsOfNames) {
  const Bytes body = encode(a_request());
  for (const uint16_t type : {uint16_t{1}, uint16_t{2}}) {
    EXPECT_TRUE(decode_login_request(with(body, type, Bytes(255, 'a')))) << type;
    EXPECT_FALSE(decode_login_request(with(body, type, Bytes(256, 'a')))) << type;
    EXPECT_FALSE(decode_login_request(with(body, type, {}))) << type;
  }
  EXPECT_TRUE(decode_login_request(with(body, 4, Bytes(320, 'a'))));
  EXPECT_FALSE(decode_login_request(with(body, 4, Bytes(321, 'a'))));
}

Grant a_grant() {
  Grant grant;
  grant.token = grant.token_signature = grant.signer_der = {1};
  return grant;
}

TEST(GrantBody, IsStrict) { expect_strict(encode(a_grant()), &decode_grant); }

TEST(GrantBody, RefusesAFloorWithoutAMeaning) {
  EXPECT_EQ(refusal_of(decode_grant(with(encode(a_grant()), 13, Bytes{3}))), Refusal::bad_headers);
}

TEST(GrantBody, HoldsTheLimitOfTokens) {
  EXPECT_TRUE(decode_grant(with(encode(a_grant()), 2, Bytes(frame::kMaxToken))));
  EXPECT_FALSE(decode_grant(with(encode(a_grant()), 2, Bytes(frame::kMaxToken + 1))));
}

TEST(RefusalBody, IsStrict) { expect_strict(encode(LoginRefusal{}), &decode_login_refusal); }

TEST(RefusalBody, RefusesUnknownCodesAndControlCharacters) {
  EXPECT_EQ(refusal_of(decode_login_refusal(with(encode(LoginRefusal{}), 1, Bytes{0}))),
            Refusal::bad_headers);
  EXPECT_EQ(refusal_of(decode_login_refusal(with(encode(LoginRefusal{}), 2, Bytes{'\n'}))),
            Refusal::bad_headers);
}

TEST(InnerMessage, WaitsUntilItIsComplete) {
  const Bytes whole = encode_inner(InnerKind::grant, Bytes{1, 2, 3});
  for (size_t size = 0; size < whole.size(); ++size) {
    const auto read = decode_inner(base::ByteView(whole).first(size));
    ASSERT_TRUE(read) << size;
    EXPECT_FALSE(read->has_value()) << size;
  }
  EXPECT_EQ((*decode_inner(whole))->kind, InnerKind::grant);
  EXPECT_EQ(base::hex((*decode_inner(whole))->content), "010203");
}

TEST(InnerMessage, RefusesBytesBehindIt) {
  Bytes longer = encode_inner(InnerKind::request, Bytes{1});
  longer.push_back(0);

  EXPECT_EQ(refusal_of(decode_inner(longer)), Refusal::malformed);
}

TEST(InnerMessage, RefusesUnknownKindsAndNoKind) {
  EXPECT_EQ(refusal_of(decode_inner(*base::from_hex("0000000100"))), Refusal::malformed);
  EXPECT_EQ(refusal_of(decode_inner(*base::from_hex("0000000104"))), Refusal::malformed);
  EXPECT_EQ(refusal_of(decode_inner(*base::from_hex("00000000"))), Refusal::malformed);
}

TEST(InnerMessage, LooksForNoKindInAMessageOfNothing) {
  const Bytes nothing_and_more = *base::from_hex("0000000001");

  EXPECT_EQ(refusal_of(decode_inner(base::ByteView(nothing_and_more).first(4))), Refusal::malformed);
}

TEST(InnerMessage, HoldsItsLimitBeforeTheBytesAreThere) {
  EXPECT_EQ(refusal_of(decode_inner(*base::from_hex("00004000"))), Refusal{});
  EXPECT_EQ(refusal_of(decode_inner(*base::from_hex("00004001"))), Refusal::too_large);
  EXPECT_EQ(refusal_of(decode_inner(*base::from_hex("ffffffff"))), Refusal::too_large);
}

}  // namespace
}  // namespace fairlead::auth
