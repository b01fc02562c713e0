/// One connection over ZeroMQ, whichever end: packets, windows, and the order of its last events. How a
/// packet leaves and how the peer is made to see the end is the derived class's.
#pragma once
#include <deque>
#include <fairlead/transport.hpp>
#include <string>

#include "batch.hpp"
#include "settings.hpp"
#include "window.hpp"

namespace zmq_curve {

/// kGone: there is no such peer any more; lost() is still to come, behind what it sent.
enum class Sent { kYes, kFull, kGone };
/// How a connection leaves: with what was sent before, or at once.
enum class Leave { kFlushed, kAtOnce };

/// What was proved about one connection.
struct Proof {
  uint32_t security = 0;  ///< FAIRLEAD_SEC_*
  std::string local, remote;
  PublicKey peer_key{};
  bool has_key = false;
};

class Link : public fairlead::transport::Connection {
 public:
  Link(const fairlead_host& host, fairlead_loop* loop, const Settings& settings);

  fairlead_status send(std::span<const fairlead_bytes> slices, uint64_t cookie) final;
  void set_reading(bool on) final;
  void close(bool drain) final;
  fairlead_status describe(fairlead_peer& out) const final;

  /// A packet of the peer, from a callback. Anything that breaks the rules ends the connection.
  void arrived(zmq::message_t packet);
  /// The peer is gone. What it sent before it said goodbye still counts.
  void lost(fairlead_status why, std::string_view detail);
  bool has_ended() const noexcept { return state_ == State::kEnded; }

 protected:
  virtual Sent transmit(zmq::message_t& packet) = 0;
  /// Once, before closed() is reported.
  virtual void leave(Leave how) noexcept = 0;
  /// A packet that is for the derived class: kHello or kWelcome. Wrong ones end the connection.
  virtual bool greeted(Kind) { return false; }
  /// Reports opened().
  void open(Proof proof);
  bool is_opening() const noexcept { return state_ == State::kOpening; }
  void end(fairlead_status why, std::string_view detail, Leave how) noexcept;

 private:
  enum class State { kOpening, kOpen, kLeaving, kEnded };

  /// What arrived for the kernel, which has the frames before `at`.
  struct Parcel {
    Kind kind = Kind::kData;  ///< or kBatch
    zmq::message_t packet;
    uint64_t cost = 0;  ///< as the window counts
    size_t at = kDataHeader;
  };

  bool hand_over(std::span<const fairlead_bytes> slices, size_t size);
  bool send_batch();
  bool send_data(zmq::message_t packet, size_t frames);
  void take_data(Parcel parcel);
  void take_credit(const zmq::message_t& packet);
  void take_end();
  void deliver(Parcel parcel);
  void deliver_frames(Parcel parcel);
  bool lend(zmq::message_t message, size_t header);
  void deliver_held();
  void note_taken(uint64_t cost);
  void control(zmq::message_t packet);
  void flush();
  void later();
  void look_again();

  fairlead::transport::Timer soon_;
  State state_ = State::kOpening;
  bool reading_ = true, blocked_ = false, peer_ended_ = false, is_gone_ = false;
  size_t largest_;  ///< message of ours, bytes
  SendWindow out_;
  ReceiveWindow in_;
  Batch batch_;                        ///< sent for the kernel, not yet for libzmq
  std::deque<Parcel> held_;            ///< arrived while the kernel does not read; bounded by in_
  std::deque<zmq::message_t> unsent_;  ///< packets of our own for which there was no room; at most a few
  Proof proof_;
};

}  // namespace zmq_curve
