/// Login: from a fresh connection to a lane, at either end. Feed frames, send what is appended to the outbox.
#pragma once
#include <memory>
#include <optional>
#include <string>

#include "auth/lane.hpp"
#include "auth/login_request.hpp"
#include "auth/session_table.hpp"
#include "base/random.hpp"
#include "crypto/login_tls.hpp"

namespace fairlead::auth {

/// Who the server is, as every participant must agree on.
struct ProjectIdentity {
  std::string project;
  std::string server_name;  ///< the server's participant name
  base::Digest root_spki_sha256{};
  /// SHA-256("FAIRLEAD1 aud" || len,project || len,server identity || root SPKI hash)
  base::Digest audience() const;
};

/// Everything both machines are given. References outlive the logins.
struct LoginCommon {
  const crypto::LoginTlsContext& tls;
  const crypto::TrustAnchor& anchor;
  ProjectIdentity identity;
  const base::Clock& clock;
  base::Random& random;
  base::ConnectionSecurity configured = base::ConnectionSecurity::mtls;  ///< of this listener or route
  base::MessageSecurity wanted = base::MessageSecurity::automatic;       ///< floor of this end
};

struct ServerLoginConfig {
  LoginCommon common;
  const crypto::Certificate& token_certificate;
  const crypto::PrivateKey& token_key;
  SessionTable& sessions;
  const RevocationTable& revocation;
  base::ByteArray<8> boot_id{};
  std::chrono::seconds lifetime{3600};              ///< of a token
  std::chrono::seconds longest_session{24 * 3600};  ///< from one full login to the next
  std::chrono::seconds heartbeat{10};
};

struct ClientLoginConfig {
  LoginCommon common;
  base::ParticipantType type = base::ParticipantType::client;
  std::string name, endpoint;
  InstanceId instance{};
  bool compact_headers = false;
  /// Of this end's own certificate: the token must name it. Not compared when absent.
  std::optional<base::Digest> certificate_sha256{};
  /// Of a delegate, whose `tls` is of LoginKind::delegate; `name` and `type` are the site's then.
  std::optional<DelegationProof> delegation{};
};

/// What a frame led to. After `refused` flush the outbox, then close.
struct LoginStep {
  std::optional<base::Refusal> refused;  ///< why, for this end's log and counters
  std::string detail;                    ///< text for the log, no secrets
  bool established = false;              ///< lane and session are ready: take_lane(), session()
  bool granted = false;                  ///< client, WithGrant::wait: open_lane() is next
};

/// Server side of one connection. Time-outs are the link's. A refusal is in the outbox already, in the form
/// in which the peer may see it.
class ServerLogin {
 public:
  ServerLogin(const ServerLoginConfig& config, const base::LinkFacts& facts);
  ~ServerLogin();
  /// Appends LANE_INVITE; call once when the connection opened.
  void start(frame::Outbox& out);
  /// HELLO, LOGIN, LANE_OPEN; anything else is wrong_state. `frame` may be decrypted in place. The first
  /// LOGIN makes the handshake's state, some 30 KiB, and costs the most time: whoever limits logins holds it
  /// back.
  LoginStep step(const frame::FrameView& frame, frame::Outbox& out);
  std::unique_ptr<Lane> take_lane();
  Session* session() const noexcept;  ///< in the table
  /// The session was made on this connection, not on an earlier one.
  bool made_session() const noexcept;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// How a client begins on a fresh connection.
struct ClientStart {
  /// Another server process answers, which cannot know the session.
  enum class OnRestart { log_in, resume };
  enum class WithGrant { open_lane, wait };

  /// The session of an earlier connection: only a lane is opened. When the server does not know it any more
  /// the step is refused with `unknown_lane` and the caller logs in anew.
  Session* resume = nullptr;
  OnRestart on_restart = OnRestart::log_in;
  WithGrant with_grant = WithGrant::open_lane;
};

/// Client side of one connection.
class ClientLogin {
 public:
  ClientLogin(const ClientLoginConfig& config, const base::LinkFacts& facts, ClientStart start = {});
  ~ClientLogin();
  /// LANE_INVITE, LOGIN, LANE_OPEN, ERROR.
  LoginStep step(const frame::FrameView& frame, frame::Outbox& out);
  /// After a step that says `granted`: the new session takes the place of an older one of this instance.
  void open_lane(frame::Outbox& out);
  std::unique_ptr<Lane> take_lane();
  /// The new session; nullptr when one was resumed.
  std::unique_ptr<Session> take_session();
  std::chrono::seconds heartbeat() const noexcept;  ///< from the Grant

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// The server's own session: a token with role server that it signed itself, good as long as the token
/// certificate. Fails with bad_configuration when that certificate is not one that clients would accept, or
/// not of this key.
base::Result<std::unique_ptr<Session>> make_own_session(const ServerLoginConfig& config,
                                                        std::string_view server_name);

}  // namespace fairlead::auth
