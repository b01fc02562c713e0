/// One ZAP request (RFC 27) as frames, judged for form only. Fuzzed.
#pragma once
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "keys.hpp"

namespace zmq_curve {

inline constexpr const char* kZapEndpoint = "inproc://zeromq.zap.01";
inline constexpr std::string_view kZapDomain = "fairlead";
/// More frames than this has no request.
inline constexpr size_t kMostZapFrames = 16;

struct ZapRequest {
  std::string id;  ///< repeated in the answer
  PublicKey key{};
};

/// A request for a CURVE key of our domain; nothing for any other mechanism, domain, version or shape.
std::optional<ZapRequest> read_zap_request(std::span<const std::string> frames);
/// The id to answer to, also when the rest is not to be answered with a yes; at most 255 bytes.
std::string zap_request_id(std::span<const std::string> frames);
/// The six frames of an answer. `user_id` empty: refused.
std::vector<std::string> zap_answer(std::string_view id, std::string_view user_id);
/// The frames of a request for this key, as libzmq makes them.
std::vector<std::string> zap_request(std::string_view id, const PublicKey& key);

}  // namespace zmq_curve
