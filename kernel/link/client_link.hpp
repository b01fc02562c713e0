/// ClientLink: the client's side of one connection, from dialling to close.
#pragma once
#include <memory>
#include <optional>
#include <string>

#include "auth/login.hpp"
#include "link/context.hpp"
#include "link/conversation.hpp"

namespace fairlead::link {

class ClientLink;

/// What a link tells the client. All on the loop.
class ClientLinkEvents {
 public:
  virtual ~ClientLinkEvents() = default;
  virtual void link_established(ClientLink& link) = 0;
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
  /// `address` is for texts.
  ClientLink(const LinkContext& context, const auth::ClientLoginConfig& login, std::string address,
             ClientLinkEvents& events);

  Pipe& pipe() noexcept { return pipe_; }
  bool is_established() const noexcept { return conversation_.has_value() && !ended_; }
  Conversation& conversation() noexcept { return *conversation_; }
  const base::LinkFacts& facts() const noexcept { return facts_; }
  const std::string& address() const noexcept { return address_; }
  /// How the connection ended was a verdict about who may talk to whom: trying again soon is of no use.
  bool was_refused() const noexcept { return refused_; }
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
  void fail(base::ErrorCode code, std::string text, std::string hint, std::string_view reason);
  void refuse(base::Refusal why, const std::string& detail);
  void set_deadline(std::chrono::nanoseconds delay, const char* waiting_for);
  void note_close(plugin::CloseReason why, const std::string& detail);

  const LinkContext& context_;
  const auth::ClientLoginConfig& login_config_;
  std::string address_;
  ClientLinkEvents& events_;
  Pipe pipe_;
  base::LinkFacts facts_;
  std::optional<auth::ClientLogin> login_;
  std::unique_ptr<auth::Session> session_;
  std::optional<Conversation> conversation_;
  std::optional<Heartbeat> heartbeat_;
  std::unique_ptr<loop::Timer> deadline_;
  std::optional<base::Error> error_;
  bool ended_ = false, refused_ = false;
};

}  // namespace fairlead::link
