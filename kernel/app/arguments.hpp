/// What the command line says, one struct per command; filled by command_line, used by the commands.
#pragma once
#include <string>
#include <vector>

namespace fairlead::app {

/// Options that every command takes.
struct CommonArguments {
  bool json = false;
  bool quiet = false;    ///< errors only
  bool verbose = false;  ///< debug lines too
  std::string log_level, log_format;
};

/// Options of every command that opens a kit.
struct NodeArguments {
  std::string kit;
  std::string as;  ///< app part of the endpoint; empty: the command's own choice
  std::vector<std::string> set;
};

/// server and client.
struct ServiceArguments {
  NodeArguments node;
  std::vector<std::string> on;  ///< TOPIC=COMMAND
  std::string inbox;            ///< folder for messages with topic "file"
  bool echo = false;
  std::string broadcast;  ///< server only: topic that is passed on to every client
};

/// send and request.
struct MessageArguments {
  NodeArguments node;
  std::string to, topic;
  std::vector<std::string> data, files;
  std::string standard_input;  ///< "-" when the payload comes from stdin
  std::string timeout = "30s";
  std::string output;  ///< request: file for the reply
};

struct ListenArguments {
  NodeArguments node;
  std::vector<std::string> topics;
  bool jsonl = false;
};

struct PingArguments {
  NodeArguments node;
  std::string to;
  int count = 5;
  int size = 1024;
  std::string timeout = "10s";
};

/// token delegate.
struct DelegateArguments {
  std::string kit, endpoint;
  std::string topics;  ///< separated by commas
  std::string life = "1h";
  std::string folder;  ///< empty: named after the endpoint, in the working directory
};

struct AdminArguments {
  NodeArguments node;
  std::string name;  ///< kick, disable, enable
  int limit = 50;    ///< audit: how many of the newest lines
  bool verify = false;
};

}  // namespace fairlead::app
