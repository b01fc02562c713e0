/// Listens on a TCP address and gives each accepted connection to the kernel.
#pragma once
#include <fairlead/transport.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "instance.hpp"

namespace tcp_tls {

class TcpListener final : public fairlead::transport::Listener {
 public:
  /// Throws Error as listen_on(). `instance` outlives the listener and its connections.
  TcpListener(const fairlead_host& host, fairlead_loop* loop, std::string_view address,
              fairlead_listener* kernel, Instance& instance);
  std::string_view address() const override { return address_; }

 private:
  void take(fairlead::transport::Fd accepted);

  fairlead_loop* loop_;
  Instance& instance_;
  std::string address_;
  std::optional<fairlead::transport::Acceptor> acceptor_;
};

}  // namespace tcp_tls
