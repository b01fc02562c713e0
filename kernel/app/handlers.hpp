/// What a running server or client does with messages: --on, --inbox, --echo, --broadcast.
#pragma once
#include <memory>
#include <optional>

#include "app/arguments.hpp"
#include "app/inbox.hpp"
#include "app/work_pool.hpp"
#include "base/log.hpp"
#include "fairlead/node.hpp"

namespace fairlead::app {

/// Largest payload of a command, in either direction.
inline constexpr size_t kMostPayload = 16u << 20;
/// Topic of files.
inline constexpr std::string_view kFileTopic = "file";
/// User header with a file's name.
inline constexpr std::string_view kNameHeader = "name";

/// Handlers of one node. Made before the node starts; destroyed after it has ended and before it is closed.
/// Thread rule: handlers run on the node's thread and hand over to the pool.
class Handlers {
 private:
  class Passkey {
    friend class Handlers;
    Passkey() = default;
  };

 public:
  /// Checks the arguments: bad_arguments when one cannot be used.
  static base::Result<std::unique_ptr<Handlers>> make(const ServiceArguments& arguments, base::Log& log);
  /// For make() alone.
  Handlers(Passkey, const ServiceArguments& arguments, base::Log& log);
  /// Registers everything with the node.
  void attach(Node& node);
  WorkPool& pool() noexcept { return pool_; }

 private:
  using Command = std::pair<std::string, std::vector<std::string>>;  ///< topic, argument vector

  void submit(Responder responder, std::function<void(Responder responder, int give_up)> job);
  void run_command(const Command& command, const Request& request, Responder responder, int give_up);
  void store_file(const Request& request, Responder responder);
  void pass_on(Node& node, const Request& request);

  base::Log& log_;
  std::vector<Command> commands_;
  std::optional<Inbox> inbox_;
  bool echo_;
  std::string broadcast_;
  std::string local_;         ///< KIT/local
  std::string privacy_file_;  ///< what programs are told of the privacy resources; empty: there are none
  WorkPool pool_;
};

}  // namespace fairlead::app
