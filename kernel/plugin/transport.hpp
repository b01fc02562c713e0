/// What the kernel sees of a loaded transport: instances, listeners, connections. The C tables stay inside
/// plugin/. Thread rule: everything below is [home] on the loop given to listen or connect.
#pragma once
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "base/secret.hpp"
#include "base/security.hpp"
#include "base/slice.hpp"
#include "crypto/chain.hpp"
#include "loop/loop.hpp"
#include "loop/proxy.hpp"

namespace fairlead::plugin {

class Watchdog;

/// Why a connection ended. The ABI's closed list of statuses.
enum class CloseReason {
  closed,
  refused,
  timed_out,
  unreachable,
  reset,
  peer_authentication,
  protocol,
  resource,
  internal
};
const char* name(CloseReason reason) noexcept;

enum class RxAnswer { go_on, pause, stop };  ///< pause: until set_reading(on); stop: a close follows
enum class SendAnswer { taken, again, failed };
enum class CloseMode { drain, abort };
enum class Reading { off, on };

/// Events of one connection, implemented by link. None is called after closed(), and none from inside a call
/// that the kernel makes on the Connection: the plugin room defers them until the slot has returned.
class ConnectionEvents {
 public:
  virtual ~ConnectionEvents() = default;
  /// Payload may flow and facts() is meaningful. At most once.
  virtual void opened() = 0;
  /// Room for received bytes of a stream, at least one byte; empty: no room now, stop until set_reading(on).
  virtual base::MutableByteView rx_reserve(size_t want) = 0;
  virtual RxAnswer rx_commit(size_t size) = 0;
  /// One whole message of a message transport; the slice keeps the plugin's memory lent.
  virtual RxAnswer rx_message(base::Slice whole) = 0;
  /// All bytes of the send with this cookie left, or never will (ok == false); its slices are free again.
  virtual void tx_done(uint64_t cookie, bool ok) = 0;
  virtual void tx_ready() = 0;
  /// Exactly once, last.
  virtual void closed(CloseReason why, std::string detail) = 0;
};

/// One connection. Destroying it aborts it when still open; no event follows.
class Connection {
 public:
  virtual ~Connection() = default;
  /// `taken`: slices stay valid until tx_done(cookie). One send in flight. `again`: nothing taken, tx_ready
  /// follows.
  virtual SendAnswer send(std::span<const base::ByteView> slices, uint64_t cookie) = 0;
  virtual void set_reading(Reading reading) = 0;
  virtual void close(CloseMode mode) = 0;
  /// What this end proved; also after closed(), for diagnosis.
  virtual base::LinkFacts facts() const = 0;
  /// Frames arrive as a byte stream (true) or as whole messages (false).
  virtual bool is_stream() const noexcept = 0;
  /// Why the proxy in between made no connection, when that is what ended it; null else. Also after closed().
  virtual const base::Error* proxy_error() const noexcept { return nullptr; }
};

/// Accepts connections, implemented by node.
class ListenerEvents {
 public:
  virtual ~ListenerEvents() = default;
  /// Takes the connection and gives who listens to its events (must outlive it), or nullptr to refuse it.
  virtual ConnectionEvents* accepted(std::unique_ptr<Connection> connection) = 0;
};

/// A bound address. Destroying it stops accepting; accepted connections live on.
class Listener {
 public:
  virtual ~Listener() = default;
  /// "tcp://127.0.0.1:41234": port 0 resolved.
  virtual std::string address() const = 0;
};

/// A participant's raw public key, as a statement signed by the project's root gives it.
struct PeerKey {
  std::string name;
  base::Bytes key;
  bool operator==(const PeerKey&) const = default;
};

/// What the kernel puts into a plugin's reserved options; empty texts are left out.
struct LinkCredentials {
  /// LegacyRules::yes only for kits of the reference, whose certificates lack key usages.
  crypto::LegacyRules legacy = crypto::LegacyRules::no;
  base::ConnectionSecurity security = base::ConnectionSecurity::mtls;
  std::string ca_pem, chain_pem, server_name, peer_name, alpn, crl_pem;
  const base::Secret* key_pem = nullptr;  ///< borrowed until create or reconfigure returns
  // For transports that know their peers by a bare key.
  const base::Secret* curve_key = nullptr;  ///< raw, likewise borrowed
  base::Bytes curve_public;                 ///< of curve_key
  base::Bytes server_curve;                 ///< of who is dialled
  std::vector<PeerKey> peer_keys;           ///< whose keys are proved
};
/// Options of the configuration for one scheme, in text form.
using OptionTexts = std::vector<std::pair<std::string, std::string>>;

/// One number that a plugin counts.
struct Metric {
  std::string name, unit, help;
  int64_t value = 0;
};

/// One configured transport: its options and credentials. Must outlive its listeners and connections.
class Instance {
 public:
  virtual ~Instance() = default;
  /// `address` is what follows "scheme://". Errors carry what was tried: busy port is ErrorCode::failed,
  /// an address or option that cannot be used is bad_configuration.
  virtual base::Result<std::unique_ptr<Listener>> listen(loop::Loop& loop, std::string_view address,
                                                         ListenerEvents& events) = 0;
  virtual base::Result<std::unique_ptr<Connection>> connect(loop::Loop& loop, std::string_view address,
                                                            ConnectionEvents& events) = 0;
  /// Later connections are dialled through this proxy; null: directly, as at first. One that the plugin makes
  /// without the kernel's dialling is refused by connect() with bad_configuration, never made past the proxy.
  virtual void dial_through(std::shared_ptr<const loop::Proxy> proxy) = 0;
  /// Later handshakes use these credentials.
  virtual base::Status reconfigure(const LinkCredentials& credentials, const OptionTexts& options) = 0;
  /// What the plugin counts, and broken_promises: how often it did what the ABI forbids.
  virtual std::vector<Metric> metrics() const { return {}; }
};

/// What a plugin says about one of its options, in words.
struct OptionDescription {
  std::string name, type, help;  ///< type: "text", "int", "bool", "duration", "size", "path", "secret"
  std::optional<std::string> default_text;  ///< none: absent unless it is set
  std::string range;                        ///< "1 to 16"; empty for what is no number
  /// From the kit: the kernel fills it. From the site: only its own file may set it.
  bool is_required = false, is_from_kit = false, is_from_site = false, is_deprecated = false;
};
/// What a plugin says about itself besides its names.
struct Description {
  std::string vendor, license;
  std::vector<std::string> abilities;  ///< "stream", "listen", "mutual", ...
  std::vector<OptionDescription> options;
};

/// A loaded plugin. Never unloaded while the process runs.
class Transport {
 public:
  virtual ~Transport() = default;
  virtual const std::string& id() const noexcept = 0;
  virtual const std::string& version() const noexcept = 0;
  virtual const std::string& summary() const noexcept = 0;
  virtual const std::string& path() const noexcept = 0;
  virtual const std::vector<std::string>& schemes() const noexcept = 0;
  virtual bool is_trusted_link() const noexcept = 0;  ///< by the kit's manifest
  virtual Description description() const = 0;
  /// Instances from now on are looked after.
  virtual void watch_with(std::shared_ptr<Watchdog> watchdog) = 0;
  /// May a project file say so: is this an option of the plugin that is not the site's alone, and a value of
  /// it? bad_configuration; nothing is created.
  virtual base::Status check(const std::string& option, const std::string& text) const = 0;
  /// Checks the options against what the plugin declares, then creates. CREATE_FAILED when the plugin
  /// refuses.
  virtual base::Result<std::unique_ptr<Instance>> create(const LinkCredentials& credentials,
                                                         const OptionTexts& options) = 0;
};

}  // namespace fairlead::plugin
