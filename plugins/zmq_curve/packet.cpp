#include "packet.hpp"

#include <algorithm>
#include <array>

#include "batch.hpp"

namespace zmq_curve {
namespace {

constexpr std::array<uint8_t, 4> kSignature = {'F', 'L', 'Z', kWireVersion};
constexpr size_t kGreetingSize = 1 + kSignature.size();
constexpr size_t kCreditSize = 1 + 2 * sizeof(uint64_t);

zmq::message_t greeting(Kind kind) {
  zmq::message_t packet(kGreetingSize);
  auto* at = packet.data<uint8_t>();
  *at = static_cast<uint8_t>(kind);
  std::copy(kSignature.begin(), kSignature.end(), at + 1);
  return packet;
}

void put(uint64_t number, uint8_t* at) {
  for (int i = 7; i >= 0; --i, number >>= 8) at[i] = static_cast<uint8_t>(number);
}

uint64_t get(std::span<const uint8_t> bytes) {
  uint64_t number = 0;
  for (const uint8_t byte : bytes.first(sizeof number)) number = number << 8 | byte;
  return number;
}

bool is_greeting(std::span<const uint8_t> packet) {
  return packet.size() == kGreetingSize &&
         std::equal(kSignature.begin(), kSignature.end(), packet.begin() + 1);
}

}  // namespace

zmq::message_t hello() { return greeting(Kind::kHello); }
zmq::message_t welcome() { return greeting(Kind::kWelcome); }

zmq::message_t end_packet() {
  zmq::message_t packet(1);
  *packet.data<uint8_t>() = static_cast<uint8_t>(Kind::kEnd);
  return packet;
}

zmq::message_t credit_packet(const Credit& credit) {
  zmq::message_t packet(kCreditSize);
  auto* at = packet.data<uint8_t>();
  *at = static_cast<uint8_t>(Kind::kCredit);
  put(credit.taken, at + 1);
  put(credit.window, at + 1 + sizeof(uint64_t));
  return packet;
}

zmq::message_t data_packet(std::span<const fairlead_bytes> slices) {
  size_t size = kDataHeader;
  for (const fairlead_bytes& slice : slices) size += slice.size;
  zmq::message_t packet(size);
  auto* at = packet.data<uint8_t>();
  *at++ = static_cast<uint8_t>(Kind::kData);
  for (const fairlead_bytes& slice : slices) at = std::copy_n(slice.data, slice.size, at);
  return packet;
}

std::optional<Kind> kind_of(std::span<const uint8_t> packet) {
  if (packet.empty()) return std::nullopt;
  const auto kind = static_cast<Kind>(packet.front());
  switch (kind) {
    case Kind::kHello:
    case Kind::kWelcome:
      return is_greeting(packet) ? std::optional(kind) : std::nullopt;
    case Kind::kData:
      return packet.size() > kDataHeader ? std::optional(kind) : std::nullopt;
    case Kind::kCredit:
      return packet.size() == kCreditSize ? std::optional(kind) : std::nullopt;
    case Kind::kEnd:
      return packet.size() == 1 ? std::optional(kind) : std::nullopt;
    case Kind::kBatch:
      return frames_in(packet) > 0 ? std::optional(kind) : std::nullopt;
  }
  return std::nullopt;
}

Credit read_credit(std::span<const uint8_t> packet) {
  return {get(packet.subspan(1)), get(packet.subspan(1 + sizeof(uint64_t)))};
}

}  // namespace zmq_curve
