/// A project in memory for the tests of this room: clocks, randomness, certificates, and two ends that log
/// in.
#pragma once
#include <gtest/gtest.h>

#include <functional>
#include <set>

#include "auth/control.hpp"
#include "auth/gate.hpp"
#include "auth/login.hpp"
#include "support/seeded_random.hpp"

namespace fairlead::auth {

using namespace std::chrono_literals;
using support::SeededRandom;

inline constexpr base::WallTime kNow{std::chrono::sys_days{std::chrono::year{2030} / 6 / 1}};
inline constexpr std::string_view kProject = "pie", kServer = "hub.example", kSite = "site-1";

class FakeClock final : public base::Clock {
 public:
  base::WallTime wall() const noexcept override { return std::exchange(wall_, wall_ + between_looks); }
  base::MonoTime mono() const noexcept override { return mono_; }
  void advance(std::chrono::milliseconds time) {
    wall_ += time;
    mono_ += time;
  }
  void set_wall_back(std::chrono::milliseconds time) { wall_ -= time; }

  std::chrono::milliseconds between_looks{0};  ///< how far the wall clock gets from one look to the next

 private:
  mutable base::WallTime wall_ = kNow;
  base::MonoTime mono_{std::chrono::hours(5)};
};

class HeapBlocks final : public base::BlockSource {
 public:
  base::BlockRef take(size_t at_least) override { return base::move_to_slice(base::Bytes(at_least)).owner; }
};

class DisabledNames final : public RevocationTable {
 public:
  bool is_disabled(std::string_view participant) const override {
    if (on_question) on_question();
    return names.contains(std::string(participant));
  }
  std::set<std::string> names;
  std::function<void()> on_question;
};

template <class T>
T must(base::Result<T> result) {
  if (!result) {
    ADD_FAILURE() << result.error().line();
    std::abort();
  }
  return std::move(*result);
}

struct Credential {
  crypto::Certificate certificate;
  crypto::PrivateKey key;
};

/// One root and whatever it issues.
class Authority {
 public:
  explicit Authority(std::string_view project = kProject);
  Credential issue(crypto::CertificateUse use, std::string name, std::string uri = {},
                   std::chrono::hours life = std::chrono::hours(24 * 300)) const;
  /// As in kits of the reference: a common name, perhaps a role, no URI.
  Credential issue_without_uri(std::string name, std::string role = {},
                               crypto::CertificateUse use = crypto::CertificateUse::client) const;
  crypto::TrustAnchor anchor(crypto::LegacyRules legacy = crypto::LegacyRules::no) const {
    return {root_, legacy};
  }
  const crypto::Certificate& root() const { return root_; }
  /// A list of the root that names these, current unless `until` has passed.
  crypto::RevocationLists revoking(const std::vector<crypto::Certificate>& revoked,
                                   base::WallTime until = kNow + std::chrono::hours(24)) const;
  ProjectIdentity identity() const;

 private:
  Credential sign(crypto::CertificateProfile profile, std::chrono::hours life) const;

  std::string project_;
  crypto::PrivateKey key_;
  crypto::Certificate root_;
};

/// Facts of one end of a direct mtls link between these two certificates.
base::LinkFacts mtls_link(const Credential& peer);

/// Everything that a login needs at either end; change what a test is about before connect().
struct World {
  explicit World(Authority authority_of_all = Authority());

  ServerLoginConfig server_config();
  ClientLoginConfig client_config();

  FakeClock clock;
  SeededRandom random{1};
  HeapBlocks memory;
  Authority authority;
  Credential server, token, site;
  std::optional<Credential> holder;  ///< logs in with `delegation`, in place of the site
  std::optional<DelegationProof> delegation;
  crypto::TrustAnchor server_anchor, client_anchor;
  ProjectIdentity server_identity, client_identity;
  SessionTable sessions{100};
  DisabledNames revocation;
  const RevocationTable* table = nullptr;  ///< instead of `revocation`
  base::ConnectionSecurity server_security = base::ConnectionSecurity::mtls;
  base::ConnectionSecurity client_security = base::ConnectionSecurity::mtls;
  base::MessageSecurity server_wish = base::MessageSecurity::automatic;
  base::MessageSecurity client_wish = base::MessageSecurity::automatic;
  base::LinkFacts server_facts, client_facts;
  base::ParticipantType type = base::ParticipantType::client;
  std::string name{kSite}, endpoint{kSite};
  InstanceId instance{1};
  bool compact_headers = false;
  base::ByteArray<8> boot_id{1, 2, 3};
  std::chrono::seconds lifetime{3600};

 private:
  std::optional<crypto::LoginTlsContext> server_tls_, client_tls_;
};

/// A connection of a session, as far as the table knows it.
struct SessionListener final : SessionUser {
  void session_renewed() override { ++renewed; }
  void session_ended(base::Refusal why) override { ended = why; }
  int renewed = 0;
  std::optional<base::Refusal> ended;
};

/// Sees every frame on its way and may change it; an empty frame is dropped.
using OnTheWay = std::function<void(base::Bytes& frame)>;

/// Both machines of one connection, with the wire in between.
class Connection {
 public:
  explicit Connection(World& world, Session* resume = nullptr)
      : Connection(world, ClientStart{.resume = resume}) {}
  Connection(World& world, ClientStart start);
  /// Carries frames until nobody has anything to say.
  void run();
  /// Gives the server frames that no client of ours made.
  void server_receives(base::Bytes frames);

  /// What `outbox` holds, as it goes over the wire.
  static base::Bytes take(frame::Outbox& outbox);

  OnTheWay to_server_tap, to_client_tap;
  frame::Outbox to_server, to_client;
  ServerLoginConfig server_config;
  ClientLoginConfig client_config;
  ServerLogin server;
  ClientLogin client;
  LoginStep server_step, client_step;

 private:
  bool deliver_to_server();
  bool deliver_to_client();
};

/// Calls `body` for each frame of these bytes; ends at the first that is none.
void each_frame(base::Bytes& bytes, const std::function<void(const frame::FrameView&)>& body);

/// Two ends with a lane between them.
struct LoggedIn {
  /// Protects at the client, one outgoing message.
  base::Bytes client_sends(const Message& message);
  base::Bytes server_sends(const Message& message);
  /// The gate's answer to the last of these frames.
  base::Checked<std::optional<Verified<Message>>> server_takes(base::Bytes frames);
  base::Checked<std::optional<Verified<Message>>> client_takes(base::Bytes frames);
  base::Checked<void> server_takes_control(base::Bytes frame);

  std::unique_ptr<World> world;
  std::unique_ptr<Session> client_session;
  Session* server_session = nullptr;
  std::unique_ptr<Lane> client_lane, server_lane;
  Gate server_gate{End::server, {}}, client_gate{End::client, {}};
};

LoggedIn GivenLoggedInPair(const std::function<void(World&)>& change = {});

/// A request of site-1 to the server.
Draft a_draft(std::string_view payload = "hello");
Message a_message(std::string_view payload = "hello");

template <class T>
base::Refusal refusal_of(const base::Checked<T>& checked) {
  return checked ? base::Refusal{} : checked.error();
}

}  // namespace fairlead::auth
