/// A TCP connection without encryption: the SDK's descriptor connection with TCP's settings and addresses.
#pragma once
#include <fairlead/transport.hpp>
#include <string_view>

#include "instance.hpp"

namespace tcp_tls {

class ClearConnection final : public fairlead::transport::FdConnection {
 public:
  /// An accepted socket.
  ClearConnection(const fairlead_host& host, fairlead_loop* loop, fairlead::transport::Fd accepted)
      : FdConnection(host, loop, std::move(accepted)) {}
  /// Dials "host:port". `instance` outlives the connection.
  ClearConnection(const fairlead_host& host, fairlead_loop* loop, std::string_view address,
                  const Instance& instance)
      : FdConnection(host, loop, address), dialled_by_(&instance) {}

  fairlead_status describe(fairlead_peer& out) const override {
    if (names_.remote.empty()) return FAIRLEAD_E_CLOSED;
    out.local_address = fairlead::transport::text(names_.local);
    out.remote_address = fairlead::transport::text(names_.remote);
    return FAIRLEAD_OK;
  }

 private:
  void connected() override {
    if (dialled_by_ != nullptr) tune(fd(), dialled_by_->settings.tuning);
    names_ = names_of(fd());
    established();
  }

  const Instance* dialled_by_ = nullptr;
  SocketNames names_;
};

}  // namespace tcp_tls
