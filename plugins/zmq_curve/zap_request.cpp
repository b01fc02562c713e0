#include "zap_request.hpp"

#include <algorithm>

namespace zmq_curve {
namespace {

constexpr std::string_view kVersion = "1.0", kMechanism = "CURVE";
constexpr size_t kLongestId = 255;
enum Part : size_t {
  kVersionPart,
  kIdPart,
  kDomainPart,
  kAddressPart,
  kIdentityPart,
  kMechanismPart,
  kKeyPart,
  kParts
};

}  // namespace

std::optional<ZapRequest> read_zap_request(std::span<const std::string> frames) {
  if (frames.size() != kParts || frames[kVersionPart] != kVersion || frames[kIdPart].size() > kLongestId ||
      frames[kDomainPart] != kZapDomain || frames[kMechanismPart] != kMechanism ||
      frames[kKeyPart].size() != kKeySize)
    return std::nullopt;
  ZapRequest request{frames[kIdPart], {}};
  std::transform(frames[kKeyPart].begin(), frames[kKeyPart].end(), request.key.begin(),
                 [](char byte) { return static_cast<uint8_t>(byte); });
  return request;
}

std::string zap_request_id(std::span<const std::string> frames) {
  return frames.size() > kIdPart ? frames[kIdPart].substr(0, kLongestId) : std::string();
}

std::vector<std::string> zap_answer(std::string_view id, std::string_view user_id) {
  const bool yes = !user_id.empty();
  return {std::string(kVersion),  std::string(id),      yes ? "200" : "400",
          yes ? "OK" : "refused", std::string(user_id), std::string()};
}

std::vector<std::string> zap_request(std::string_view id, const PublicKey& key) {
  return {std::string(kVersion),
          std::string(id),
          std::string(kZapDomain),
          std::string(),
          std::string(),
          std::string(kMechanism),
          std::string(key.begin(), key.end())};
}

}  // namespace zmq_curve
