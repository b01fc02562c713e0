/// ServerNode: the implementation of Server. Listeners, links, sessions, routing and the server's own
/// endpoint.
#pragma once
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "admin/admin_service.hpp"
#include "base/random.hpp"
#include "link/server_link.hpp"
#include "node/configured.hpp"
#include "node/dispatcher.hpp"
#include "node/own_lane.hpp"
#include "node/renewal_desk.hpp"
#include "node/revocation_watch.hpp"
#include "node/server.hpp"
#include "route/outstanding.hpp"
#include "route/router.hpp"

namespace fairlead::node {

/// The project's policy in the form of the route room.
std::vector<route::Rule> policy_rules(const kit::KitSettings& settings);

/// Thread rule: [home] but for what Messenger allows from any thread.
class ServerNode final : public Server,
                         public link::ServerLinkEvents,
                         public ReplySender,
                         public admin::Actions {
 private:
  class Passkey {
    friend class ServerNode;
    Passkey() = default;
  };

 public:
  static base::Result<std::unique_ptr<ServerNode>> make(const Settings& settings, loop::Loop& loop,
                                                        base::Log& log);
  /// For make() alone: a node is prepared before anybody sees it.
  ServerNode(Passkey, Configured configured, loop::Loop& loop, base::Log& log);
  ~ServerNode() override;

  const std::string& endpoint() const noexcept override { return endpoint_; }
  const std::string& privacy() const noexcept override { return configured_.privacy; }
  void on(std::string topic, Handler handler) override;
  void send(Outgoing message, Done done) override;
  void request(Outgoing message, std::chrono::milliseconds deadline, ReplyDone done) override;
  void drain(std::chrono::milliseconds limit, std::function<void()> done) override;
  void reload(Done done) override;
  base::Result<std::vector<std::string>> start() override;
  ServerCounters counters() const override;
  void on_drain_wanted(std::function<void()> wanted) override { drain_wanted_ = std::move(wanted); }

 private:
  /// One listener's transport with its credentials, and the login rules of its connections.
  struct Door final : plugin::ListenerEvents {
    Door(ServerNode& owner, config::Listener where, auth::ServerLoginConfig rules)
        : node(owner), place(std::move(where)), login(std::move(rules)) {}
    plugin::ConnectionEvents* accepted(std::unique_ptr<plugin::Connection> connection) override {
      return node.accept(*this, std::move(connection));
    }

    ServerNode& node;
    config::Listener place;
    std::optional<auth::ServerLoginConfig> login;  ///< replaced in place: links refer to it
    std::unique_ptr<plugin::Instance> instance;
    std::unique_ptr<plugin::Listener> listener;
  };

  base::Status prepare();
  base::Status prepare_door(const config::Listener& listener);
  /// References of the result are to the arguments and to this node.
  auth::ServerLoginConfig login_config(base::ConnectionSecurity security, const Configured& from,
                                       const crypto::LoginTlsContext& tls, const crypto::TrustAnchor& anchor);
  void on_loop(std::function<void()> task);
  plugin::ConnectionEvents* accept(const Door& door, std::unique_ptr<plugin::Connection> connection);
  void sweep();
  /// Ends the link that holds the most memory.
  void shed();

  // server_reload.cpp
  base::Result<std::unique_ptr<auth::Session>> own_session(const Configured& from,
                                                           const crypto::LoginTlsContext& tls);
  base::Status reload_now();
  base::Status reconfigure_doors(const Configured& from);
  void adopt(Configured fresh, crypto::LoginTlsContext tls, std::unique_ptr<auth::Session> own);
  void revocations_changed();
  /// New statements in local/peers count without a reload.
  void look_at_peers();
  void recheck_some_sessions();

  /// Sends a verified message where it belongs; `from` is null for the server's own.
  base::Checked<void> route(const Received& message, const auth::Session& sender, link::ServerLink* from);
  base::Checked<void> pass_on(const Received& message, auth::Session& receiver, link::ServerLink* from);
  void pass_to_everyone(const Received& message, const auth::Session& sender, link::ServerLink* from);
  base::Checked<void> note_request(const Received& message);
  base::Checked<void> handle_own(const Received& message, const auth::Session& sender);
  auth::Draft reply_to(const Received& request);
  base::Checked<void> originate(auth::Draft draft);
  void reject(link::ServerLink& link, const Received& message, base::Refusal why);
  void endpoint_gone(const std::string& endpoint);
  void count(base::Refusal why) { ++counters_.refused[static_cast<uint8_t>(why)]; }
  link::ServerLink* link_of(const auth::Session& session) const;
  base::Json status_of(std::string_view participant) const;
  void close_when_answered();
  void finish_drain();

  // link::ServerLinkEvents
  void link_established(link::ServerLink& link) override;
  void link_message(link::ServerLink& link, const Received& message) override;
  void link_refused(link::ServerLink& link, base::Refusal why) override;
  void link_closed(link::ServerLink& link) override;
  // ReplySender
  void send_reply(auth::Draft reply) override;

  // Administration, in server_admin.cpp.
  base::Status open_admin();
  void log_audit_head();
  void answer_admin(const Received& message, const auth::Session& sender);
  void send_admin_answer(auth::Draft reply, const base::Result<base::Json>& answer);
  // server_renewal.cpp
  void answer_renewal(const Received& message, const auth::Session& sender);

  std::optional<admin::Connected> connected(const auth::Session& session) const override;
  void end_session(auth::Session& session, base::Refusal why) override;
  void drain() override;

  Configured configured_;
  loop::Loop& loop_;
  base::Log& log_;
  std::string endpoint_;
  base::SystemRandom random_;
  std::unique_ptr<RevocationWatch> revocations_;
  crypto::TrustAnchor anchor_;
  std::optional<crypto::LoginTlsContext> tls_;
  base::ByteArray<8> boot_id_;
  loop::BufferPool pool_;
  link::Flusher flusher_;
  link::LinkContext context_;
  link::Strangers strangers_;
  link::MemoryGuard memory_;
  plugin::Registry registry_;
  auth::SessionTable sessions_;
  std::unique_ptr<admin::AdminService> admin_;
  RenewalDesk renewals_;
  route::Router router_;
  route::Outstanding outstanding_;
  Dispatcher dispatcher_;
  std::optional<OwnLane> own_;
  ServerCounters counters_;
  std::vector<std::unique_ptr<Door>> doors_;
  std::unordered_map<base::ConnId, std::unique_ptr<link::ServerLink>> links_;
  base::ConnId last_conn_;
  std::unique_ptr<loop::Timer> sweep_timer_, drain_timer_, recheck_timer_;
  std::vector<uint64_t>
      recheck_;  ///< prefixes of sessions that the lists in force are still to be asked about
  std::function<void()> drained_, drain_wanted_;
  std::shared_ptr<bool> alive_;  // owners: this node and every task posted for it
};

}  // namespace fairlead::node
