#include "loop/proxy.hpp"

#include <algorithm>

namespace fairlead::loop {
namespace {

constexpr std::string_view kHttp = "http://", kSocks5 = "socks5://";
constexpr size_t kMostOfSocks = 255;  // RFC 1929: a length in one byte, for name and password each

bool fits_socks(base::ByteView credentials) noexcept {
  const auto colon = std::find(credentials.begin(), credentials.end(), ':');
  const auto name = static_cast<size_t>(colon - credentials.begin());
  if (colon == credentials.end()) return false;
  const size_t password = credentials.size() - name - 1;
  return name >= 1 && name <= kMostOfSocks && password >= 1 && password <= kMostOfSocks;
}

}  // namespace

base::Result<Proxy> Proxy::make(std::string_view url, base::Secret credentials) {
  const bool is_http = url.starts_with(kHttp);
  if (!is_http && !url.starts_with(kSocks5))
    return base::fail(base::ErrorCode::bad_configuration, "not a proxy URL",
                      "write http://HOST:PORT or socks5://HOST:PORT");
  auto at = HostPort::parse(url.substr(is_http ? kHttp.size() : kSocks5.size()));
  if (!at)
    return base::fail(base::ErrorCode::bad_configuration, "not a proxy URL: host or port is missing or wrong",
                      "write http://HOST:PORT or socks5://HOST:PORT");
  if (!is_http && !credentials.empty() && !fits_socks(credentials.expose()))
    return base::fail(base::ErrorCode::bad_configuration,
                      "a SOCKS5 proxy takes a user and a password of 1 to 255 bytes each",
                      "correct the secret, or leave it out for a proxy that asks for none");
  return Proxy{is_http ? ProxyKind::http_connect : ProxyKind::socks5, std::move(*at), std::move(credentials)};
}

std::string Proxy::url() const {
  return std::string(kind == ProxyKind::http_connect ? kHttp : kSocks5) + text(at);
}

}  // namespace fairlead::loop
