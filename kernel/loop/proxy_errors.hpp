/// Errors of dialling through a proxy: from what libcurl and the proxy said to a cause, a reason and advice.
#pragma once
#include <curl/curl.h>

#include <string>

#include "loop/proxy.hpp"
#include "loop/proxy_answer.hpp"

namespace fairlead::loop {

/// How an attempt of libcurl ended without a tunnel.
struct ProxyFailure {
  CURLcode code = CURLE_OK;
  CURLproxycode socks = CURLPX_OK;  ///< what a SOCKS proxy said
  long status = 0;                  ///< what an HTTP proxy said last, such as 407
  unsigned long schemes = 0;        ///< CURLAUTH_*: how an HTTP proxy lets itself be logged in to
  std::string words;                ///< libcurl's own
};

/// `why` is what dial() said about the proxy's address.
base::Error cannot_reach_proxy(const Proxy& proxy, const std::string& target, const base::Error& why);
base::Error error_of_http(const Proxy& proxy, const std::string& target, const ProxyFailure& failure,
                          const ProxyAnswer& answer);
base::Error error_of_socks(const Proxy& proxy, const std::string& target, const ProxyFailure& failure);
/// Nothing that the proxy did.
base::Error cannot_start(const std::string& target, const std::string& why);

}  // namespace fairlead::loop
