// The parts that need no socket: packets, windows, ZAP requests, keys, options.
#include <fairlead/transport.hpp>

#include "given.hpp"
#include "packet.hpp"
#include "peer_keys.hpp"
#include "window.hpp"
#include "zap_request.hpp"

namespace {

using namespace zmq_curve;  // NOLINT(google-build-using-namespace)

std::vector<uint8_t> copy_of(const zmq::message_t& packet) {
  const auto bytes = bytes_of(packet);
  return {bytes.begin(), bytes.end()};
}

TEST(Packets, AreWhatTheySay) {
  EXPECT_EQ(kind_of(bytes_of(hello())), Kind::kHello);
  EXPECT_EQ(kind_of(bytes_of(welcome())), Kind::kWelcome);
  EXPECT_EQ(kind_of(bytes_of(end_packet())), Kind::kEnd);
  EXPECT_EQ(kind_of(bytes_of(credit_packet({1, 2}))), Kind::kCredit);
}

TEST(Packets, JoinTheSlicesOfAFrame) {
  const std::vector<uint8_t> a{1, 2}, b{}, c{3};
  const fairlead_bytes slices[] = {{a.data(), 2}, {b.data(), 0}, {c.data(), 1}};

  EXPECT_EQ(copy_of(data_packet(slices)), (std::vector<uint8_t>{3, 1, 2, 3}));
}

TEST(Packets, CreditsComeBackAsTheyWere) {
  const Credit credit = read_credit(bytes_of(credit_packet({0x0102030405060708, 1ULL << 63})));

  EXPECT_EQ(credit.taken, 0x0102030405060708u);
  EXPECT_EQ(credit.window, 1ULL << 63);
}

TEST(Packets, AnythingElseIsNone) {
  std::vector<uint8_t> other_version = copy_of(hello());
  other_version.back() = 2;
  std::vector<uint8_t> longer_hello = copy_of(hello());
  longer_hello.push_back(0);
  std::vector<uint8_t> longer = copy_of(end_packet());
  longer.push_back(0);
  std::vector<uint8_t> shorter = copy_of(credit_packet({}));
  shorter.pop_back();

  for (const auto& bytes :
       {other_version, longer_hello, longer, shorter, std::vector<uint8_t>{}, {0}, {7}, {255}, {3}})
    EXPECT_FALSE(kind_of(bytes)) << testing::PrintToString(bytes);
}

TEST(SendWindow, LetsALargeMessageGoAlone) {
  SendWindow window;

  EXPECT_TRUE(window.may_send(kFirstWindow * 10));
  window.sent(1);
  EXPECT_FALSE(window.may_send(kFirstWindow));
  EXPECT_TRUE(window.may_send(kFirstWindow - 1));
}

TEST(SendWindow, BelievesNoCreditThatCannotBe) {
  SendWindow window;
  window.sent(100);

  EXPECT_TRUE(window.grant({60, kFirstWindow}));
  EXPECT_FALSE(window.grant({101, kFirstWindow}));
  EXPECT_FALSE(window.grant({59, kFirstWindow}));
  EXPECT_FALSE(window.grant({60, kLargestWindow + 1}));
}

TEST(ReceiveWindow, SaysWhenThePeerSendsTooMuch) {
  ReceiveWindow window(1 << 20);

  EXPECT_TRUE(window.arrived(kFirstWindow));
  EXPECT_FALSE(window.arrived(1));
}

TEST(ReceiveWindow, GrowsOnceThePeerIsKnown) {
  ReceiveWindow window(1 << 20);
  EXPECT_TRUE(window.arrived(kFirstWindow - 1));
  const auto before = window.taken(kFirstWindow - 1);
  EXPECT_TRUE(window.arrived(1));

  const auto after = window.taken(1);

  ASSERT_TRUE(before && after);
  EXPECT_EQ(before->window, kFirstWindow);
  EXPECT_EQ(after->window, 1u << 20);
  EXPECT_EQ(after->taken, kFirstWindow);
}

/// Whatever the sizes, who waits for a credit gets one: neither end waits for the other for ever.
TEST(Windows, NeverStandStill) {
  const uint64_t full = full_window(1'114'112);
  for (const uint64_t cost : {uint64_t{257}, uint64_t{5000}, kFirstWindow, cost_of(1'114'112)}) {
    SendWindow out;
    ReceiveWindow in(full);
    for (int i = 0; i < 5000; ++i) {
      ASSERT_TRUE(out.may_send(cost)) << cost << " after " << i;
      out.sent(cost);
      ASSERT_TRUE(in.arrived(cost));
      const auto credit = in.taken(cost);
      ASSERT_TRUE(!credit || out.grant(*credit));
    }
  }
}

TEST(ZapRequests, ComeBackAsTheyWere) {
  const KeyPair pair = fresh_key_pair();

  const auto request = read_zap_request(zap_request("17", pair.public_key));

  ASSERT_TRUE(request);
  EXPECT_EQ(request->id, "17");
  EXPECT_EQ(request->key, pair.public_key);
}

TEST(ZapRequests, OfAnyOtherKindAreNone) {
  const auto good = zap_request("1", fresh_key_pair().public_key);
  const auto changed = [&](size_t part, const std::string& text) {
    auto frames = good;
    frames[part] = text;
    return frames;
  };
  auto longer = good;
  longer.emplace_back();
  auto shorter = good;
  shorter.pop_back();

  for (const auto& frames : {changed(0, "2.0"),
                             changed(1, std::string(256, '1')),
                             changed(2, "global"),
                             changed(2, ""),
                             changed(5, "NULL"),
                             changed(5, "PLAIN"),
                             changed(6, std::string(31, 'k')),
                             longer,
                             shorter,
                             {}})
    EXPECT_FALSE(read_zap_request(frames)) << testing::PrintToString(frames);
}

TEST(ZapRequests, OfAnyFormHaveAnIdToAnswerTo) {
  EXPECT_EQ(zap_request_id({}), "");
  EXPECT_EQ(zap_request_id(std::vector<std::string>{"1.0"}), "");
  EXPECT_EQ(zap_request_id(std::vector<std::string>{"1.0", std::string(256, '1')}), std::string(255, '1'));
}

TEST(ZapAnswers, SayYesOnlyWithAUser) {
  EXPECT_EQ(zap_answer("1", "who")[2], "200");
  EXPECT_EQ(zap_answer("1", "")[2], "400");
  EXPECT_EQ(zap_answer("1", "who").size(), 6u);
}

TEST(CurveKeys, ThePublicOneFollowsFromTheSecretOne) {
  const KeyPair pair = fresh_key_pair();

  EXPECT_EQ(key_pair_of(pair.secret.bytes()).public_key, pair.public_key);
}

TEST(CurveKeys, OfAnyOtherSizeAreRefused) {
  EXPECT_THROW(key_pair_of(std::vector<uint8_t>(31)), fairlead::transport::Error);
  EXPECT_THROW(key_from_hex(std::string(63, 'a'), "server_curve"), fairlead::transport::Error);
  EXPECT_THROW(key_from_hex(std::string(65, 'a'), "server_curve"), fairlead::transport::Error);
  EXPECT_THROW(key_from_hex("g" + std::string(63, 'a'), "server_curve"), fairlead::transport::Error);
  EXPECT_THROW(key_from_hex(std::string(63, 'a') + "g", "server_curve"), fairlead::transport::Error);
}

TEST(PeerKeys, OfAnyOtherSizeAreNotKnown) {
  fairlead_loop loop;
  FakeHost host(loop, fairlead_transport_v1);
  PublicKey padded{}, good{};
  std::fill_n(padded.begin(), 31, 'k');
  good.fill('g');

  host.know_peers({{std::string(31, 'k'), "site-1"}, {raw(good), "site-2"}});
  const PeerKeys keys(host.table());

  EXPECT_TRUE(keys.knows(good));
  EXPECT_FALSE(keys.knows(padded));
}

TEST(PeerKeys, AreNoneWithoutTheKernelsList) {
  fairlead_loop loop;
  FakeHost host(loop, fairlead_transport_v1);
  fairlead_host table = host.table();
  table.extension = [](void*, const char*) -> const void* { return nullptr; };

  EXPECT_FALSE(PeerKeys(table).knows(PublicKey{}));
}

/// What create() or listen() or connect() says about a configuration.
TEST(Options, MissingKeysAreNamed) {
  const Keys keys;
  fairlead_loop loop;
  FakeHost server(loop, fairlead_transport_v1), client(loop, fairlead_transport_v1);
  FakeConfig listening = listening_config("mtls", keys.server);
  listening.key.clear();
  FakeConfig dialling = dialling_config("mtls", keys.site, keys.server.public_key);
  dialling.texts.erase("server_curve");
  ASSERT_EQ(server.create(listening), FAIRLEAD_OK);
  ASSERT_EQ(client.create(dialling), FAIRLEAD_OK);

  server.listen("127.0.0.1:0");
  client.connect("127.0.0.1:1");

  EXPECT_EQ(server.status(), FAIRLEAD_E_CREDENTIAL);
  EXPECT_THAT(server.error(), testing::HasSubstr("curve_key"));
  EXPECT_EQ(client.status(), FAIRLEAD_E_CREDENTIAL);
  EXPECT_THAT(client.error(), testing::HasSubstr("server_curve"));
}

TEST(Options, MtlsNeedsAKeyOfTheDiallersOwn) {
  const Keys keys;
  fairlead_loop loop;
  FakeHost client(loop, fairlead_transport_v1);
  FakeConfig dialling = dialling_config("mtls", keys.site, keys.server.public_key);
  dialling.key.clear();
  ASSERT_EQ(client.create(dialling), FAIRLEAD_OK);

  client.connect("127.0.0.1:1");

  EXPECT_EQ(client.status(), FAIRLEAD_E_CREDENTIAL);
  EXPECT_THAT(client.error(), testing::HasSubstr("curve_key"));
}

TEST(Options, AnAddressIsAHostAndANumber) {
  fairlead_loop loop;
  FakeHost host(loop, fairlead_transport_v1);
  ASSERT_EQ(host.create(listening_config("clear", {})), FAIRLEAD_OK);

  for (const char* const address : {"", "8002", "127.0.0.1", "127.0.0.1:", "127.0.0.1:*", "127.0.0.1:1x"}) {
    EXPECT_EQ(host.listen(address), nullptr) << address;
    EXPECT_EQ(host.status(), FAIRLEAD_E_CONFIG) << address;
    EXPECT_THAT(host.error(), testing::StartsWith("address \"")) << address;
  }
}

TEST(Options, AnUnknownSecurityIsRefused) {
  fairlead_loop loop;
  FakeHost host(loop, fairlead_transport_v1);
  FakeConfig config = listening_config("clear", {});
  config.texts["security"] = "ssl";

  EXPECT_EQ(host.create(config), FAIRLEAD_E_CONFIG);
  EXPECT_THAT(host.error(), testing::HasSubstr("security"));
}

TEST(Options, AListenerKeepsItsKey) {
  const Keys keys;
  Ends ends("mtls", keys);
  ends.listen();

  EXPECT_EQ(ends.server.reconfigure(listening_config("mtls", keys.stranger)), FAIRLEAD_E_CONFIG);
  EXPECT_EQ(ends.server.reconfigure(listening_config("tls", keys.server)), FAIRLEAD_E_CONFIG);
  EXPECT_EQ(ends.server.reconfigure(listening_config("mtls", keys.server)), FAIRLEAD_OK);
}

}  // namespace
