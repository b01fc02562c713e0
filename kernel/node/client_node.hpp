/// ClientNode: the implementation of Client. Dials, logs in, keeps the connection, connects again.
#pragma once
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/random.hpp"
#include "link/backoff.hpp"
#include "link/client_link.hpp"
#include "node/client.hpp"
#include "node/client_session.hpp"
#include "node/configured.hpp"
#include "node/dispatcher.hpp"
#include "node/revocation_watch.hpp"

namespace fairlead::node {

/// Thread rule: [home] but for what Messenger allows from any thread.
class ClientNode final : public Client, public link::ClientLinkEvents, public ReplySender {
 private:
  class Passkey {
    friend class ClientNode;
    Passkey() = default;
  };

 public:
  static base::Result<std::unique_ptr<ClientNode>> make(const Settings& settings, Persistence persistence,
                                                        loop::Loop& loop, base::Log& log);
  /// For make() alone: a node is prepared before anybody sees it.
  ClientNode(Passkey, Configured configured, Persistence persistence, loop::Loop& loop, base::Log& log,
             std::string endpoint);
  ~ClientNode() override;

  const std::string& endpoint() const noexcept override { return endpoint_; }
  const std::string& privacy() const noexcept override { return configured_.privacy; }
  void on(std::string topic, Handler handler) override;
  void send(Outgoing message, Done done) override;
  void request(Outgoing message, std::chrono::milliseconds deadline, ReplyDone done) override;
  void drain(std::chrono::milliseconds limit, std::function<void()> done) override;
  void reload(Done done) override;
  void start(ClientEvents events) override;

 private:
  /// A oneway message whose fate the caller wants to know: settled by an ERROR about it, or by the PONG
  /// behind it.
  struct Unconfirmed {
    frame::MessageId id{};
    uint64_t ping = 0;
    std::string to;
    Done done;
  };

  base::Status prepare();
  base::ConnectionSecurity link_security() const noexcept;
  /// For instance_, with `from`'s kit.
  plugin::LinkCredentials dial_credentials(const Configured& from) const;
  /// From here on connections go this way; null: directly.
  void use_proxy(std::shared_ptr<const loop::Proxy> proxy);
  auth::ClientLoginConfig login_config(const Configured& from);

  // client_reload.cpp
  void reload_between_logins();
  base::Status reload_now();
  /// Another certificate is in force: logs in with it, beside the session that stands on the former one.
  void credentials_changed();
  void revocations_changed();

  void on_loop(std::function<void()> task);
  void connect();
  void connection_failed(const base::Error& error, bool final);
  void end(const base::Error& error);
  void give_up_waiting(const base::Error& error);
  void transmit(auth::Message message);
  void send_waiting(link::ClientLink& link);
  void note_session(const auth::Session& session);
  void send_now(Outgoing message, const Done& done);
  void request_now(Outgoing message, std::chrono::milliseconds deadline, ReplyDone done);
  auth::Draft draft_of(Outgoing message, frame::MessageKind kind);
  bool has_work() const;
  void finish_drain();

  // client_relogin.cpp: new keys, and a new session beside the old one
  std::unique_ptr<link::ClientLink> dial(auth::ClientStart start, base::Error* error);
  void plan_renewal();
  void renew();
  void log_in_beside();
  void barrier_passed();
  void take_over(link::ClientLink& link);
  void forget_next(const base::Error& error);
  void forget_retiring();
  void drop_replaced();
  /// Nothing of ours is on its way to link_, because next_ takes over.
  bool is_handing_over() const noexcept { return barrier_ || opening_; }

  // link::ClientLinkEvents
  void link_granted(link::ClientLink& link) override;
  void link_established(link::ClientLink& link) override;
  void link_renewed(link::ClientLink& link) override;
  void link_message(link::ClientLink& link, const Received& message) override;
  void link_message_refused(link::ClientLink& link, const auth::RemoteError& error) override;
  void link_pong(link::ClientLink& link, uint64_t number) override;
  void link_closed(link::ClientLink& link, const base::Error& error) override;
  // ReplySender
  void send_reply(auth::Draft reply) override;

  Configured configured_;
  Persistence persistence_;
  loop::Loop& loop_;
  base::Log& log_;
  std::string endpoint_;
  base::SystemRandom random_;
  auth::InstanceId instance_id_ = random_.bytes<16>();
  std::unique_ptr<RevocationWatch> revocations_;
  crypto::TrustAnchor anchor_;
  std::optional<crypto::LoginTlsContext> tls_;
  std::optional<auth::ClientLoginConfig> login_;
  loop::BufferPool pool_;
  link::Flusher flusher_;
  link::LinkContext context_;
  link::Backoff backoff_;
  plugin::Registry registry_;
  std::unique_ptr<plugin::Instance> instance_;
  Dispatcher dispatcher_;
  ClientEvents events_;
  ClientSession session_;
  /// A connection whose session has been replaced: what the server sent on it still counts.
  struct Retiring {
    std::unique_ptr<auth::Session> session;
    std::unique_ptr<link::ClientLink> link;
    link::ClientLink* waiting = nullptr;  ///< does not read before this one is over
    std::unique_ptr<loop::Timer> limit;
  };
  Retiring retiring_;
  std::unique_ptr<link::ClientLink> link_;
  std::unique_ptr<link::ClientLink> next_;  ///< logs in beside link_
  /// While next_ waits for it: number of the PING behind the last message that link_ sends.
  std::optional<uint64_t> barrier_;
  std::unique_ptr<loop::Timer> retry_, limit_, drain_timer_, renewal_, reload_timer_;
  std::vector<auth::Message> waiting_;  // until the next login
  size_t waiting_bytes_ = 0;
  std::deque<Unconfirmed> unconfirmed_;
  uint64_t pings_ = 0;
  std::function<void()> drained_;
  std::vector<Done> reload_done_;  ///< of the reload that waits for a login to end
  std::shared_ptr<bool> alive_;    // owners: this node and every task posted for it
  bool was_ready_ = false, ended_ = false;
  bool opening_ = false;  // the barrier was passed and next_ opens its lane
};

}  // namespace fairlead::node
