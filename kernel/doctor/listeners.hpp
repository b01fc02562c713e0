/// Layer "listen": can a server open each of its ports, and who has one that it cannot?
#pragma once
#include <sys/types.h>

#include <filesystem>

#include "doctor/patient.hpp"

namespace fairlead::doctor {

/// The process that listens on a port.
struct Holder {
  pid_t pid = 0;
  std::string command;           ///< name of its program
  bool serves_this_kit = false;  ///< it is `fairlead server` of the kit under examination
};

/// How opening one listener went.
struct ListenFact {
  std::string target;  ///< "tcp://[::]:8002"
  uint16_t port = 0;
  int error = 0;  ///< errno; 0: it can be opened
  std::optional<Holder> holder{};
};

/// Pure.
Row judge_listener(const ListenFact& fact);
/// Opens and closes each port.
Rows listen_layer(Patient& patient);
/// Who listens on this TCP port, as far as this user may see. Reads /proc.
std::optional<Holder> holder_of(uint16_t port, const std::filesystem::path& kit);

}  // namespace fairlead::doctor
