#include "listener.hpp"

#include "clear_connection.hpp"
#include "tls_connection.hpp"

namespace tcp_tls {

using fairlead::transport::Fd;

TcpListener::TcpListener(const fairlead_host& host, fairlead_loop* loop, std::string_view address,
                         fairlead_listener* kernel, Instance& instance)
    : Listener(host, kernel), loop_(loop), instance_(instance) {
  Fd fd = listen_on(address, instance.settings.tuning);
  address_ = names_of(fd.get()).local;
  acceptor_.emplace(host, loop, std::move(fd), [this](Fd accepted) { take(std::move(accepted)); });
}

void TcpListener::take(Fd accepted) {
  if (instance_.settings.security == Security::kClear)
    hand_over(std::make_unique<ClearConnection>(host(), loop_, std::move(accepted)));
  else
    hand_over(std::make_unique<TlsConnection>(host(), loop_, std::move(accepted), instance_));
}

}  // namespace tcp_tls
