/// libcurl's handles with owners, and how libcurl is started in this process. Seen by dial_through only.
#pragma once
#include <curl/curl.h>

#include <memory>

namespace fairlead::loop {

struct EndEasy {
  void operator()(CURL* handle) const noexcept { ::curl_easy_cleanup(handle); }
};
using EasyHandle = std::unique_ptr<CURL, EndEasy>;

struct EndMulti {
  void operator()(CURLM* handle) const noexcept { ::curl_multi_cleanup(handle); }
};
using MultiHandle = std::unique_ptr<CURLM, EndMulti>;

/// Starts libcurl once for the life of the process, without TLS, with memory that is wiped when it is given
/// back: it holds copies of passwords. A program around us that has started libcurl before keeps its own
/// memory functions. False when libcurl cannot be used. Any thread.
bool start_curl() noexcept;

}  // namespace fairlead::loop
