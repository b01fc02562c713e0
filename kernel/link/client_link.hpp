/// ClientLink: the client's side of one connection, from dialling to close.
#pragma once
#include <memory>
#include <optional>
#include <string>

#include "auth/renewal.hpp"
#include "link/context.hpp"
#include "link/conversation.hpp"

namespace fairlead::link {

class ClientLink;

/// What a link tells the client. All on the loop.
class ClientLinkEvents {
 public:
  virtual ~ClientLinkEvents() = default;
  /// WithGrant::wait: logged in, open_lane() is next.
  virtual void link_granted(ClientLink& link) = 0;
  virtual void link_established(ClientLink& link) = 0;
  /// The session has new credentials and this link uses them.
  virtual void link_renewed(ClientLink& link) = 0;
  virtual void link_message(ClientLink& link, const auth::Verified<auth::Message>& message) = 0;
  /// The server refused one message.
  virtual void link_message_refused(ClientLink& link, const auth::RemoteError& error) = 0;
  virtual void link_pong(ClientLink& link, uint64_t number) = 0;
  /// Last call, with why in words and the kind of failure. Destroy the link from a later turn.
  virtual void link_closed(ClientLink& link, const base::Error& error) = 0;
};

/// Thread rule: [home].
class ClientLink final : public PipeEvents {
 public:
  /// `address` is for texts. A session to resume outlives the link.
  ClientLink(const LinkContext& context, const auth::ClientLoginConfig& login, auth::ClientStart start,
             std::string address, ClientLinkEvents& events);

  Pipe& pipe() noexcept { return pipe_; }
  bool is_established() const noexcept { return conversation_.has_value() && !ended_; }
  Conversation& conversation() noexcept { return *conversation_; }
  const base::LinkFacts& facts() const noexcept { return facts_; }
  const std::string& address() const noexcept { return address_; }
  /// How the connection ended was a verdict about who may talk to whom: trying again soon is of no use.
  bool was_refused() const noexcept { return refused_; }
  /// It began with a lane of a session that was there, and that lane was not opened.
  bool failed_to_resume() const noexcept { return refused_ && start_.resume != nullptr; }
  /// The session that this link logged in, once; nullptr when it was resumed. It outlives the link.
  std::unique_ptr<auth::Session> take_session() noexcept { return std::move(made_); }
  void open_lane();
  /// Asks for new credentials, unless it has asked already.
  void renew();
  /// Says goodbye, sends what waits, closes.
  void close();
  void abort() { pipe_.abort(); }

  // PipeEvents
  void pipe_opened() override;
  bool pipe_frame(const frame::FrameView& frame, const base::BlockRef& owner) override;
  void pipe_broken(base::Refusal why) override;
  void pipe_drained() override {}
  void pipe_closed(plugin::CloseReason why, const std::string& detail) override;

 private:
  bool login_frame(const frame::FrameView& frame);
  bool conversation_frame(const frame::FrameView& frame, const base::BlockRef& owner);
  void establish();
  void renewed(base::ByteView answer);
  void fail(base::ErrorCode code, std::string text, std::string hint, std::string_view reason);
  void refuse(base::Refusal why, const std::string& detail);
  void set_deadline(std::chrono::nanoseconds delay, const char* waiting_for);
  void note_close(plugin::CloseReason why, const std::string& detail);

  const LinkContext& context_;
  const auth::ClientLoginConfig& login_config_;
  auth::ClientStart start_;
  std::string address_;
  ClientLinkEvents& events_;
  Pipe pipe_;
  base::LinkFacts facts_;
  std::optional<auth::ClientLogin> login_;
  std::unique_ptr<auth::Session> made_;  // until somebody takes it
  auth::Session* session_ = nullptr;
  std::optional<auth::ClientRenewal> renewal_;
  std::optional<Conversation> conversation_;
  std::optional<Heartbeat> heartbeat_;
  std::unique_ptr<loop::Timer> deadline_;
  std::optional<base::Error> error_;
  bool ended_ = false, refused_ = false;
};

}  // namespace fairlead::link
