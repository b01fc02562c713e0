/// Strangers: the connections that have not logged in. How many there may be, which of them may begin a login
/// now, and who goes when there is no room.
#pragma once
#include <deque>
#include <map>
#include <memory>
#include <string>
#include <unordered_map>

#include "link/crowd.hpp"
#include "link/rate.hpp"
#include "loop/loop.hpp"

namespace fairlead::link {

/// One such connection, as its link implements it.
class Stranger {
 public:
  virtual ~Stranger() = default;
  /// It has a login slot now: it may begin the handshake.
  virtual void admitted() = 0;
  /// Its place is needed: close at once. It is forgotten already.
  virtual void evicted() = 0;
};

/// When all places or all slots are taken, one of the source that holds the most makes room. Those who wait
/// for a slot are served source by source, one in each turn of the loop: a handshake costs a thousand times
/// what asking for it does, and the messages of those who have logged in must not wait behind a crowd of
/// them. Thread rule: [home]. The loop outlives it.
class Strangers {
 public:
  struct Limits {
    size_t most = 4096;          ///< connections; 16 MiB of receive buffers
    size_t slots = 256;          ///< logins under way; 16 MiB of receive buffers
    size_t begins_per_turn = 1;  ///< logins begun in one turn of the loop
  };
  Strangers(loop::Loop& loop, base::Random& random, Limits limits);
  ~Strangers();
  Strangers(const Strangers&) = delete;
  Strangers& operator=(const Strangers&) = delete;

  /// A connection was accepted; where it comes from is not known yet. May evict another one.
  void arrive(base::ConnId id, Stranger& stranger);
  /// It has opened: `source` is a verified name or an address.
  void opened(base::ConnId id, const std::string& source);
  /// It asks for a slot; admitted() follows, at once or in a later turn, unless it leaves or is evicted.
  void ask(base::ConnId id);
  /// It was refused: its slot is free or its place in the line, the connection counts until it is closed.
  void give_back(base::ConnId id) noexcept;
  /// It has logged in or is closed. Nothing when it is not here.
  void leave(base::ConnId id) noexcept;

  size_t count() const noexcept { return present_.size(); }
  size_t slots_taken() const noexcept { return holders_.size(); }
  size_t waiting() const noexcept { return waiting_; }
  /// What strangers do wrong is logged up to a rate; the counters have all of it.
  bool may_log() noexcept { return log_rate_.take(loop_.clock().mono()); }

 private:
  struct Entry {
    Stranger* stranger = nullptr;
    std::string source;
    uint64_t ticket = 0;  ///< its place in the line of its source; 0: it does not wait
  };
  struct Line {
    std::map<uint64_t, base::ConnId> tickets;  ///< first come, first served
  };
  void admit(base::ConnId id);
  void evict(base::ConnId id);
  void join_line(base::ConnId id, Entry& entry);
  void leave_line(Entry& entry) noexcept;
  /// The first of the source whose turn it is; nothing when nobody waits.
  bool next(base::ConnId& id);
  void serve();
  void serve_later();

  loop::Loop& loop_;
  base::Random& random_;
  Limits limits_;
  Rate log_rate_{200, 20};
  std::unordered_map<base::ConnId, Entry> entries_;
  Crowd present_, holders_;
  std::unordered_map<std::string, Line> lines_;
  std::deque<std::string> order_;  ///< sources that have a line, the next one in front
  uint64_t last_ticket_ = 0;
  size_t waiting_ = 0, begun_ = 0;
  bool is_scheduled_ = false;
  std::shared_ptr<bool> alive_;  // owners: this and the task posted for it
};

/// The usual limits, with half of the descriptors that this process may have kept for those who have logged
/// in.
Strangers::Limits stranger_limits() noexcept;

}  // namespace fairlead::link
