/// ServerLink: the server's side of one connection, from accept to close. Login first, then messages.
#pragma once
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "auth/login.hpp"
#include "base/strong.hpp"
#include "link/context.hpp"
#include "link/conversation.hpp"
#include "link/frame_pace.hpp"
#include "link/memory_guard.hpp"
#include "link/strangers.hpp"

namespace fairlead::link {

class ServerLink;

/// What a link tells the server. All on the loop.
class ServerLinkEvents {
 public:
  virtual ~ServerLinkEvents() = default;
  virtual void link_established(ServerLink& link) = 0;
  virtual void link_message(ServerLink& link, const auth::Verified<auth::Message>& message) = 0;
  /// A frame or a login was refused; the link closes by itself.
  virtual void link_refused(ServerLink& link, base::Refusal why) = 0;
  /// Last call. Destroy the link from a later turn.
  virtual void link_closed(ServerLink& link) = 0;
};

/// What keeps the links of a server within their limits. Outlives them.
struct ServerLimits {
  Strangers& strangers;
  MemoryGuard& memory;
};

/// Thread rule: [home].
class ServerLink final : public PipeEvents, public auth::SessionUser, private Stranger {
 public:
  static constexpr size_t kMostWaiting = 64u << 20;  ///< bytes for one receiver; more is answered `busy`

  ServerLink(base::ConnId id, const LinkContext& context, const auth::ServerLoginConfig& login,
             ServerLimits limits, ServerLinkEvents& events);
  ~ServerLink() override;

  /// The pipe to give to the transport, then attach the connection.
  Pipe& pipe() noexcept { return pipe_; }
  base::ConnId id() const noexcept { return id_; }

  bool is_established() const noexcept { return conversation_.has_value(); }
  /// Valid while is_established().
  Conversation& conversation() noexcept { return *conversation_; }
  const auth::Session* session() const noexcept { return session_; }
  /// It opened a further lane of a session, or logged in.
  bool resumed() const noexcept { return resumed_; }
  const base::LinkFacts& facts() const noexcept { return facts_; }
  base::MonoTime established_at() const noexcept { return established_at_; }

  /// May one more message wait here?
  bool has_room_for(const auth::Message& message) const noexcept {
    return pipe_.outbox().bytes() + message.payload_size() <= kMostWaiting;
  }
  /// Passes a message on; the receiver's link pauses `from` while too much waits here.
  void forward(const auth::Message& message, ServerLink* from);
  /// GOAWAY now; close follows with close().
  void goaway();
  void close();
  /// To be called about once a second: ends a link whose frame comes too slowly.
  void look(base::MonoTime now);
  /// Bytes that go when this link does: unfinished messages and what waits to be sent.
  size_t held_bytes() const noexcept;
  /// Memory is short and this link holds the most.
  void shed();

  // PipeEvents
  void pipe_opened() override;
  bool pipe_frame(const frame::FrameView& frame, const base::BlockRef& owner) override;
  void pipe_broken(base::Refusal why) override;
  void pipe_drained() override;
  void pipe_closed(plugin::CloseReason why, const std::string& detail) override;
  // auth::SessionUser
  void session_renewed() override;
  void session_ended(base::Refusal why) override;

 private:
  bool login_frame(const frame::FrameView& frame);
  bool begin_login();
  void await_flight();
  bool conversation_frame(const frame::FrameView& frame, const base::BlockRef& owner);
  bool is_within_rate(const frame::FrameView& frame, base::MonoTime now);
  void establish();
  void leave_session();
  void renew(base::ByteView request);
  void refuse(base::Refusal why, const std::string& detail);
  void set_deadline(std::chrono::nanoseconds delay, base::Refusal why, const char* waiting_for);
  void wait_for_room(ServerLink& sender);
  void release_waiting();
  void watch_consumer();
  // Stranger
  void admitted() override;
  void evicted() override;

  base::ConnId id_;
  const LinkContext& context_;
  const auth::ServerLoginConfig& login_config_;
  ServerLimits limits_;
  ServerLinkEvents& events_;
  Pipe pipe_;
  base::LinkFacts facts_;
  base::MonoTime established_at_{};
  std::optional<auth::ServerLogin> login_;
  auth::Session* session_ = nullptr;
  std::optional<Conversation> conversation_;
  std::optional<Heartbeat> heartbeat_;
  std::unique_ptr<loop::Timer> deadline_;  // of the present stage before login
  base::MonoTime login_until_{};           // once HELLO has come
  Rate control_rate_{1000, 50};            // a DATA frame earns one more: a PING may follow each message
  FramePace pace_;
  std::unique_ptr<loop::Timer> consumer_timer_;  // while over the high-water mark
  uint64_t consumer_progress_ = 0;
  std::vector<ServerLink*> waiting_;  // senders that pause until this link has room
  ServerLink* paused_for_ = nullptr;
  bool is_admitted_ = false, ended_ = false, said_goodbye_ = false, resumed_ = false;
};

}  // namespace fairlead::link
