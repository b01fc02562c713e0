/// Layers "login" and "echo": a real login of a client of this kit, and one round trip to the server.
#pragma once
#include "doctor/patient.hpp"

namespace fairlead::doctor {

/// How the login went.
struct LoginFacts {
  std::string target;      ///< "tcp://host:port"
  std::string endpoint{};  ///< that logged in, or tried to
  std::optional<node::LinkReport> link{};
  std::optional<base::Error> error{};  ///< why not
};
/// Pure.
Row judge_login(const LoginFacts& facts);
/// What to do about a login that was refused for this reason; empty when the error's own hint says it. Pure.
std::string login_remedy(std::string_view reason);

/// How the round trip went.
struct EchoFacts {
  std::optional<std::chrono::microseconds> took{};  ///< until the answer, or the refusal of one
  std::optional<base::Error> error{};
};
/// Pure.
Row judge_echo(const EchoFacts& facts);

/// Logs in as NAME/doctor-PID, sends one ping to the server and leaves; at most Patient::patience for each.
Rows login_layer(Patient& patient);
Rows echo_layer(Patient& patient);

}  // namespace fairlead::doctor
