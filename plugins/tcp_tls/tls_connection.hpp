/// A TLS connection over TCP: handshake, records in and out, and the facts it proved.
#pragma once
#include <array>
#include <cstdint>
#include <fairlead/transport.hpp>
#include <span>
#include <string>
#include <string_view>

#include "certificate_rules.hpp"
#include "instance.hpp"
#include "tls_failure.hpp"
#include "wire.hpp"

namespace tcp_tls {

class TlsConnection final : public fairlead::transport::FdConnection {
 public:
  /// Listening side, an accepted socket. `instance` outlives the connection.
  TlsConnection(const fairlead_host& host, fairlead_loop* loop, fairlead::transport::Fd accepted,
                Instance& instance);
  /// Dialling side: "host:port". Throws Error(E_CONFIG) for an address that cannot be one.
  TlsConnection(const fairlead_host& host, fairlead_loop* loop, std::string_view address, Instance& instance);

  fairlead_status describe(fairlead_peer& out) const override;

 private:
  enum class Side { kListening, kDialling };

  void connected() override;
  void receive() override;
  bool transmit() override;
  void farewell() override;
  bool holds_input() const noexcept override;

  void start_tls();
  void shake_hands();
  void record_facts();
  bool takes_input() const noexcept;
  void deliver();
  void decrypt();
  size_t decrypt_into(std::span<uint8_t> space, int& trouble);
  void encrypt_some();
  void write_record(std::span<const uint8_t> plaintext);
  bool end_after_write_error();
  void fail(const TlsFailure& failure);
  void meet_end(Wire::Filled how);

  Instance& instance_;
  const Side side_;
  std::string name_;  // to find in the listener's certificate, when dialling
  SocketNames names_;
  Verdict verdict_;
  Wire wire_;
  OwnedSsl ssl_;
  bool heard_peer_ = false;
  int write_error_ = 0;
  uint32_t security_ = 0;
  std::string cipher_, protocol_;
  std::array<uint8_t, 32> binding_{};
  bool has_binding_ = false;
};

}  // namespace tcp_tls
