/// The kit's side of one connection: it follows the order of events, takes what arrives and remembers what
/// is owed. [home], except where a plugin breaks that rule.
#pragma once
#include <functional>
#include <limits>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "handles.hpp"
#include "rules.hpp"
#include "text.hpp"

namespace fairlead::check {

class World;

class Conn final : public fairlead_conn {
 public:
  enum class Side { listening, dialling };
  static constexpr size_t kNever = std::numeric_limits<size_t>::max();

  Conn(World& world, const fairlead_transport& table, Side side);
  Conn(const Conn&) = delete;
  Conn& operator=(const Conn&) = delete;

  // What the kernel may do; outside of every slot and callback.
  /// Gives the slices to the plugin; they stay the caller's, who keeps them until tx_done.
  fairlead_status send(std::span<const fairlead_bytes> slices, uint64_t cookie);
  void set_reading(bool on);
  /// Nothing happens once the end was reported.
  void close(int32_t mode);
  fairlead_status peer(fairlead_peer& out);
  /// Does what was put off while plugin code ran: a close that a refusal demands, release after the end.
  void settle();

  // What the plugin reports.
  void opened();
  fairlead_status rx_reserve(size_t want, uint8_t** space, size_t* size);
  fairlead_status rx_commit(size_t size);
  fairlead_status rx_message(fairlead_bytes whole, void (*release)(void*), void* argument);
  void tx_done(uint64_t cookie, fairlead_status status);
  void tx_ready();
  void closed(fairlead_status why, std::string_view detail);

  bool is_open() const noexcept { return opened_ > 0 && closed_ == 0; }
  bool was_opened() const noexcept { return opened_ > 0; }
  bool has_ended() const noexcept { return closed_ > 0; }
  /// Reported its end and was released, or never was the plugin's.
  bool is_over() const noexcept { return released_ || object == nullptr; }
  unsigned times_opened() const noexcept { return opened_; }
  unsigned times_closed() const noexcept { return closed_; }
  fairlead_status why() const noexcept { return why_; }
  const std::string& detail() const noexcept { return detail_; }
  /// "E_RESET (-5): text", for a report.
  std::string end_text() const { return describe(why_, detail_); }
  bool is_sending() const noexcept { return in_flight_; }
  fairlead_status sent_status() const noexcept { return sent_status_; }
  unsigned readies() const noexcept { return readies_; }
  size_t received_size() const noexcept { return received_size_; }
  size_t lent() const noexcept { return lent_; }
  World& world() noexcept { return world_; }
  Side side() const noexcept { return side_; }

  void* object = nullptr;      ///< the plugin's
  bool holds_release = false;  ///< put release() off
  // How it takes bytes.
  bool keeps = true;          ///< into `received`
  size_t room_most = kNever;  ///< room to lend at most
  size_t again_at = kNever;   ///< rx_commit answers AGAIN from this many bytes on
  Bytes received{};
  std::vector<Bytes> messages{};       ///< MESSAGE only, when it keeps
  std::function<void()> on_tx_done{};  ///< inside tx_done; may touch the memory that was sent
  bool keeps_lent = false;             ///< gives lent messages back later, through give_back()
  void give_back();

 private:
  struct Lent {
    fairlead_bytes bytes;
    void (*release)(void*);
    void* argument;
    size_t fingerprint;  ///< of the bytes when they were lent
  };

  bool may_receive(const char* call);
  fairlead_status take(View bytes);
  void call_release();

  World& world_;
  const fairlead_transport& table_;
  Side side_;
  unsigned opened_ = 0, closed_ = 0, readies_ = 0;
  bool released_ = false, in_flight_ = false, owes_ready_ = false, reading_ = true, doomed_ = false;
  bool stopped_ = false;  // answered AGAIN or worse: nothing may come until set_reading(1)
  uint64_t cookie_ = 0;
  fairlead_status why_ = FAIRLEAD_OK, sent_status_ = FAIRLEAD_OK;
  std::string detail_;
  size_t received_size_ = 0, lent_ = 0;
  Bytes room_;
  size_t room_size_ = 0;
  bool has_room_ = false;
  std::vector<Lent> kept_;
};

}  // namespace fairlead::check
