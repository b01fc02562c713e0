/// Layer "tcp": a connection to each address of the host.
#pragma once
#include "doctor/patient.hpp"

namespace fairlead::doctor {

/// How connecting to one address went.
struct TcpFact {
  std::string address;  ///< "192.0.2.1:8002"
  int error = 0;        ///< errno; 0: connected, ETIMEDOUT also when our patience ended
  std::chrono::microseconds took{};
};

/// Whom this machine itself connects to.
enum class FirstHop { server, proxy };

/// Pure: one row for each address. An address that fails is a warning when another one answers.
Rows judge_tcp(const std::vector<TcpFact>& facts, std::chrono::milliseconds patience,
               FirstHop hop = FirstHop::server);
/// Keeps the first connection, in the order of the addresses, as Patient::socket.
Rows tcp_layer(Patient& patient);
/// A fresh connection to where Patient::peer is; none when it fails.
kit::Descriptor connect_again(const Patient& patient);

}  // namespace fairlead::doctor
