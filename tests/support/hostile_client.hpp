/// HostileClient: a client that holds a real kit and a real lane and then misbehaves, byte by byte.
/// For tests and the demo; never installed.
#pragma once
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "auth/control.hpp"
#include "auth/gate.hpp"
#include "auth/login.hpp"
#include "base/random.hpp"
#include "kit/kit.hpp"
#include "link/pipe.hpp"
#include "loop/buffer_pool.hpp"
#include "plugin/registry.hpp"

namespace fairlead::support {

/// What the server did.
struct Verdict {
  std::optional<base::Refusal> told;  ///< code of the ERROR frame, or of the refused login
  bool closed = false;                ///< the connection ended
};

/// Runs its own loop inside each call. One thread.
class HostileClient final : public link::PipeEvents {
 public:
  struct Options {
    std::string address{};  ///< "tcp://127.0.0.1:41234"
    std::string app = "hostile";
    std::string server_host{};      ///< that the server's certificate must carry; empty: the address's
    std::string claimed_name{};     ///< empty: the kit's own
    std::string claimed_project{};  ///< empty: the kit's own
    base::ParticipantType claimed_type = base::ParticipantType::client;
    std::chrono::milliseconds patience{10'000};  ///< of each call
    plugin::OptionTexts transport_options{};     ///< besides the kit's own
  };

  /// `link_kit` makes the outer connection, `login_kit` the login; usually the same.
  HostileClient(const kit::Kit& link_kit, const kit::Kit& login_kit, Options options);
  ~HostileClient() override;

  /// Connects only: true once the transport reports opened.
  bool connect();
  /// Connects and logs in; the verdict of a refused one is in verdict().
  bool log_in();

  /// Connects and begins to log in: HELLO and ClientHello are sent, and what the server answers is left
  /// alone. True once it has answered.
  bool begin_login();
  /// What was sent to log in, or to begin it.
  const base::Bytes& login_bytes() const noexcept { return login_bytes_; }

  /// A message as this client's lane would send it, with its next sequence number.
  base::Bytes next_message(auth::Draft draft);
  /// Any frame under this client's lane with its next sequence number.
  base::Bytes next_frame(frame::FrameType type, uint8_t flags, base::ByteView block, base::ByteView body,
                         base::StreamId stream = base::StreamId{1});
  /// A draft from this client's endpoint, for changing.
  auth::Draft honest_draft(const std::string& to, const std::string& topic);
  /// Bytes as they are, whatever they are.
  void send(base::ByteView raw);
  /// One PING as honest clients send it.
  void ping();
  /// Waits until the server said something about it or closed.
  const Verdict& wait_for_verdict();
  /// Waits until the connection has ended, whatever was said before; false when it stays open.
  bool wait_for_close();
  const Verdict& verdict() const noexcept { return verdict_; }
  /// Waits for a message to this client; its number. Nothing when the connection ends first.
  std::optional<frame::MessageId> wait_for_message();
  /// Waits for one PONG: everything sent before has been handled and the connection lives.
  bool is_still_served();

  auth::Session& session() noexcept { return *session_; }
  auth::Lane& lane() noexcept { return *lane_; }

  // link::PipeEvents
  void pipe_opened() override;
  bool pipe_frame(const frame::FrameView& frame, const base::BlockRef& owner) override;
  void pipe_broken(base::Refusal why) override;
  void pipe_drained() override {}
  void pipe_closed(plugin::CloseReason why, const std::string& detail) override;

 private:
  bool run_until(std::function<bool()> condition);
  bool prepare_login();
  void note_login_bytes();
  void something_happened();
  bool login_frame(const frame::FrameView& frame);
  bool handle(const frame::FrameView& frame);

  const kit::Kit& link_kit_;
  const kit::Kit& login_kit_;
  Options options_;
  base::SystemClock clock_;
  base::SystemRandom random_;
  std::unique_ptr<base::Log> log_;
  std::unique_ptr<loop::Loop> loop_;
  loop::BufferPool pool_;
  link::Flusher flusher_;
  plugin::Registry registry_;
  std::unique_ptr<plugin::Instance> instance_;
  crypto::TrustAnchor anchor_;
  std::optional<crypto::LoginTlsContext> tls_;
  std::optional<auth::ClientLoginConfig> login_config_;
  link::Pipe pipe_;
  std::optional<auth::ClientLogin> login_;
  std::unique_ptr<auth::Session> session_;
  std::unique_ptr<auth::Lane> lane_;
  Verdict verdict_;
  std::function<bool()> condition_;
  std::optional<frame::MessageId> received_;
  base::Bytes login_bytes_;
  bool opened_ = false, wants_login_ = false, stops_half_way_ = false, answered_ = false, ponged_ = false;
  uint64_t messages_ = 0;
};

}  // namespace fairlead::support
