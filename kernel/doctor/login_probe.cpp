// A client of the kit's own, run until it has logged in and heard from the server.
#include <unistd.h>

#include "doctor/login.hpp"
#include "doctor/quiet_log.hpp"
#include "doctor/tls.hpp"
#include "loop/loop.hpp"
#include "node/configured.hpp"
#include "node/dispatcher.hpp"

namespace fairlead::doctor {
namespace {

constexpr std::chrono::milliseconds kLeave(500);

base::Error too_long(const char* what, std::chrono::milliseconds patience) {
  return {base::ErrorCode::timed_out,
          std::string(what) + " did not come within " + std::to_string(patience.count()) + " ms",
          "try a longer --timeout; then see the server's log",
          {},
          "timed_out"};
}

/// One visit at the server, on the loop's thread.
class Visit {
 public:
  Visit(Patient& patient, loop::Loop& loop, node::Client& client)
      : patient_(patient), loop_(loop), client_(client) {}

  /// Returns once the client has left or has never come in.
  void run() {
    limit_ = loop_.after(patient_.patience, [this] { give_up(too_long("the login", patient_.patience)); });
    client_.start({.ready = [this](const node::LinkReport& link) { greet(link); },
                   .lost = {},
                   .ended = [this](const base::Error& why) { give_up(why); }});
    loop_.run();
  }
  const std::optional<base::Error>& error() const noexcept { return error_; }

 private:
  void greet(const node::LinkReport& link) {
    patient_.link = link;
    limit_.reset();
    const base::MonoTime began = patient_.clock.mono();
    node::Outgoing ping{std::string(base::kServerAddress), std::string(node::kPingTopic), {}, {}, {}};
    client_.request(std::move(ping), patient_.patience, [this, began](base::Result<node::Received> reply) {
      patient_.round_trip =
          std::chrono::duration_cast<std::chrono::microseconds>(patient_.clock.mono() - began);
      if (!reply) error_ = reply.error();
      leave();
    });
  }
  void leave() {
    client_.drain(kLeave, [this] { loop_.stop(); });
  }
  void give_up(const base::Error& why) {
    if (!error_) error_ = why;
    loop_.stop();
  }

  Patient& patient_;
  loop::Loop& loop_;
  node::Client& client_;
  std::unique_ptr<loop::Timer> limit_;
  std::optional<base::Error> error_;
};

}  // namespace

Rows login_layer(Patient& patient) {
  node::Settings settings = patient.settings;
  if (patient.kit->delegation() == nullptr) settings.app = "doctor-" + std::to_string(::getpid());
  LoginFacts facts{.target = config::text(patient.target())};
  QuietLog log;
  const std::unique_ptr<loop::Loop> loop = loop::make_loop(patient.clock);
  auto client = node::Client::make(settings, node::Persistence::once, *loop, log);
  if (!client) return {failed(client.error(), "login", facts.target)};
  facts.endpoint = (*client)->endpoint();
  Visit visit(patient, *loop, **client);
  visit.run();
  facts.link = patient.link;
  (patient.link ? patient.echo_error : facts.error) = visit.error();
  return {judge_login(facts)};
}

Rows echo_layer(Patient& patient) {
  return {judge_echo({.took = patient.round_trip, .error = patient.echo_error})};
}

}  // namespace fairlead::doctor
