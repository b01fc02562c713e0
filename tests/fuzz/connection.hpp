/// Both ends of one connection for F3: the server's as link/ drives it, the client's as honest as the input
/// lets it be. One thread.
#pragma once
#include "auth/gate.hpp"
#include "auth/renewal.hpp"
#include "fuzz/given.hpp"

namespace fairlead::fuzz {

class HeapBlocks final : public base::BlockSource {
 public:
  base::BlockRef take(size_t at_least) override { return base::move_to_slice(base::Bytes(at_least)).owner; }
};

class DisabledNames final : public auth::RevocationTable {
 public:
  bool is_disabled(std::string_view) const override { return everybody; }
  bool everybody = false;
};

/// What outlives connections.
struct Ends {
  explicit Ends(Project& of) : project(of) {}

  Project& project;
  HeapBlocks memory;
  auth::SessionTable sessions{4};
  DisabledNames disabled;
  base::ConnectionSecurity server_security = base::ConnectionSecurity::mtls;
  base::ConnectionSecurity client_security = base::ConnectionSecurity::mtls;
  base::MessageSecurity server_wish = base::MessageSecurity::automatic;
  base::MessageSecurity client_wish = base::MessageSecurity::automatic;
  bool compact_headers = false;
  base::LinkFacts server_facts, client_facts;
  std::vector<std::unique_ptr<auth::Session>> client_sessions;  ///< of the client's logins, the latest last

  auth::ServerLoginConfig server_config();
  auth::ClientLoginConfig client_config();
  /// A session that both ends know already, so that lanes need no handshake.
  void begin_with_session();
};

/// The server's end: login, then gate.
class ServerEnd final : public auth::SessionUser {
 public:
  explicit ServerEnd(Ends& ends);
  ~ServerEnd() override;
  /// Takes bytes as they come; gives how many messages were admitted. Asserts about each what must hold.
  size_t receive(base::ByteView bytes);
  base::Bytes take_output();
  bool is_over() const noexcept { return over_; }
  void session_renewed() override;
  void session_ended(base::Refusal why) override;

 private:
  bool handle(base::ByteView raw);
  bool log_in(const frame::FrameView& frame);
  bool converse(const frame::FrameView& frame, const base::BlockRef& owner);
  bool take_control(const frame::FrameView& frame);
  void accept(const auth::Message& message, base::Epoch epoch);

  Ends& ends_;
  auth::ServerLoginConfig config_;
  frame::Outbox out_;
  auth::ServerLogin login_;
  std::unique_ptr<auth::Lane> lane_;
  auth::Session* session_ = nullptr;
  auth::Gate gate_{auth::End::server, {}};
  base::Bytes received_;
  size_t admitted_ = 0;
  bool over_ = false;
};

/// The client's end.
class ClientEnd {
 public:
  ClientEnd(Ends& ends, auth::Session* resume);
  void receive(base::Bytes bytes);
  base::Bytes take_output();
  /// Any frame of its lane; nothing before it has one.
  void protect(frame::FrameType type, uint8_t flags, base::ByteView block, base::ByteView body);
  void send(std::string_view from, size_t size);
  /// Asks for new keys, once at a time.
  void renew();
  /// To the latest keys of its session, which another of its connections may have got.
  void follow();

 private:
  void log_in(const frame::FrameView& frame);
  bool converse(const frame::FrameView& frame);

  Ends& ends_;
  auth::ClientLoginConfig config_;
  frame::Outbox out_;
  auth::ClientLogin login_;
  auth::Session* session_;
  std::unique_ptr<auth::Lane> lane_;
  std::optional<auth::ClientRenewal> renewal_;
  uint64_t messages_ = 0;
  bool over_ = false;
};

}  // namespace fairlead::fuzz
