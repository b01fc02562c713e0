// Nothing is resumed, and what binds the login to the connection is there only where it is unique (N54).
#include <gmock/gmock.h>

#include "against_strangers.hpp"

namespace {

using OwnedSession = std::unique_ptr<SSL_SESSION, decltype(&SSL_SESSION_free)>;

/// Version and its name for the test.
struct Version {
  const char* name;
  int number;
};

void PrintTo(const Version& version, std::ostream* out) { *out << version.name; }

void speak(Stranger& stranger, int version) {
  SSL_CTX_set_min_proto_version(stranger.context(), version);
  SSL_CTX_set_max_proto_version(stranger.context(), version);
}

/// The newest session that `stranger` could resume; it takes a share.
int keep_session(SSL* ssl, SSL_SESSION* session) {
  auto& kept = *static_cast<OwnedSession*>(SSL_get_app_data(ssl));
  kept.reset(session);
  return 1;
}

/// Lets the stranger collect what it is given for resuming.
void collect(Stranger& client, OwnedSession& into) {
  SSL_CTX_set_session_cache_mode(client.context(), SSL_SESS_CACHE_CLIENT);
  SSL_CTX_sess_set_new_cb(client.context(), &keep_session);
  client.on_start = [&into](SSL* ssl) { SSL_set_app_data(ssl, &into); };
}

std::string bytes_of(fairlead_bytes bytes) { return {bytes.data, bytes.data + bytes.size}; }

std::string binding_of(fairlead_conn& conn) {
  fairlead_peer peer;
  EXPECT_EQ(conn.peer(peer), FAIRLEAD_OK);
  return bytes_of(peer.channel_binding);
}

/// RFC 9266, computed by the stranger.
std::string binding_of(SSL* ssl) {
  constexpr std::string_view kLabel = "EXPORTER-Channel-Binding";
  std::string out(32, '\0');
  auto* bytes = static_cast<unsigned char*>(static_cast<void*>(out.data()));
  EXPECT_EQ(SSL_export_keying_material(ssl, bytes, out.size(), kLabel.data(), kLabel.size(), nullptr, 0, 1),
            1);
  return out;
}

class Resumption : public testing::TestWithParam<Version> {};

INSTANTIATE_TEST_SUITE_P(Versions, Resumption,
                         testing::Values(Version{"Tls12", TLS1_2_VERSION}, Version{"Tls13", TLS1_3_VERSION}),
                         [](const auto& it) { return it.param.name; });

TEST_P(Resumption, N54_ListenerGivesNothingToResume) {
  for (const char* security : {"mtls", "tls"}) {
    ListenerWithStranger ends("P-256", security);
    OwnedSession kept(nullptr, &SSL_SESSION_free);
    speak(ends.stranger, GetParam().number);
    collect(ends.stranger, kept);
    ends.connect();
    ASSERT_TRUE(ends.is_open());

    // What follows the handshake arrives in order: once this is here, a ticket would be as well.
    ASSERT_EQ(ends.accepted().send({"hello"}), FAIRLEAD_OK);
    ASSERT_TRUE(ends.run([&] { return ends.stranger.received == "hello"; }));

    EXPECT_EQ(kept, nullptr) << security;
    EXPECT_EQ(SSL_SESSION_is_resumable(SSL_get_session(ends.stranger.ssl())), 0) << security;
  }
}

/// A session of another server with the same certificate, which two strangers do resume.
class ForeignSession : public Resumption {
 protected:
  /// Makes one, and shows that it is good.
  void make_session(Stranger& client, const fairlead::paths::Path& server_path) {
    speak(client, GetParam().number);
    collect(client, session_);
    foreign_.present(server_path);
    const std::string address = foreign_.listen();
    client.dial(address);
    ASSERT_TRUE(agree(client, foreign_));
    ASSERT_GT(SSL_write(foreign_.ssl(), "hello", 5), 0);
    ASSERT_TRUE(run_with(nothing_, client, [&] { return client.received == "hello"; }));
    ASSERT_NE(session_, nullptr);
    offer(client);
    foreign_.forget_connection();
    client.forget_connection();
    client.dial(address);
    ASSERT_TRUE(agree(client, foreign_));
    ASSERT_EQ(SSL_session_reused(client.ssl()), 1);
    client.forget_connection();
  }
  void offer(Stranger& client) {
    client.on_start = [this](SSL* ssl) {
      SSL_set_app_data(ssl, &spare_);
      EXPECT_EQ(SSL_set_session(ssl, session_.get()), 1);
    };
  }

  OwnedSession session_{nullptr, &SSL_SESSION_free}, spare_{nullptr, &SSL_SESSION_free};
  Stranger foreign_{Stranger::Side::server};
  fairlead_loop nothing_;
};

INSTANTIATE_TEST_SUITE_P(Versions, ForeignSession,
                         testing::Values(Version{"Tls12", TLS1_2_VERSION}, Version{"Tls13", TLS1_3_VERSION}),
                         [](const auto& it) { return it.param.name; });

TEST_P(ForeignSession, N54_IsNotResumedByTheListener) {
  ListenerWithStranger ends;
  ASSERT_NO_FATAL_FAILURE(make_session(ends.stranger, ends.own));

  ends.connect();

  EXPECT_TRUE(ends.is_open()) << ends.accepted().detail;
  EXPECT_EQ(SSL_session_reused(ends.stranger.ssl()), 0);
  fairlead_peer peer;
  ASSERT_EQ(ends.accepted().peer(peer), FAIRLEAD_OK);
  EXPECT_GT(peer.certificate_der.size, 0u) << "the certificate was asked for and judged";
}

TEST_P(Resumption, N54_DiallerResumesNothing) {
  DiallerWithStranger ends;
  speak(ends.stranger, GetParam().number);
  for (int connection = 0; connection < 2; ++connection) {
    ends.connect();
    ASSERT_TRUE(ends.is_open() && ends.run([&] { return ends.stranger.is_open(); }));

    EXPECT_EQ(SSL_session_reused(ends.stranger.ssl()), 0) << connection;
    ASSERT_GT(SSL_write(ends.stranger.ssl(), "hello", 5), 0);
    ASSERT_TRUE(ends.run([&] { return ends.dialled->received == "hello"; }));
    ends.stranger.forget_connection();
    ASSERT_TRUE(ends.run([&] { return ends.dialled->closed == 1; }));
  }
}

/// Version, and whether the master secret is the extended one.
struct Secret {
  const char* name;
  int version;
  uint64_t options;
  bool binds;
};

void PrintTo(const Secret& secret, std::ostream* out) { *out << secret.name; }

class Binding : public testing::TestWithParam<Secret> {
 protected:
  static void speak_as_told(Stranger& stranger) {
    speak(stranger, GetParam().version);
    SSL_CTX_set_options(stranger.context(), GetParam().options);
  }
  static std::string expected(SSL* ssl) { return GetParam().binds ? binding_of(ssl) : std::string(); }
};

INSTANTIATE_TEST_SUITE_P(All, Binding,
                         testing::Values(Secret{"Tls13", TLS1_3_VERSION, 0, true},
                                         Secret{"Tls12", TLS1_2_VERSION, 0, true},
                                         Secret{"Tls12WithoutExtendedSecret", TLS1_2_VERSION,
                                                SSL_OP_NO_EXTENDED_MASTER_SECRET, false}),
                         [](const auto& it) { return it.param.name; });

TEST_P(Binding, N54_OfAListenerIsThatOfTheExporterOrNone) {
  ListenerWithStranger ends;
  speak_as_told(ends.stranger);

  ends.connect();

  ASSERT_TRUE(ends.is_open() && ends.run([&] { return ends.stranger.is_open(); }));
  EXPECT_EQ(binding_of(ends.accepted()), expected(ends.stranger.ssl()));
}

TEST_P(Binding, N54_OfADiallerIsThatOfTheExporterOrNone) {
  DiallerWithStranger ends;
  speak_as_told(ends.stranger);

  ends.connect();

  ASSERT_TRUE(ends.is_open() && ends.run([&] { return ends.stranger.is_open(); }));
  EXPECT_EQ(binding_of(*ends.dialled), expected(ends.stranger.ssl()));
}

}  // namespace
